"""A story's timeline: its reports in the order they were published, each with what it added and its copies. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from worker import digests
from worker.digests.text import one_line
from worker.pages import without_tracking
from worker.storage.stories.story_articles import StoryArticle
from worker.stories import StoryLife, StoryReport

_HEADLINE, _NAME, _SENTENCE = 200, 60, 300  # characters


@dataclass(frozen=True, slots=True)
class Told:
    """One article as the page names it; `href` may be "", `language` is a code that can stand in `lang=` or ""."""

    id: int
    outlet: str
    headline: str
    href: str
    language: str
    published: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A report on the timeline: what it `added` to those before it, and who printed the same. `adds` is False where
    nothing was added, `central` is how much of the story it has."""

    told: Told
    added: tuple[str, ...] = ()
    adds: bool = True
    changed: datetime | None = None
    feed_only: bool = False
    agency: str = ""
    central: float = 0.0
    copies: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class OutletRow:
    """An outlet: how often it told the story in each language, and since when."""

    outlet: str
    first: datetime
    counts: Mapping[str, int] = field(default_factory=dict)


def lay_out(articles: Sequence[StoryArticle], life: StoryLife | None) -> tuple[Step, ...]:
    """Return the reports as steps, in the order they were published; a copy whose original is not there is one too."""
    reports = {one.article_id: one for one in life.reports} if life else {}
    originals = {one.id for one in articles if one.copy_of is None}
    copies: dict[int, list[Told]] = defaultdict(list)
    for one in articles:
        if one.copy_of in originals and one.copy_of is not None:
            copies[one.copy_of].append(told(one))
    alone = [one for one in articles if one.copy_of not in originals]
    return tuple(_step(one, reports.get(one.id), copies[one.id]) for one in alone)


def outlets_by_language(articles: Iterable[StoryArticle]) -> tuple[tuple[str, ...], tuple[OutletRow, ...]]:
    """Return the languages, the most used first, and for each outlet how often it told the story in each."""
    counts: dict[str, dict[str, int]] = {}
    first: dict[str, datetime] = {}
    used: dict[str, int] = defaultdict(int)
    for one in articles:
        name, language = one_line(one.outlet, _NAME) or "—", _code(one.language)
        row = counts.setdefault(name, {})
        row[language] = row.get(language, 0) + 1
        used[language] += 1
        first.setdefault(name, one.published)
    languages = tuple(sorted(used, key=lambda code: (-used[code], code)))
    return languages, tuple(OutletRow(name, first[name], row) for name, row in counts.items())


def side_by_side(steps: Iterable[Step]) -> dict[str, list[Told]]:
    """Return by language how the story was headlined, the language of the first report first."""
    found: dict[str, list[Told]] = {}
    for step in steps:
        found.setdefault(step.told.language, []).append(step.told)
    return found


def told(one: StoryArticle) -> Told:
    """Return an article as it may be shown."""
    return Told(
        one.id, one_line(one.outlet, _NAME) or "—", one_line(one.title, _HEADLINE),
        digests.safe_href(without_tracking(one.url)), _code(one.language), one.published,
    )  # fmt: skip


def _step(one: StoryArticle, report: StoryReport | None, copies: Sequence[Told]) -> Step:
    added = tuple(one_line(sentence, _SENTENCE) for sentence in report.added or ()) if report else ()
    return Step(
        told(one), added, adds=report is None or report.added is not None, changed=report.changed if report else None,
        feed_only=one.feed_only, agency=one_line(one.agency or "", _NAME), central=report.central if report else 0.0,
        copies=tuple(copies),
    )  # fmt: skip


def _code(language: str | None) -> str:
    return digests.language_code(language)
