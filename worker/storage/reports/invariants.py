"""What must hold of the rows whatever happens, and is looked for by `storywatch db check`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from models import (
    Article,
    BackfillPage,
    Base,
    Delivery,
    Digest,
    Document,
    FeedClaim,
    HubSubscription,
    Recheck,
    Retag,
    Site,
    Story,
    StoryKey,
    Subscription,
    ToldArticle,
)
from worker.storage.db.database import Database, hold_snapshot, serialize_stories
from worker.storage.stories.news_numbers import latest_news_number

_STUCK = timedelta(days=1)  # the longest lease is an hour
_PUBLISHED = func.coalesce(Article.published_at, Article.discovered_at)
_LEASED = (Article, BackfillPage, Delivery, Document, HubSubscription, Recheck, Retag, Site)


@dataclass(frozen=True, slots=True)
class Broken:
    """What does not hold, of the rows with these ids, or did not before it was `repaired`."""

    what: str
    rows: tuple[int, ...]
    repaired: bool = False


class Invariant(NamedTuple):
    """`find` returns the rows that break it; `mend`, where there is a way, puts them right."""

    what: str
    find: Callable[[Session], Sequence[int]]
    mend: Callable[[Session, Sequence[int]], object] | None = None


def check_database(session: Session, *, now: datetime) -> tuple[Broken, ...]:
    """Return what does not hold, all seen at one moment."""
    hold_snapshot(session)
    found = ((invariant.what, tuple(invariant.find(session))) for invariant in _invariants(now))
    return tuple(Broken(what, rows) for what, rows in found if rows)


def repair_database(database: Database, *, now: datetime) -> tuple[Broken, ...]:
    """Return what did not hold, and put right what can be: one thing after the other, for one may follow from another.

    Nobody is kept waiting while it looks; who works on stories waits while what was found is put right.
    """
    return tuple(broken for invariant in _invariants(now) if (broken := _repaired(database, invariant)))


def _repaired(database: Database, invariant: Invariant) -> Broken | None:
    with database.reading() as session:
        hold_snapshot(session)
        rows = tuple(invariant.find(session))
    if not rows or invariant.mend is None:
        return Broken(invariant.what, rows) if rows else None
    with database.transaction() as session:
        serialize_stories(session)
        rows = tuple(invariant.find(session))  # somebody may have changed it since
        if not rows:
            return None
        invariant.mend(session, rows)
        session.flush()
        return Broken(invariant.what, rows, repaired=not invariant.find(session))


def _invariants(now: datetime) -> Iterable[Invariant]:
    yield from _references()
    for table in _LEASED:
        stuck = table.lease_until > now + _STUCK
        yield Invariant(f"a lease in {table.__tablename__} ends in what is to come", _ids(table, stuck), _free(table))
    late = FeedClaim.lease_until > now + _STUCK
    yield Invariant("a poll's lease ends in what is to come", _rows(select(FeedClaim.feed_id).where(late)), _free_feeds)
    yield Invariant("a copy's original is a copy itself", _ids(Article, _is_chained()), _unchain)
    yield Invariant("a copy is in another story than its original", _ids(Article, _is_astray()), _bring_along)
    yield Invariant("a story's sums are not those of its members", _unequal_sums, _sum_up)
    yield Invariant("what is no report is found as one", _rows(_stray_keys()), _drop_keys)
    yield Invariant("a subscription has seen news that there are not", _ahead_of_news, _set_to_latest)
    yield Invariant("an article was told to somebody by another's digest", _rows(_told_by_others()))


def _references() -> Iterable[Invariant]:
    """Every reference of every table leads to a row."""
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
            orphans = key.parent.is_not(None), _leads_nowhere(key)
            id_column = next(iter(table.primary_key.columns))
            statement = select(id_column).where(*orphans)
            what = f"{table.name}.{key.parent.name} leads to a row that is not there"
            yield Invariant(what, _rows(statement), _mend_reference(key.parent, key.ondelete, orphans))


def _leads_nowhere(key: ForeignKey) -> ColumnElement[bool]:
    """NOT EXISTS, for which PostgreSQL joins: it goes through the whole of a long NOT IN anew for each row."""
    target = key.column.table.alias()
    column: ColumnElement[Any] = target.c[key.column.name]
    return ~select(column).where(column == key.parent).correlate(key.parent.table).exists()


def _mend_reference(column: Any, ondelete: str | None, orphans: tuple[ColumnElement[bool], ...]) -> Any:
    def mend(session: Session, _rows: Sequence[int]) -> None:
        if ondelete == "SET NULL":
            session.execute(update(column.table).where(*orphans).values({column.name: None}))
        else:
            session.execute(delete(column.table).where(*orphans))

    return mend


def _rows(statement: Any) -> Callable[[Session], Sequence[int]]:
    return lambda session: session.scalars(statement).all()


def _ids(table: Any, which: ColumnElement[bool]) -> Callable[[Session], Sequence[int]]:
    return _rows(select(table.id).where(which).order_by(table.id))


def _free(table: Any) -> Callable[[Session, Sequence[int]], object]:
    def mend(session: Session, rows: Sequence[int]) -> None:
        _set(session, table, rows, lease_until=None)

    return mend


def _free_feeds(session: Session, rows: Sequence[int]) -> None:
    session.execute(delete(FeedClaim).where(FeedClaim.feed_id.in_(rows)))


def _is_chained() -> ColumnElement[bool]:
    original = aliased(Article)
    return select(original.id).where(original.id == Article.duplicate_of, original.duplicate_of.is_not(None)).exists()


def _unchain(session: Session, rows: Sequence[int]) -> None:
    original = aliased(Article)
    of = select(original.duplicate_of).where(original.id == Article.duplicate_of).scalar_subquery()
    _set(session, Article, rows, duplicate_of=of)


def _is_astray() -> ColumnElement[bool]:
    original = aliased(Article)
    elsewhere = original.story_id.is_distinct_from(Article.story_id)
    return select(original.id).where(original.id == Article.duplicate_of, elsewhere).exists()


def _bring_along(session: Session, rows: Sequence[int]) -> None:
    original = aliased(Article)
    of = select(original.story_id).where(original.id == Article.duplicate_of).scalar_subquery()
    _set(session, Article, rows, story_id=of)


def _sums() -> Any:
    """By story: how many members it has, and when the first and the last of them were published."""
    return (
        select(
            Article.story_id.label("story_id"), func.count().label("size"),
            func.min(_PUBLISHED).label("first"), func.max(_PUBLISHED).label("last"),
        )
        .where(Article.story_id.is_not(None), Article.duplicate_of.is_(None))
        .group_by(Article.story_id)
        .subquery()
    )  # fmt: skip


def _unequal_sums(session: Session) -> Sequence[int]:
    sums = _sums()
    dates = or_(Story.first_published_at != sums.c.first, Story.last_published_at != sums.c.last)
    unequal = or_(Story.size != func.coalesce(sums.c.size, 0), and_(sums.c.size > 0, dates))
    joined = select(Story.id).outerjoin(sums, sums.c.story_id == Story.id)
    return session.scalars(joined.where(unequal).order_by(Story.id)).all()


def _sum_up(session: Session, rows: Sequence[int]) -> None:
    def of_members(value: Any) -> Any:
        is_member = Article.story_id == Story.id, Article.duplicate_of.is_(None)
        return select(value).where(*is_member).scalar_subquery()

    _set(
        session, Story, rows, size=of_members(func.count()),
        first_published_at=func.coalesce(of_members(func.min(_PUBLISHED)), Story.first_published_at),
        last_published_at=func.coalesce(of_members(func.max(_PUBLISHED)), Story.last_published_at),
    )  # fmt: skip


def _stray_keys() -> Any:
    is_report = Article.story_id.is_not(None), Article.duplicate_of.is_(None)
    report = select(Article.id).where(Article.id == StoryKey.article_id, *is_report)
    return select(StoryKey.article_id).where(~report.exists()).distinct()


def _drop_keys(session: Session, rows: Sequence[int]) -> None:
    session.execute(delete(StoryKey).where(StoryKey.article_id.in_(rows)))


def _ahead_of_news(session: Session) -> Sequence[int]:
    return _ids(Subscription, Subscription.news_seen > latest_news_number(session))(session)


def _set_to_latest(session: Session, rows: Sequence[int]) -> None:
    _set(session, Subscription, rows, news_seen=latest_news_number(session))


def _told_by_others() -> Any:
    of_digest = Digest.id == ToldArticle.digest_id
    others = Digest.subscription_id != ToldArticle.subscription_id
    return select(ToldArticle.article_id).join(Digest, of_digest).where(others).distinct()


_CHUNK = 500


def _set(session: Session, table: Any, rows: Sequence[int], **values: Any) -> None:
    for start in range(0, len(rows), _CHUNK):
        chosen = update(table).where(table.id.in_(rows[start : start + _CHUNK])).values(**values)
        session.execute(chosen.execution_options(synchronize_session=False))
