"""A story's life as one value: what stands for it, who tells it, since when, and what is new in it.

Digests, `explain` and `storywatch stories` all go by it. Its clock is ours: when an article was seen and read, not
when its outlet says that it appeared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from worker.stories.development import SaidBy, find_additions, measure_centrality
from worker.text.languages import base_language


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of a story. `copy_of` names the original of a copy, which tells nothing of its own.

    `revision` is when it joined, in the story's own count; `changed` when it last changed substantially.
    """

    article_id: int
    title: str
    outlet: str
    language: str | None
    published: datetime
    seen: datetime
    read: datetime
    text: str = field(repr=False)
    vector: Mapping[str, float] = field(repr=False)
    revision: int = 0
    copy_of: int | None = None
    changed: datetime | None = None

    @property
    def latest(self) -> datetime:
        """When it last said something else than before."""
        return max(self.read, self.changed or self.read)


@dataclass(frozen=True, slots=True)
class StoryReport:
    """A report of the story, that is no copy: how much of it it has (`central`, 0-1), and what it added to it.

    `added` are its first sentences that no report before it held, none of the first report and of one too short to
    judge; None says that it added nothing. `at` is when it was read, or last `changed` substantially.
    """

    article_id: int
    title: str
    outlet: str
    language: str | None
    published: datetime
    at: datetime
    central: float
    added: tuple[str, ...] | None
    changed: datetime | None


@dataclass(frozen=True, slots=True)
class StoryLife:
    """What a story is: `headline` is that of its report `headline_id`, `size` counts reports and not their copies.

    `reports` stand in the order they joined; `development` are those of them that have added something since the
    moment asked for, the last one last. `outlets` are all that carried it, by when they published.
    """

    headline: str
    headline_id: int
    outlets: tuple[str, ...]
    first_seen: datetime
    last_developed: datetime
    size: int
    languages: tuple[str, ...]
    development: tuple[StoryReport, ...]
    reports: tuple[StoryReport, ...]


def tell_life(
    members: Sequence[StoryMember], *, language: str | None = None, since: datetime | None = None, quoted: int = 1
) -> StoryLife | None:
    """Return the life of the story with these members, whatever their order; None where none of them is a report.

    The headline is in `language` where a report is. Without `since`, all that came after the first report is
    development, and what that one changed. Up to `quoted` sentences are given of what each report added.
    """
    reports = _report(members, quoted)
    if not reports:
        return None
    leading = choose_headline(reports, language=language)
    adding = [report for report in reports if report.added is not None or report.changed]
    new = [report for report in adding if _is_new(report, reports[0], since)]
    in_order = sorted(members, key=lambda member: (member.published, member.seen, member.article_id))
    return StoryLife(
        headline=leading.title,
        headline_id=leading.article_id,
        outlets=tuple(dict.fromkeys(member.outlet for member in in_order if member.outlet)),
        first_seen=min(member.seen for member in members),
        last_developed=max(report.at for report in adding),
        size=len(reports),
        languages=tuple(sorted({base_language(report.language) for report in reports} - {""})),
        development=tuple(sorted(new, key=lambda report: report.at)),
        reports=reports,
    )


def choose_headline(reports: Sequence[StoryReport], *, language: str | None = None) -> StoryReport:
    """Return the report whose title stands for the story; there must be one.

    The most central one, in `language` where the story has one; titled ones first; ties go to the earliest,
    then the lowest id.
    """
    titled = [report for report in reports if report.title.strip()] or list(reports)
    wanted = base_language(language)
    spoken = [report for report in titled if wanted and base_language(report.language) == wanted] or titled
    return min(spoken, key=lambda report: (-report.central, report.published, report.article_id))


def _is_new(report: StoryReport, first: StoryReport, since: datetime | None) -> bool:
    return report.at > since if since else report is not first or report.changed is not None


def _report(members: Sequence[StoryMember], quoted: int) -> tuple[StoryReport, ...]:
    told = sorted((one for one in members if one.copy_of is None), key=lambda one: (one.revision, one.article_id))
    additions = find_additions(
        (SaidBy(one.article_id, one.text, one.language, one.title) for one in told), quoted=quoted
    )
    central = measure_centrality({one.article_id: one.vector for one in told})
    return tuple(
        StoryReport(
            one.article_id, one.title, one.outlet, one.language, one.published, one.latest,
            central[one.article_id], additions.get(one.article_id), one.changed,
        )
        for one in told
    )  # fmt: skip
