"""Snapshots of what an article's placing depends on: groups of copies, whole stories, and stories it may join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, ToldArticle
from worker.duplicates import GroupMember, Printed, Relation
from worker.storage.articles.copies import read_groups, read_mere_copies, read_printed
from worker.storage.stories.membership import read_members
from worker.storage.stories.story_rows import find_stories, stories_of
from worker.storage.topics.topic_rows import matches_of
from worker.stories import PlacedArticle, StoryCandidate, StoryFeatures
from worker.topics import TopicMatch


@dataclass(frozen=True, slots=True)
class PlacementSnapshot:
    """What is around an article that comes in.

    `groups` are the article that it copies, and the whole groups of those that copy it from now on; `members` the
    whole stories of the originals among the latter. `story_id` and `matches` are those of the original of what it
    copies, and `printed` what that original says and what those of its copies do that have brought it up to date.
    `followers` are those that copy the article from now on and have brought nothing up to date yet, with what they
    say, the first published first. `candidates` are stories that it may join, read only where it copies nothing and
    no original copies it.
    """

    groups: tuple[GroupMember, ...] = ()
    members: tuple[PlacedArticle, ...] = ()
    candidates: tuple[StoryCandidate, ...] = ()
    story_id: int | None = None
    matches: tuple[TopicMatch, ...] = ()
    printed: tuple[Printed, ...] = ()
    followers: tuple[tuple[int, Printed], ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateSnapshot:
    """An article that has its place, with what it said until now, and what that place depends on.

    `copied_from` is set on a copy, and `original_text` is then what the article it copies says, `printed` what its
    group's original does and the updates of that before it. `group` are its copies or, of a copy, its whole group;
    `members` the whole story of which it is a report, and `told` says that one of the subscribers was told it, in
    whatever story it was then.
    """

    article_id: int
    copied_from: int | None
    text: str
    seen: datetime
    original_text: str | None
    group: tuple[GroupMember, ...]
    story_id: int | None
    members: tuple[PlacedArticle, ...] = ()
    told: bool = False
    printed: tuple[Printed, ...] = ()


def read_placement(
    session: Session, relation: Relation, features: StoryFeatures, *, window: timedelta
) -> PlacementSnapshot:
    """Return what is around an article that is related so to the stored ones."""
    parent_id = relation.decision.duplicate_of
    followers = {follower.article_id for follower in relation.followers}
    groups = read_groups(session, followers, alone=parent_id)
    originals = {one.article_id: one.original_id or one.article_id for one in groups}
    led = stories_of(session, [one for one in followers if originals.get(one) == one])
    members = read_members(session, sorted({story_id for story_id in led.values() if story_id is not None}))
    theirs = read_mere_copies(session, [follower.article_id for follower in relation.followers])
    if parent_id is None:
        candidates = () if members else find_stories(session, features, window=window)
        return PlacementSnapshot(tuple(groups), tuple(members), tuple(candidates), followers=theirs)
    original_id = originals.get(parent_id, parent_id)
    story_id = stories_of(session, [original_id]).get(original_id)
    return PlacementSnapshot(
        tuple(groups), tuple(members), story_id=story_id, matches=matches_of(session, original_id),
        printed=read_printed(session, original_id), followers=theirs,
    )  # fmt: skip


def read_update(session: Session, article_id: int) -> UpdateSnapshot:
    """Return an article that has been placed; it must be there."""
    columns = (Article.copied_from, Article.text, Article.discovered_at, Article.story_id)
    more = (Article.duplicate_of, Article.published_at)
    row = session.execute(select(*columns, *more).where(Article.id == article_id)).one()
    group = tuple(read_groups(session, [article_id]))
    if row.copied_from is not None:
        original = session.scalar(select(Article.text).where(Article.id == row.copied_from)) or ""
        printed = read_printed(session, row.duplicate_of or row.copied_from, before=row.published_at)
        return UpdateSnapshot(article_id, *row[:3], original, group, row.story_id, printed=printed)
    members = tuple(read_members(session, [row.story_id])) if row.story_id is not None else ()
    told = session.scalar(
        select(ToldArticle.article_id)
        .where(ToldArticle.article_id == article_id, ToldArticle.returned.is_(False))
        .limit(1)
    )
    return UpdateSnapshot(article_id, *row[:3], None, group, row.story_id, members, told=told is not None)
