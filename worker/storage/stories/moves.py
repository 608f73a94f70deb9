"""Members that move between stories, merging and splitting them, as looking at them again has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from models import Article, Story, StoryEvent
from worker.storage.stories.membership import merge_story, read_members, reports_in, write_story
from worker.storage.stories.reclusterings import StorySnapshot
from worker.stories import PlacedArticle, Reclustering, recount_story


def apply_reclustering(session: Session, snapshot: StorySnapshot, reclustering: Reclustering, *, now: datetime) -> bool:
    """Move the articles and settle the stories; False, with nothing done, where what was read holds no more.

    The caller holds the lock (`serialize_stories`). Nothing here is news: a story is as developed as its latest
    report, and moved articles take their memory along, since digests remember articles.
    """
    if not _holds(session, snapshot):
        return False
    before = {placed.article_id: placed for placed in snapshot.articles}
    for story_id in sorted(_move_all(session, before, reclustering, now)):
        _recount(session, story_id, now)
    _settle(session, snapshot.settled)
    return True


def _holds(session: Session, snapshot: StorySnapshot) -> bool:
    """Whether the stories still have the members that were read, and none of those says something else since."""
    story_ids = sorted(snapshot.unsettled)
    members = session.execute(reports_in(story_ids).with_only_columns(Article.id, Article.story_id)).all()
    since = session.execute(select(Story.id, Story.unsettled_at).where(Story.id.in_(story_ids))).all()
    read = {(placed.article_id, placed.story_id) for placed in snapshot.articles}
    return {(row[0], row[1]) for row in members} == read and {row[0]: row[1] for row in since} == snapshot.unsettled


def _move_all(
    session: Session, before: Mapping[int, PlacedArticle], reclustering: Reclustering, now: datetime
) -> set[int]:
    """Move what moves; return the stories that have other members than before, but for those that have none."""
    changed: set[int] = set()
    for story_id, moving in reclustering.joined.items():
        changed |= {story_id} | {before[article_id].story_id for article_id in moving}
        _move(session, story_id, moving, before, now)
    for moving in reclustering.opened:
        parents = sorted({before[article_id].story_id for article_id in moving})
        said = recount_story(None, [before[article_id].features for article_id in moving])
        story_id = write_story(session, said, now=now, unsettled=False)
        changed |= {story_id, *parents}
        _move(session, story_id, moving, before, now)
        session.add(StoryEvent(story_id=story_id, at=now, kind="split", other_story_id=parents[0]))
    for story_id, into in reclustering.merged.items():
        merge_story(session, story_id, into)
        session.add(StoryEvent(story_id=story_id, at=now, kind="merged", other_story_id=into))
    return changed - set(reclustering.merged)


def _move(
    session: Session, story_id: int, moving: Sequence[int], before: Mapping[int, PlacedArticle], now: datetime
) -> None:
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
                story_id=story_id,
                at=now,
                kind="moved",
                article_id=article_id,
                other_story_id=before[article_id].story_id,
            )
        )
    session.execute(_story(story_id).values(revision=revision + len(moving)))


def _recount(session: Session, story_id: int, now: datetime) -> None:
    """Sums, times and keys of a story, from the members that it has now."""
    members = [placed.features for placed in read_members(session, [story_id])]
    write_story(session, recount_story(story_id, members), now=now, unsettled=False)
    analyzed = reports_in([story_id]).with_only_columns(func.max(Article.analyzed_at))
    session.execute(_story(story_id).values(developed_at=session.scalar(analyzed)))


def _settle(session: Session, story_ids: Sequence[int]) -> None:
    statement = update(Story).where(Story.id.in_(story_ids), Story.unsettled_at.is_not(None))
    session.execute(statement.values(unsettled_at=None).execution_options(synchronize_session=False))


def _story(story_id: int) -> Update:
    return update(Story).where(Story.id == story_id).execution_options(synchronize_session=False)
