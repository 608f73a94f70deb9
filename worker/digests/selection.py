"""Which of a story's reports are new to a subscriber and shown to them, and whether the story is theirs at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from worker.digests.digest import DigestArticle, DigestStory
from worker.text.languages import primary_subtag

_CORE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class ReportMatch:
    """How one report matched one topic. `band` names how surely; `unsure`, that this is no verdict."""

    score: float
    band: str
    terms: tuple[str, ...]
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One article of a story. `copy_of` names the article it is a copy of; `revision` when it joined.

    `adds` says whether it says anything that no report before it did; `central` (0-1) how much of the story it has.
    `updated` says that it changed substantially since the subscriber's last digest.
    """

    article_id: int
    title: str
    url: str
    outlet: str
    language: str | None
    published: datetime
    excerpt: str
    copy_of: int | None = None
    revision: int = 0
    mailable: bool = True
    feed_only: bool = False
    agency: str | None = None
    updated: bool = False
    matches: Mapping[str, ReportMatch] = field(default_factory=dict)
    adds: bool = True
    central: float = 0.0


@dataclass(frozen=True, slots=True)
class PendingStory:
    """A story with all its reports. `told` is the revision this subscriber last had, 0 for none.

    `seen` are articles they have had in whatever story: a story may have been merged or split since.
    """

    story_id: int
    revision: int
    told: int
    reports: tuple[Report, ...]
    seen: frozenset[int] = frozenset()

    def is_news(self, report: Report) -> bool:
        """Whether the subscriber has not had this report, or not as it is now."""
        return report.updated or (report.revision > self.told and not self.has_had(report))

    def has_had(self, report: Report) -> bool:
        """Whether they were told this report in whatever story, or a copy of it: it may lead its copies since."""
        return report.article_id in self.seen or any(
            other.copy_of == report.article_id and other.article_id in self.seen for other in self.reports
        )


class Choice(StrEnum):
    """Whether a story is a subscriber's to be told; if not, for want of what."""

    TOLD = "told"
    NO_MATCH = "no_match"  # no report matches their topics
    UNSURE = "unsure"  # some do, none surely enough for them
    STRAY = "stray"  # less than half of the reports do
    NO_NEWS = "no_news"  # they have had all that says anything
    MUTED = "muted"  # they do not want to hear of it, or of those who report it


@dataclass(frozen=True, slots=True)
class Selection:
    """What was decided about a story for a subscriber: `story` is how they are to see it, where it is theirs."""

    choice: Choice
    story: DigestStory | None = None


def select_story(story: PendingStory, bands: Mapping[str, Set[str]], language: str) -> DigestStory | None:
    """Return the story as this subscriber is to see it, or None when `decide_story` says that it is not theirs."""
    return decide_story(story, bands, language).story


def decide_story(story: PendingStory, bands: Mapping[str, Set[str]], language: str) -> Selection:
    """Return whether the story is to be told to this subscriber, and how.

    `bands` holds by topic those that are sure enough. A story is about a topic when at least half of its own
    reports are, copies not counted: one stray article does not drag a story in. The best topic wins; of the
    reports in the subscriber's language the most central one leads. A story they know comes back with reports
    that add something, and only those count as new.
    """
    originals = [r for r in story.reports if r.copy_of is None and r.mailable]
    reports = [_within(r, bands) for r in originals]
    best = max(((_score(reports, topic), topic) for topic in bands), key=lambda pair: pair[0], default=None)
    news = [r for r in reports if story.is_news(r)]
    known = story.told > 0 or any(story.has_had(r) for r in reports)
    if known:
        news = [r for r in news if r.adds or r.updated]
    if best is None or best[0] <= 0:
        return Selection(_why_not_theirs(originals, reports, bands))
    if not news:
        return Selection(Choice.NO_NEWS)
    score, topic = best
    fresh = {r.article_id for r in news if known and not r.updated}
    ranked = sorted(reports, key=lambda r: _rank(r, topic, language))
    shown = DigestStory(
        story_id=story.story_id,
        revision=story.revision,
        topic=topic,
        score=score,
        articles=tuple(
            replace(_article(r, story.reports), updated=known and r.updated, new=r.article_id in fresh) for r in ranked
        ),
        matched=_terms(ranked, topic),
        news=len(news) if known else 0,
        wide=not any(topic in r.matches and not r.matches[topic].unsure for r in reports),
    )
    return Selection(Choice.TOLD, shown)


def _why_not_theirs(originals: Sequence[Report], sure: Sequence[Report], topics: Collection[str]) -> Choice:
    if any(report.matches for report in sure):
        return Choice.STRAY
    return Choice.UNSURE if any(topic in r.matches for r in originals for topic in topics) else Choice.NO_MATCH


def told_articles(story: PendingStory) -> tuple[int, ...]:
    """Return the ids of every article the story had when it was told."""
    return tuple(sorted(r.article_id for r in story.reports))


def _within(report: Report, bands: Mapping[str, Set[str]]) -> Report:
    """Forget the matches that are too weak for this subscriber: they are no reason, and make no report lead."""
    kept = {topic: match for topic, match in report.matches.items() if topic in bands and match.band in bands[topic]}
    return replace(report, matches=kept)


def _score(reports: Sequence[Report], topic: str) -> float:
    scores = [r.matches[topic].score for r in reports if topic in r.matches]
    if not scores or len(scores) < _CORE_SHARE * len(reports):
        return 0.0
    return max(scores)


def _rank(report: Report, topic: str, language: str) -> tuple[bool, bool, float, datetime, int]:
    foreign = primary_subtag(report.language) != language
    return (topic not in report.matches, foreign, -report.central, report.published, report.article_id)


def _article(report: Report, reports: Sequence[Report]) -> DigestArticle:
    copies = sorted(
        (r for r in reports if r.copy_of == report.article_id and r.outlet != report.outlet),
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
