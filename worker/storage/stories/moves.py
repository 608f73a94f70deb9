"""Members that move between stories, merging and splitting them, as looking at them again has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Update, func, select, update
from sqlalchemy.orm import Session

from models import Article, Story, StoryEvent
from worker.storage.stories.membership import merge_story, read_members, reports_in, write_story
from worker.storage.stories.reclusterings import articles_by_story, unsettled_since
from worker.stories import Reclustering, recount_story

_CHUNK = 500


def apply_reclusterings(
    session: Session,
    found: Sequence[Reclustering],
    since: Mapping[int, datetime | None],
    *,
    now: datetime,
) -> list[Reclustering]:
    """Move the articles and settle the stories; return what was done: all but that where what was read holds no more.

    `since` says for each story since when it waited as it was read. The caller holds the lock (`serialize_stories`).
    Nothing here is news: a story is as developed as its latest report, and moved articles take their memory along,
    since digests remember articles.
    """
    holding = _those_that_hold(session, found, since)
    changed: set[int] = set()
    for one in holding:
        changed |= _move_all(session, one, now)
    for story_id in sorted(changed):
        _recount(session, story_id, now)
    _settle(session, [story_id for one in holding for story_id in one.stories])
    return holding


def _those_that_hold(
    session: Session, found: Sequence[Reclustering], since: Mapping[int, datetime | None]
) -> list[Reclustering]:
    """Those whose stories still have the members that were read, and none of them says something else since."""
    story_ids = sorted(story_id for one in found for story_id in one.stories)
    waiting = unsettled_since(session, story_ids)
    members = articles_by_story(session, story_ids)
    return [
        one for one in found
        if all(waiting.get(story_id) == since.get(story_id) for story_id in one.stories)
        and set(one.placed) == {(article_id, story_id) for story_id in one.stories for article_id in members[story_id]}
    ]  # fmt: skip


def _move_all(session: Session, reclustering: Reclustering, now: datetime) -> set[int]:
    """Move what moves; return the stories that have other members than before, but for those that have none."""
    before, changed = dict(reclustering.placed), set[int]()
    for story_id, moving in reclustering.joined.items():
        changed |= {story_id} | {before[article_id] for article_id in moving}
        _move(session, story_id, moving, before, now)
    for moving in reclustering.opened:
        parents = sorted({before[article_id] for article_id in moving})
        members = [one.features for one in read_members(session, parents) if one.article_id in moving]
        said = recount_story(None, members)
        story_id = write_story(session, said, now=now, unsettled=False)
        changed |= {story_id, *parents}
        _move(session, story_id, moving, before, now)
        session.add(StoryEvent(story_id=story_id, at=now, kind="split", other_story_id=parents[0]))
    for story_id, into in reclustering.merged.items():
        merge_story(session, story_id, into)
        session.add(StoryEvent(story_id=story_id, at=now, kind="merged", other_story_id=into))
    return changed - set(reclustering.merged)


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
                story_id=story_id,
                at=now,
                kind="moved",
                article_id=article_id,
                other_story_id=before[article_id],
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
    for start in range(0, len(story_ids), _CHUNK):
        chunk = story_ids[start : start + _CHUNK]
        statement = update(Story).where(Story.id.in_(chunk), Story.unsettled_at.is_not(None))
        session.execute(statement.values(unsettled_at=None).execution_options(synchronize_session=False))


def _story(story_id: int) -> Update:
    return update(Story).where(Story.id == story_id).execution_options(synchronize_session=False)
