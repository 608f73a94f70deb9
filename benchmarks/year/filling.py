"""The rest of the day's thousand: what was read today and is on no topic, some dozens of times over, straight in rows.

All that the real steps wrote of such an article stands again under other numbers and keys: its row with its words, its
page, its sightings, its story with its events and its index. Only the index of near-duplicates has nothing of it: that
goes by the month (`benchmarks.dedupe` measures it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import BigInteger, Table, func, insert, literal, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from models import Article, Base, Beginning, Document, Sighting, Story, StoryEvent, StoryKey, TopicMatch
from worker.storage.db.database import Database

_TABLES = (Story, Article, Document, Sighting, StoryEvent, StoryKey, Beginning)
_KEY_STEP = 1_000_003


def fill(database: Database, *, since: datetime, count: int) -> int:
    """Add so many articles to those read `since`, as like them as can be; return how many came in."""
    with database.transaction() as session:
        chosen = _chosen(session, since)
        if not chosen:
            return 0
        times = -(-count // len(chosen))
        for number in range(1, times + 1):
            _repeat(session, chosen, f"{since:%y%m%d}{number:04}", number)
        if not database.is_sqlite:
            for table in _TABLES[:5]:
                _move_sequence(session, table.__table__)  # type: ignore[arg-type]
    return times * len(chosen)


def _chosen(session: Session, since: datetime) -> list[int]:
    """The stories of one report that were opened since and are on no topic."""
    alone = select(Article.story_id).where(
        Article.analyzed_at >= since, Article.id.not_in(select(TopicMatch.article_id)),
        Article.duplicate_of.is_(None), Article.state == "analyzed",
    )  # fmt: skip
    own = select(Story.id).where(Story.created_at >= since, Story.size == 1, Story.id.in_(alone))
    members = select(Article.story_id).where(Article.story_id.in_(own)).group_by(Article.story_id)
    return list(session.scalars(members.having(func.count() == 1).order_by(Article.story_id)))


def _repeat(session: Session, stories: list[int], tag: str, number: int) -> None:
    articles = list(session.scalars(select(Article.id).where(Article.story_id.in_(stories)).order_by(Article.id)))
    moves = {"stories": _move(session, Story, min(stories)), "articles": _move(session, Article, min(articles))}
    for model in _TABLES:
        table: Table = model.__table__  # type: ignore[assignment]
        key = table.c.id if model in (Story, Article) else table.c.article_id
        wanted = stories if model is Story else articles
        if "id" in table.c and model not in (Story, Article):
            moves["own"] = _move(
                session, model, session.scalar(select(func.min(table.c.id)).where(key.in_(wanted))) or 0
            )
        columns = dict(_columns(table, moves, tag, number))
        rows = select(*columns.values()).where(key.in_(wanted))
        session.execute(insert(table).from_select(list(columns), rows))


def _move(session: Session, model: type[Base], lowest: int) -> int:
    """What is added to numbers, so that all of them are above the highest there is."""
    return (session.scalar(select(func.max(model.__table__.c.id))) or 0) - lowest + 1


def _columns(
    table: Table, moves: Mapping[str, int], tag: str, number: int
) -> Iterator[tuple[str, ColumnElement[object]]]:
    for column in table.columns:
        named = {key.column.table.name for key in column.foreign_keys}
        value: ColumnElement[object] = column
        if column.name == "id":
            value = column + moves.get(table.name, moves.get("own", 0))
        elif named & moves.keys():
            value = column + moves[next(iter(named & moves.keys()))]
        elif column.name in ("url_hash", "text_hash", "address_hash"):
            value = literal(tag) + func.substr(column, len(tag) + 1)
        elif column.name == "url":
            value = column + literal(f"-{tag}")
        elif column.name == "key":
            is_number = isinstance(column.type, BigInteger)
            value = (column / 2 + number * _KEY_STEP) if is_number else func.substr(column, 1, 50) + literal(f"~{tag}")
        elif column.name == "unsettled_at":
            value = literal(None, column.type)
        yield column.name, value.label(column.name)


def _move_sequence(session: Session, table: Table) -> None:
    session.execute(
        text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")
    )
