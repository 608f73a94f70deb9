"""The newest articles that may be what is wanted, as the index and the columns know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from models import Article, TopicMatch
from worker.storage.search.fts5 import Fts5
from worker.storage.search.lookup import Lookup, look_up
from worker.storage.search.tsquery import TsQuery
from worker.topics.search import Candidate, Wanted

_Indexed = tuple[Select[int, str, str, datetime | None, datetime], ColumnElement[int]]
"""What is asked, and the article's number as that table has it by whose order it is answered."""

_INDEX = table("search_index", column("rowid"), column("article_id"), column("words"))


@dataclass(frozen=True, slots=True)
class FoundCandidates:
    """`must_read` where only reading tells which of them are wanted; `has_more` where there are older ones."""

    candidates: tuple[Candidate, ...]
    must_read: bool
    has_more: bool


def find_candidates(
    session: Session, wanted: Wanted, *, below: int | None, exact: int, inexact: int
) -> FoundCandidates:  # fmt: skip
    """Return the newest with a number below that: at most `exact` of them, or `inexact` where they must be read."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    found = look_up(wanted.query.root, Fts5() if is_sqlite else TsQuery()) if wanted.query else None
    must_read = wanted.query is not None and (found is None or not found.exact)
    most = inexact if must_read else exact
    indexed, number = _indexed(found, below, is_sqlite=is_sqlite)
    rows = session.execute(indexed.where(*_conditions(wanted)).order_by(number.desc()).limit(most + 1)).all()
    candidates = tuple(
        Candidate(row.id, row.title or row.entry_title, row.published_at or row.discovered_at) for row in rows[:most]
    )
    return FoundCandidates(candidates, must_read, len(rows) > most)


def _indexed(found: Lookup | None, below: int | None, *, is_sqlite: bool) -> _Indexed:
    asked = select(Article.id, Article.title, Article.entry_title, Article.published_at, Article.discovered_at)
    if found is None:
        number = Article.id.expression
        # SQLite would take all that were read by an index on their state, and sort them.
        is_read = func.coalesce(Article.state, "") == "analyzed"
        return asked.where(is_read, *_below(number, below)), number
    lookup = bindparam("lookup", found.expression, type_=Text)
    if is_sqlite:
        number, holds = _INDEX.c.rowid, literal_column("search_index").bool_op("MATCH")(lookup)
        return asked.select_from(_INDEX).join(Article, Article.id == number).where(
            holds, *_below(number, below)
        ), number
    # PostgreSQL thinks that to look at a vector costs nothing, and would walk through all of them by their numbers:
    # as a step of its own, the index is asked.
    holds = _INDEX.c.words.bool_op("@@")(cast(lookup, TSQUERY))
    hits = select(_INDEX.c.article_id).where(holds, *_below(_INDEX.c.article_id + 0, below)).cte("hits")
    number = hits.c.article_id
    return asked.select_from(hits.prefix_with("MATERIALIZED")).join(Article, Article.id == number), number


def _below(number: ColumnElement[int], below: int | None) -> list[ColumnElement[bool]]:
    return [] if below is None else [number < below]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    published = func.coalesce(Article.published_at, Article.discovered_at)
    found: list[ColumnElement[bool]] = []
    if wanted.after:
        found.append(published >= _midnight(wanted.after))
    if wanted.before:
        found.append(published < _midnight(wanted.before))
    if wanted.topic:
        mine = TopicMatch.article_id == Article.id, TopicMatch.topic == wanted.topic
        found.append(exists(select(TopicMatch.id).where(*mine)))
    if not wanted.copies:
        found.append(or_(Article.duplicate_of.is_(None), Article.updates_original))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
