"""What a digest is made from: the stories a subscription has not had yet, with all their tellings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from models import Article, Digest, DigestStory, Story, TopicMatch
from worker import stories
from worker.digests import Telling, TellingMatch, ToldStory, excerpt
from worker.duplicates import Printing, trace_origin

_LATE = timedelta(days=2)
_OVERLAP = timedelta(minutes=10)
_LONGEST_TERM = 40  # a span of words near each other can be half a sentence
_STORIES = 500
_MEMORY = timedelta(days=30)  # in which a story that was told may still be merged or split


def untold_stories(
    session: Session,
    subscription_id: int,
    topics: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    limit: int = _STORIES,
) -> list[ToldStory]:
    """Return the stories that matched one of the topics and developed since then, the newest first.

    The window begins ten minutes early, since a worker may commit after a later digest was planned
    what it stamped before; what was told already is known by its revision and not told again. Stories
    with nothing published since two days before the window are no news and stay out. To a subscription
    that there is not, nothing has been told.
    """
    told = (
        select(DigestStory.story_id, func.max(DigestStory.revision).label("revision"))
        .where(DigestStory.subscription_id == subscription_id)
        .group_by(DigestStory.story_id)
        .subquery()
    )
    matching = (
        select(Article.story_id)
        .join(TopicMatch, TopicMatch.article_id == Article.id)
        .where(TopicMatch.topic.in_(topics), Article.mailable, Article.duplicate_of.is_(None))
    )
    statement = (
        select(Story.id, Story.revision, func.coalesce(told.c.revision, 0))
        .outerjoin(told, told.c.story_id == Story.id)
        .where(
            Story.id.in_(matching),
            Story.developed_at > since - _OVERLAP,
            Story.developed_at <= until,
            Story.last_published_at > since - _LATE,
            Story.merged_into.is_(None),
            Story.revision > func.coalesce(told.c.revision, 0),
        )
        .order_by(Story.developed_at.desc(), Story.id)
        .limit(limit)
    )
    found = session.execute(statement).all()
    tellings = _tellings(session, [story_id for story_id, _, _ in found], since)
    seen = _seen(session, subscription_id, since=until - _MEMORY) if found else frozenset()
    return [ToldStory(story, revision, told, tuple(tellings.get(story, ())), seen) for story, revision, told in found]


def _seen(session: Session, subscription_id: int, *, since: datetime) -> frozenset[int]:
    """Return the articles the subscriber was told since then, in whatever story they were."""
    rows = session.scalars(
        select(DigestStory.article_ids)
        .join(Digest, Digest.id == DigestStory.digest_id)
        .where(DigestStory.subscription_id == subscription_id, Digest.window_end > since)
    )
    return frozenset(article_id for ids in rows for article_id in ids)


def _tellings(session: Session, story_ids: Sequence[int], since: datetime) -> dict[int, list[Telling]]:
    rows = session.scalars(
        select(Article)
        .where(Article.story_id.in_(story_ids), Article.state == "analyzed")
        .order_by(Article.published_at, Article.id)
        .options(undefer(Article.text), undefer(Article.vector))
    ).all()
    matches, agencies = _matches(session, rows), _agencies(rows)
    members: dict[int, list[Article]] = defaultdict(list)
    for row in rows:
        if row.story_id is not None:
            members[row.story_id].append(row)
    tellings = {row.id: _telling(row, agencies.get(row.id), matches[row.id], since) for row in rows}
    return {story_id: _placed(articles, tellings) for story_id, articles in members.items()}


def _placed(members: Sequence[Article], tellings: Mapping[int, Telling]) -> list[Telling]:
    """The tellings of one story, each with what it is among the others."""
    reports = sorted((row for row in members if row.duplicate_of is None), key=lambda row: row.story_revision or 0)
    additions = stories.find_additions(stories.StoryReport(row.id, row.text, row.language) for row in reports)
    central = stories.measure_centrality({row.id: row.vector or {} for row in reports})
    return [replace(tellings[row.id], adds=row.id in additions, central=central.get(row.id, 0.0)) for row in members]


def _agencies(rows: Iterable[Article]) -> dict[int, str | None]:
    """By original: the wire agency that its group of copies comes from."""
    groups: dict[int, list[Printing]] = defaultdict(list)
    for row in rows:
        printing = Printing(row.outlet, row.published_at or row.discovered_at, row.agency)
        groups[row.duplicate_of or row.id].append(printing)
    origins = {article_id: trace_origin(group) for article_id, group in groups.items()}
    return {article_id: origin.agency for article_id, origin in origins.items() if origin}


def _telling(row: Article, agency: str | None, matches: dict[str, TellingMatch], since: datetime) -> Telling:
    return Telling(
        article_id=row.id, title=row.title or row.entry_title, url=row.url, outlet=row.outlet,
        language=row.language, published=row.published_at or row.discovered_at,
        excerpt="" if row.duplicate_of else excerpt(row.text), copy_of=row.duplicate_of,
        revision=row.story_revision or 0, mailable=row.mailable, feed_only=row.feed_only,
        agency=agency or row.agency, updated=row.updated_at is not None and row.updated_at > since, matches=matches,
    )  # fmt: skip


def _matches(session: Session, articles: Sequence[Article]) -> dict[int, dict[str, TellingMatch]]:
    by_id = {article.id: article for article in articles}
    found: dict[int, dict[str, TellingMatch]] = defaultdict(dict)
    for row in session.scalars(select(TopicMatch).where(TopicMatch.article_id.in_(by_id))):
        terms = () if by_id[row.article_id].duplicate_of else _terms(by_id[row.article_id], row.spans)
        found[row.article_id][row.topic] = TellingMatch(row.score, row.band, terms)
    return found


def _terms(article: Article, spans: Iterable[Sequence[str | int]]) -> tuple[str, ...]:
    """Return the article's own words where a term matched, each once: "migrants" says more than "migrant*"."""
    words: dict[str, str] = {}
    for field, start, end, _term in spans:
        text = article.title if field == "title" else article.text
        found = " ".join(text[int(start) : int(end)].split())
        words.setdefault(found.casefold(), found)
    return tuple(word for word in words.values() if 0 < len(word) <= _LONGEST_TERM)
