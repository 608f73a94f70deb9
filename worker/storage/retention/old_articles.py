"""Articles and stories that are over: deleted with all that depends on them.

A story goes as a whole, so that its sums are always those of its members. What is in no story, and what merely copies
another, goes by itself. Nothing goes that is the newest of its kind: by the highest numbers those that come are given.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models import Article, DigestStory, Story, ToldArticle, TopicLabel, TopicMatch
from worker.storage.db.database import serialize_stories
from worker.storage.retention.gone_articles import remember_gone


@dataclass(frozen=True, slots=True)
class Age:
    """What is over: what was read before that moment, and if only `unmatched` was on no topic and told to nobody."""

    before: datetime
    unmatched: bool


def prune_stories(session: Session, age: Age, *, now: datetime, limit: int) -> int:
    """Delete up to so many stories that are over, each with all its articles; return how many stories."""
    serialize_stories(session)
    latest = select(func.max(Story.id)), select(func.max(Story.news_number))
    members = select(Article.id).where(Article.story_id == Story.id)
    over = [
        Story.merged_into.is_(None),
        Story.developed_at < age.before,
        Story.id < latest[0].scalar_subquery(),
        Story.news_number < latest[1].scalar_subquery(),
        ~members.where(~_is_over(age)).exists(),
        ~members.where(_copied_elsewhere()).exists(),
    ]
    if age.unmatched:
        over.append(~select(DigestStory.id).where(DigestStory.story_id == Story.id).exists())
    found = session.scalars(select(Story.id).where(*over).order_by(Story.id).limit(limit)).all()
    _delete_articles(session, select(Article.id).where(Article.story_id.in_(found)), now=now)
    session.execute(delete(Story).where(or_(Story.id.in_(found), Story.merged_into.in_(found))))
    return len(found)


def prune_copies(session: Session, age: Age, *, now: datetime, limit: int) -> int:
    """Delete up to so many mere copies that are over, also of a story that is not; return how many."""
    serialize_stories(session)
    mere = Article.duplicate_of.is_not(None), ~Article.updates_original
    found = session.scalars(select(Article.id).where(*mere, _is_over(age)).order_by(Article.id).limit(limit)).all()
    # What copied one of them copies its original too.
    followers = update(Article).where(Article.duplicate_of.is_not(None), Article.copied_from.in_(found))
    session.execute(followers.values(copied_from=Article.duplicate_of).execution_options(synchronize_session=False))
    return _delete_articles(session, found, now=now)


def prune_outsiders(session: Session, age: Age, *, now: datetime, limit: int) -> int:
    """Delete up to so many articles that are over, in no story and copied by none; return how many."""
    copy = aliased(Article)
    copied = select(copy.id).where(copy.duplicate_of == Article.id)
    outside = Article.story_id.is_(None), Article.duplicate_of.is_(None), ~copied.exists()
    found = session.scalars(select(Article.id).where(*outside, _is_over(age)).order_by(Article.id).limit(limit)).all()
    return _delete_articles(session, found, now=now)


def _is_over(age: Age) -> ColumnElement[bool]:
    """What holds of an article that may go: nobody works on it, and nobody has said anything of it."""
    newest = select(func.max(aliased(Article).id)).scalar_subquery()
    over = [
        Article.state.in_(("analyzed", "failed")),
        func.coalesce(Article.analyzed_at, Article.discovered_at) < age.before,
        Article.id < newest,
        ~_has_row(TopicLabel.article_id),
    ]
    if age.unmatched:
        over += [~_has_row(TopicMatch.article_id), ~_has_row(ToldArticle.article_id)]
    return and_(*over)


def _has_row(article_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return select(article_id).where(article_id == Article.id).exists()


def _copied_elsewhere() -> ColumnElement[bool]:
    """An article whose copy is in another story: that must have its original."""
    copy = aliased(Article)
    elsewhere = copy.story_id.is_distinct_from(Article.story_id)
    return select(copy.id).where(copy.duplicate_of == Article.id, elsewhere).exists()


def _delete_articles(session: Session, ids: Collection[int] | Any, *, now: datetime) -> int:
    remember_gone(session, session.scalars(select(Article.url_hash).where(Article.id.in_(ids))), now=now)
    return session.connection().execute(delete(Article).where(Article.id.in_(ids))).rowcount
