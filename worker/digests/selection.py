"""Which of a story's reports are new to a subscriber and shown to them, and whether the story is theirs at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from worker.digests.digest import DigestArticle, DigestStory
from worker.text.languages import primary_subtag

LATE = timedelta(days=2)
"""How long before a digest's period a report that was looked at before may have been published and be news in it."""


@dataclass(frozen=True, slots=True)
class ReportMatch:
    """How one report matched one topic. `band` names how surely; `unsure`, that this is no verdict."""

    score: float
    band: str
    terms: tuple[str, ...]
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One article of a story. `copy_of` names the article it is a copy of; `joined` counts when it came to the story.

    `revision` is 1 at first and grows with each substantial change. `adds` says whether it says anything that no
    report before it did; `central` (0-1) how much of the story it has. `updates` marks a copy that says something its
    group had not said: it is told as a report of its own. `news_number` is the number of the news as which it came,
    0 where that is not known.
    """

    article_id: int
    title: str
    url: str
    outlet: str
    language: str | None
    published: datetime
    excerpt: str
    copy_of: int | None = None
    revision: int = 1
    mailable: bool = True
    feed_only: bool = False
    agency: str | None = None
    matches: Mapping[str, ReportMatch] = field(default_factory=dict)
    adds: bool = True
    central: float = 0.0
    joined: int = 0
    updates: bool = False
    news_number: int = 0
    text: str = field(default="", repr=False)

    @property
    def stands_alone(self) -> bool:
        """Whether it may be told as a report, and not with the one it copies."""
        return self.mailable and (self.copy_of is None or self.updates)


@dataclass(frozen=True, slots=True)
class PendingStory:
    """A story with all its reports, as one subscriber knows it.

    `had` are the articles of it that they were told, in whatever story those were then, each with its revision.
    `since` is where the period begins of the digest that may tell it; without it, nothing is too old. The digests
    before have looked at the news up to the number `seen`.
    """

    story_id: int
    revision: int
    reports: tuple[Report, ...]
    had: Mapping[int, int] = field(default_factory=dict)
    since: datetime | None = None
    seen: int = 0

    def is_news(self, report: Report) -> bool:
        """Whether the subscriber has not had this report, or not as it is now."""
        return report.revision > self.had_revision(report)

    def has_changed(self, report: Report) -> bool:
        """Whether they had this report before it changed substantially."""
        return 0 < self.had_revision(report) < report.revision

    def had_revision(self, report: Report) -> int:
        """As of which revision they had this report, 0 for not at all; who had a copy of it, had it as it was first."""
        if report.article_id in self.had:
            return self.had[report.article_id]
        return int(any(one.copy_of == report.article_id and one.article_id in self.had for one in self.reports))

    def copies_of(self, report: Report) -> tuple[Report, ...]:
        """Return the copies of a report that are told with it."""
        if report.copy_of is not None:
            return ()
        return tuple(one for one in self.reports if one.copy_of == report.article_id and not one.updates)

    def is_late(self, report: Report) -> bool:
        """Whether the report, and every copy of it, was published too long before the period to be news in it.

        What no digest of theirs has looked at never was: its feed may have been out of reach, or a clock wrong.
        """
        if self.since is None or report.news_number > self.seen:
            return False
        return max(one.published for one in (report, *self.copies_of(report))) <= self.since - LATE


class Choice(StrEnum):
    """Whether a story is a subscriber's to be told; if not, for want of what."""

    TOLD = "told"
    NO_MATCH = "no_match"  # no report matches their topics
    UNSURE = "unsure"  # some do, none surely enough for them
    NO_NEWS = "no_news"  # they have had all that says anything
    OLD = "old"  # what they have not had was looked at before, and published too long ago


@dataclass(frozen=True, slots=True)
class Selection:
    """What was decided about a story for a subscriber: `story` is how they are to see it, where it is theirs.

    `told` are the articles they are told by it, each with its revision; `passed_over` are those that match and are
    not told, for the reason that `choice` states.
    """

    choice: Choice
    story: DigestStory | None = None
    told: Mapping[int, int] = field(default_factory=dict)
    passed_over: tuple[int, ...] = ()


def select_story(story: PendingStory, bands: Mapping[str, Set[str]], language: str) -> DigestStory | None:
    """Return the story as this subscriber is to see it, or None when `decide_story` says that it is not theirs."""
    return decide_story(story, bands, language).story


def decide_story(story: PendingStory, bands: Mapping[str, Set[str]], language: str) -> Selection:
    """Return whether the story is to be told to this subscriber, and how.

    `bands` holds by topic those that are sure enough. They see the reports that match one of their topics surely
    enough, with the copies of those; whatever else is in the story is not listed and does not count. The best topic
    wins; of the reports in the subscriber's language the most central one leads. A story they know comes back with
    reports that add something, and only those count as new.
    """
    reports = matching_reports(story, bands)
    if not reports:
        return Selection(_why_not_theirs(story, bands))
    unheard = [r for r in reports if story.is_news(r)]
    known = is_known(story, reports)
    news = [r for r in unheard if not known or r.adds or story.has_changed(r)]
    if not news:
        return Selection(Choice.NO_NEWS, passed_over=tuple(r.article_id for r in unheard))
    if all(story.is_late(r) and not story.has_changed(r) for r in news):
        return Selection(Choice.OLD, passed_over=tuple(r.article_id for r in news))
    shown = _as_told(story, reports, news if known else (), bands, language)
    return Selection(Choice.TOLD, shown, _told(story, reports))


def matching_reports(story: PendingStory, bands: Mapping[str, Set[str]]) -> list[Report]:
    """Return the reports that this subscriber may see, without the matches that are too weak for them."""
    within = [_within(r, bands) for r in story.reports if r.stands_alone]
    return [r for r in within if r.matches]


def is_known(story: PendingStory, reports: Sequence[Report]) -> bool:
    """Whether the subscriber was told one of these reports of the story."""
    return any(story.had_revision(r) for r in reports)


def _as_told(
    story: PendingStory, reports: Sequence[Report], news: Sequence[Report], bands: Mapping[str, Set[str]], language: str
) -> DigestStory:
    score, topic = max(((_score(reports, topic), topic) for topic in bands), key=lambda pair: pair[0])
    ranked = sorted(reports, key=lambda r: _rank(r, topic, language))
    return DigestStory(
        story_id=story.story_id,
        revision=story.revision,
        topic=topic,
        score=score,
        articles=tuple(
            replace(_article(r, story), updated=story.has_changed(r), new=r in news and not story.has_changed(r))
            for r in ranked
        ),
        matched=_terms(ranked, topic),
        news=len(news),
        wide=not any(topic in r.matches and not r.matches[topic].unsure for r in reports),
    )


def _told(story: PendingStory, reports: Sequence[Report]) -> dict[int, int]:
    """The articles that are told by these reports: they themselves and their copies."""
    return {one.article_id: one.revision for r in reports for one in (r, *story.copies_of(r))}


def _why_not_theirs(story: PendingStory, bands: Mapping[str, Set[str]]) -> Choice:
    unsure = any(topic in r.matches for r in story.reports if r.stands_alone for topic in bands)
    return Choice.UNSURE if unsure else Choice.NO_MATCH


def _within(report: Report, bands: Mapping[str, Set[str]]) -> Report:
    """Forget the matches that are too weak for this subscriber: they are no reason, and make no report lead."""
    kept = {topic: match for topic, match in report.matches.items() if topic in bands and match.band in bands[topic]}
    return replace(report, matches=kept)


def _score(reports: Sequence[Report], topic: str) -> float:
    return max((r.matches[topic].score for r in reports if topic in r.matches), default=0.0)


def _rank(report: Report, topic: str, language: str) -> tuple[bool, bool, float, bool, datetime, int]:
    """Between equally central ones the one that brings its original up to date comes first, then the earliest."""
    foreign = primary_subtag(report.language) != language
    central = (-report.central, not report.updates)
    return (topic not in report.matches, foreign, *central, report.published, report.article_id)


def _article(report: Report, story: PendingStory) -> DigestArticle:
    copies = sorted(
        (r for r in story.copies_of(report) if r.outlet != report.outlet),
        key=lambda r: (r.published, r.article_id),
    )
    return DigestArticle(
        title=report.title, url=report.url, outlet=report.outlet, language=report.language,
        published=report.published, excerpt=report.excerpt, feed_only=report.feed_only,
        wire=report.agency, reprints=tuple(dict.fromkeys(r.outlet for r in copies)),
        article_id=report.article_id,
    )  # fmt: skip


def _terms(ranked: Sequence[Report], topic: str) -> tuple[str, ...]:
    found = (term for r in ranked if topic in r.matches for term in r.matches[topic].terms)
    return tuple(dict.fromkeys(found))[:6]
