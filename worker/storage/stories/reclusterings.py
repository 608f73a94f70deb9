"""Stories that are looked at again among their neighbours: read as a snapshot, and changed if it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, Update, delete, func, select, update
from sqlalchemy.orm import Session, undefer

from models import Article, Story, StoryEvent, StoryKey
from worker.storage.db.inserts import insert_missing
from worker.storage.stories.embeddings import pack_embedding, unpack_embedding
from worker.storage.stories.story_rows import SUMS, as_candidate
from worker.stories import (
    PlacedArticle,
    Reclustering,
    StoryFeatures,
    StorySettings,
    bear_on_each_other,
    keys_of,
    sum_up,
)

_NEIGHBOURS = 50  # of one story: those that share most keys with it
_MAX_ARTICLES = 1000
_MAX_STORIES = 300


@dataclass(frozen=True, slots=True)
class StorySnapshot:
    """Whole stories as they were read. `settled` are those all of whose neighbours are among them.

    `complete` says that this is so for all.
    """

    articles: tuple[PlacedArticle, ...]
    settled: tuple[int, ...]
    complete: bool


def next_unsettled(session: Session) -> int | None:
    """Return the story that has waited longest to be looked at again."""
    waiting = select(Story.id).where(Story.unsettled_at.is_not(None), Story.merged_into.is_(None))
    return session.scalar(waiting.order_by(Story.unsettled_at, Story.id).limit(1))


def read_snapshot(session: Session, seed: int, *, rules: StorySettings) -> StorySnapshot:
    """Read the story, what bears on it, what bears on that, and so on: at most 1000 articles in 300 stories."""
    seen = {seed: session.get_one(Story, seed, options=SUMS)}
    frontier, found, bordering, articles = [seed], {seed}, set[int](), seen[seed].size
    for story_id in frontier:
        story = seen[story_id]
        near = [other for other in _neighbours(session, story, rules.window) if other not in found]
        seen |= _read(session, [other for other in near if other not in seen])
        for other in near:
            if not bear_on_each_other(as_candidate(story), as_candidate(seen[other]), settings=rules):
                continue
            if len(found) >= _MAX_STORIES or articles + seen[other].size > _MAX_ARTICLES:
                bordering.add(story_id)
                continue
            found.add(other)
            frontier.append(other)
            articles += seen[other].size
    settled = tuple(sorted({seed} | (found - bordering)))
    return StorySnapshot(tuple(_members(session, sorted(found))), settled, complete=not bordering)


def apply_reclustering(session: Session, snapshot: StorySnapshot, reclustering: Reclustering, *, now: datetime) -> bool:
    """Move the articles and settle the stories; False, with nothing done, where what was read holds no more.

    The caller holds the lock (`serialize_stories`). Nothing here is news: a story is as developed as its latest
    report, and moved articles take their memory along, since digests remember articles.
    """
    story_ids = sorted({placed.story_id for placed in snapshot.articles})
    before = {placed.article_id: placed.story_id for placed in snapshot.articles}
    if _placed(session, story_ids) != before:
        return False
    if not before:  # its reports have all become copies of others
        _settle(session, snapshot.settled)
        return True
    changed = _move_all(session, before, reclustering, now)
    for story_id in sorted(changed):
        _recount(session, story_id)
    _settle(session, snapshot.settled)
    return True


def _read(session: Session, story_ids: Sequence[int]) -> dict[int, Story]:
    """By id: the stories with their totals, whose decoding is most of what a snapshot costs."""
    statement = select(Story).where(Story.id.in_(story_ids)).options(*SUMS)
    return {story.id: story for story in session.scalars(statement)} if story_ids else {}


def _neighbours(session: Session, story: Story, window: timedelta) -> Sequence[int]:
    keys = select(StoryKey.key).where(StoryKey.story_id == story.id)
    shared = (
        select(StoryKey.story_id)
        .join(Story, Story.id == StoryKey.story_id)
        .where(
            StoryKey.key.in_(keys),
            Story.id != story.id,
            Story.last_published_at >= story.first_published_at - window,
            Story.first_published_at <= story.last_published_at + window,
            Story.merged_into.is_(None),
        )
        .group_by(StoryKey.story_id)
        .order_by(func.count().desc(), StoryKey.story_id)
        .limit(_NEIGHBOURS)
    )
    return sorted(session.scalars(shared))


def _members(session: Session, story_ids: Sequence[int]) -> Iterable[PlacedArticle]:
    said = (undefer(Article.vector), undefer(Article.embedding))
    for row in session.scalars(_reports(story_ids).order_by(Article.id).options(*said)):
        vector, published = row.vector or {}, row.published_at or row.discovered_at
        meaning = unpack_embedding(row.embedding)
        features = StoryFeatures(vector, keys_of(vector), row.language, published, meaning)
        yield PlacedArticle(row.id, row.story_id or 0, features)


def _placed(session: Session, story_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(_reports(story_ids).with_only_columns(Article.id, Article.story_id))
    return {article_id: story_id for article_id, story_id in rows if story_id is not None}


def _reports(story_ids: Sequence[int]) -> Select[Article]:
    return select(Article).where(Article.story_id.in_(story_ids), Article.duplicate_of.is_(None))


def _move_all(session: Session, before: Mapping[int, int], reclustering: Reclustering, now: datetime) -> set[int]:
    changed: set[int] = set()
    for story_id, moving in reclustering.joined.items():
        changed |= {story_id} | {before[article_id] for article_id in moving}
        _move(session, story_id, moving, before, now)
    for moving in reclustering.opened:
        parents = sorted({before[article_id] for article_id in moving})
        story_id = _open(session, now)
        changed |= {story_id, *parents}
        _move(session, story_id, moving, before, now)
        session.add(StoryEvent(story_id=story_id, at=now, kind="split", other_story_id=parents[0]))
    for story_id, into in reclustering.merged.items():
        session.execute(_story(story_id).values(merged_into=into, size=0, total={}, embedding=None, unsettled_at=None))
        session.execute(update(Story).where(Story.merged_into == story_id).values(merged_into=into))
        session.execute(delete(StoryKey).where(StoryKey.story_id == story_id))
        session.add(StoryEvent(story_id=story_id, at=now, kind="merged", other_story_id=into))
    return changed - set(reclustering.merged)


def _open(session: Session, now: datetime) -> int:
    story = Story(
        created_at=now, developed_at=now, first_published_at=now, last_published_at=now,
        size=0, revision=0, total={}, languages=[],
    )  # fmt: skip
    session.add(story)
    session.flush()
    return story.id


def _move(session: Session, story_id: int, moving: Sequence[int], before: Mapping[int, int], now: datetime) -> None:
    """Each counts as a later revision, so that who was told the story before it came is told of it."""
    revision = session.scalars(select(Story.revision).where(Story.id == story_id)).one()
    for number, article_id in enumerate(moving, start=revision + 1):
        session.execute(
            update(Article)
            .where(Article.id == article_id)
            .values(story_id=story_id, story_revision=number, story_score=None, story_evidence=None)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(Article)
            .where(Article.duplicate_of == article_id)
            .values(story_id=story_id)
            .execution_options(synchronize_session=False)
        )
        session.add(
            StoryEvent(
                story_id=story_id, at=now, kind="moved", article_id=article_id, other_story_id=before[article_id]
            )
        )
    session.execute(_story(story_id).values(revision=revision + len(moving)))


def _recount(session: Session, story_id: int) -> None:
    """Sums, times and keys of a story, from its members."""
    members = [placed.features for placed in _members(session, [story_id])]
    analyzed = _reports([story_id]).with_only_columns(func.max(Article.analyzed_at))
    totals = sum_up(members)
    session.execute(
        _story(story_id).values(
            total=dict(totals.total), embedding=pack_embedding(totals.embedding),
            size=totals.size, languages=list(totals.languages),
            first_published_at=totals.first_published, last_published_at=totals.last_published,
            developed_at=session.scalar(analyzed),
        )
    )  # fmt: skip
    session.execute(delete(StoryKey).where(StoryKey.story_id == story_id))
    keys = sorted({key for member in members for key in member.keys})
    insert_missing(session, StoryKey, [{"key": key[:64], "story_id": story_id} for key in keys], by=("key",))


def _settle(session: Session, story_ids: Sequence[int]) -> None:
    statement = update(Story).where(Story.id.in_(story_ids), Story.unsettled_at.is_not(None))
    session.execute(statement.values(unsettled_at=None).execution_options(synchronize_session=False))


def _story(story_id: int) -> Update:
    return update(Story).where(Story.id == story_id).execution_options(synchronize_session=False)
