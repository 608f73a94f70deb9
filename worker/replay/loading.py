"""An archive loaded into an installation: its articles read as if they had come in at their time, and mailed to nobody.

The path is the service's own (text, copies, stories, topics), so a topic has a past to be tried on from the first
day. What is known already by its address is left as it is: loaded again, nothing changes, and what was interrupted
goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from worker import pages
from worker.analysis.judgement import Judgement, match_anew
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_next
from worker.replay.archive import ArchivedArticle, arrivals
from worker.replay.replay import judge_article
from worker.setup.analysis_deps import AnalysisDeps, AnalysisRules
from worker.storage.articles import article_rows, discoveries
from worker.storage.db.database import serialize_stories
from worker.storage.db.hashes import string_hash
from worker.storage.db.session import Session

_BATCH = 50  # others wait for the lock while these find their places, about half a second

Watch = Callable[[Iterable["Arrival"]], Iterable["Arrival"]]
"""Is handed something for each article, and passes it on as they are read."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article of an archive, the key by which it is known from then on, and when it is taken to have come in."""

    key: str
    article: ArchivedArticle
    at: datetime


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of an archive: how many articles are new, copies among them, or were `known`; matches by topic."""

    articles: int = 0
    copies: int = 0
    known: int = 0
    matches: Mapping[str, int] | None = None


def load_archive(archive: Sequence[ArchivedArticle], deps: AnalysisDeps, *, watch: Watch = iter) -> Loaded:
    """Read the articles in turn, those that are not known; then look at the stories again, as the service does."""
    total, matches = Counter[str](), Counter[str]()
    arriving = iter(watch(_arrivals(archive, now=deps.now())))
    while batch := list(islice(arriving, _BATCH)):
        done = _load(batch, deps)
        total.update(articles=done.articles, copies=done.copies, known=done.known)
        matches.update(done.matches or {})
    while recluster_next(deps.database, rules=deps.story_rules, now=deps.now()).waiting:
        pass
    return Loaded(**total, matches=dict(matches))


def _arrivals(archive: Sequence[ArchivedArticle], *, now: datetime) -> list[Arrival]:
    """Nothing comes in before it is loaded; an archive without a single date comes in just now."""
    times = arrivals([article.published for article in archive], undated=now - timedelta(minutes=len(archive)))
    return [Arrival(_key(article), article, min(at, now)) for article, at in zip(archive, times, strict=True)]


def _key(article: ArchivedArticle) -> str:
    """The address, as for what comes from feeds; without one, what the line says."""
    if article.url:
        return pages.canonicalize_url(article.url)
    return f"archive:{article.id}:{string_hash(f'{article.title} {article.text}')}"


def _load(batch: Sequence[Arrival], deps: AnalysisDeps) -> Loaded:
    rules = AnalysisRules(deps.topics, deps.copy_rules, deps.story_rules)
    with deps.reading() as session:
        known = discoveries.known_keys(session, [arrival.key for arrival in batch])
    judged = [(one, judge_article(one.article, one.at, rules)) for one in batch if one.key not in known]
    with deps.transaction() as session:
        serialize_stories(session)
        topic_set, now = deps.topics_at(session), deps.now()
        placed = list(_place(session, [(one, match_anew(said, topic_set)) for one, said in judged], rules, now))
    matches = Counter(topic for is_copy, topics in placed for topic in topics if not is_copy)
    copies = sum(is_copy for is_copy, _ in placed)
    return Loaded(len(placed), copies, len(batch) - len(placed), matches)


def _place(
    session: Session, judged: Iterable[tuple[Arrival, Judgement]], rules: AnalysisRules, now: datetime
) -> Iterator[tuple[bool, list[str]]]:
    """Yield of each article that is new whether it is a copy, and the topics it matches."""
    for arrival, judgement in judged:
        found = discoveries.discover(session, None, judgement.outlet, [_announced(arrival)], now=arrival.at)
        for new in found:
            placed = place(
                session, new.id, judgement, now=arrival.at, rules=rules.copies, story_rules=rules.stories
            )  # fmt: skip
            article_rows.mark_read(session, new.id, now=now)
            yield placed.duplicate.duplicate_of is not None, [match.topic for match in placed.matches]


def _announced(arrival: Arrival) -> discoveries.NewArticle:
    article = arrival.article
    return discoveries.NewArticle(
        key=arrival.key, url=article.url, entry_id=article.id, title=article.title, body="",
        published=article.published, language=article.language, has_page=False, mailable=False,
    )  # fmt: skip
