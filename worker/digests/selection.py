"""Which of a story's tellings a subscriber is shown, and whether the story is theirs at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from worker.digests.digest import DigestArticle, DigestStory

_BANDS = {"strict": ("strict",), "balanced": ("strict", "balanced"), "wide": ("strict", "balanced", "wide")}
_CORE_SHARE = 0.5
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class TellingMatch:
    """How one telling matched one topic."""

    score: float
    band: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Telling:
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
    matches: Mapping[str, TellingMatch] = field(default_factory=dict)
    adds: bool = True
    central: float = 0.0


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story with all its tellings. `told` is the revision this subscriber last had, 0 for none.

    `seen` are articles they have had in whatever story: a story may have been merged or split since.
    """

    story_id: int
    revision: int
    told: int
    tellings: tuple[Telling, ...]
    seen: frozenset[int] = frozenset()

    def is_news(self, telling: Telling) -> bool:
        """Whether the subscriber has not had this report, or not as it is now."""
        return telling.updated or (telling.revision > self.told and not self.has_had(telling))

    def has_had(self, telling: Telling) -> bool:
        """Whether they were told this report in whatever story, or a copy of it: it may lead its copies since."""
        return telling.article_id in self.seen or any(
            other.copy_of == telling.article_id and other.article_id in self.seen for other in self.tellings
        )


def select_story(story: ToldStory, bands: Mapping[str, str], language: str) -> DigestStory | None:
    """Return the story as this subscriber is to see it, or None when it is not about their topics.

    `bands` says by topic how sure a match must be. A story is about a topic when at least half of its own
    reports are, copies not counted: one stray article does not drag a story in. The best topic wins; of the
    reports in the subscriber's language the most central one leads. A story they know comes back with reports
    that add something, and only those count as new.
    """
    reports = [_within(t, bands) for t in story.tellings if t.copy_of is None and t.mailable]
    best = max(((_score(reports, topic), topic) for topic in bands), key=lambda pair: pair[0], default=None)
    news = [t for t in reports if story.is_news(t)]
    known = story.told > 0 or any(story.has_had(t) for t in reports)
    if known:
        news = [t for t in news if t.adds or t.updated]
    if best is None or best[0] <= 0 or not news:
        return None
    score, topic = best
    ranked = sorted(reports, key=lambda t: _rank(t, topic, language))
    return DigestStory(
        story_id=story.story_id,
        revision=story.revision,
        topic=topic,
        score=score,
        articles=tuple(replace(_article(t, story.tellings), updated=known and t.updated) for t in ranked[:_SHOWN]),
        matched=_terms(ranked, topic),
        news=len(news) if known else 0,
        wide=not any(topic in t.matches and t.matches[topic].band != "wide" for t in reports),
    )


def told_articles(story: ToldStory) -> tuple[int, ...]:
    """Return the ids of every article the story had when it was told."""
    return tuple(sorted(t.article_id for t in story.tellings))


def _within(telling: Telling, bands: Mapping[str, str]) -> Telling:
    """Forget the matches that are too weak for this subscriber: they are no reason, and make no report lead."""
    kept = {
        topic: match
        for topic, match in telling.matches.items()
        if topic in bands and match.band in _BANDS[bands[topic]]
    }
    return replace(telling, matches=kept)


def _score(reports: Sequence[Telling], topic: str) -> float:
    scores = [t.matches[topic].score for t in reports if topic in t.matches]
    if not scores or len(scores) < _CORE_SHARE * len(reports):
        return 0.0
    return max(scores)


def _rank(telling: Telling, topic: str, language: str) -> tuple[bool, bool, float, datetime, int]:
    foreign = (telling.language or "").partition("-")[0] != language
    return (topic not in telling.matches, foreign, -telling.central, telling.published, telling.article_id)


def _article(telling: Telling, tellings: Sequence[Telling]) -> DigestArticle:
    copies = sorted(
        (t for t in tellings if t.copy_of == telling.article_id and t.outlet != telling.outlet),
        key=lambda t: (t.published, t.article_id),
    )
    return DigestArticle(
        title=telling.title, url=telling.url, outlet=telling.outlet, language=telling.language,
        published=telling.published, excerpt=telling.excerpt, feed_only=telling.feed_only,
        wire=telling.agency, reprints=tuple(dict.fromkeys(t.outlet for t in copies)),
        article_id=telling.article_id,
    )  # fmt: skip


def _terms(ranked: Sequence[Telling], topic: str) -> tuple[str, ...]:
    found = (term for t in ranked if topic in t.matches for term in t.matches[topic].terms)
    return tuple(dict.fromkeys(found))[:6]
