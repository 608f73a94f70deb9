"""Groups of copies: an original and all that copy it, by whatever steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ClauseElement, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from models import Article
from worker.duplicates import GroupMember, Origin, Printed, Printing, trace_origin

_PRINTINGS = 2_000
_UPDATE = update(Article).where(Article.id.in_(bindparam("rows", expanding=True)))


def read_groups(session: Session, article_ids: Collection[int], *, alone: int | None = None) -> list[GroupMember]:
    """Return the articles and all that are in a group of copies with them; of the one `alone` nothing but itself."""
    wanted = {*article_ids, alone} - {None}
    if not wanted:
        return []
    rows = select(Article.id, Article.copied_from, Article.duplicate_of)
    found = [GroupMember(*row) for row in session.execute(rows.where(Article.id.in_(wanted)))]
    originals = {one.original_id or one.article_id for one in found if one.article_id in article_ids}
    if originals:
        found += [GroupMember(*row) for row in session.execute(rows.where(Article.duplicate_of.in_(originals)))]
    return sorted({one.article_id: one for one in found}.values(), key=lambda one: one.article_id)


def read_printed(session: Session, original_id: int, *, before: datetime | None = None) -> tuple[Printed, ...]:
    """Return what the original says, and what those of its copies do that have brought it up to date.

    Of the latter, only those that were published `before` that moment, if one is given.
    """
    updates = and_(Article.duplicate_of == original_id, Article.updates_original)
    if before is not None:
        updates = and_(updates, Article.published_at < before)
    rows = session.execute(
        select(Article.title, Article.text).where(or_(Article.id == original_id, updates)).order_by(Article.id)
    )
    return tuple(Printed(title, text) for title, text in rows)


def read_mere_copies(session: Session, article_ids: Sequence[int]) -> tuple[tuple[int, Printed], ...]:
    """Return what those of the articles say that have brought no original up to date, in the given order."""
    asked = select(Article.id, Article.title, Article.text)
    rows = session.execute(asked.where(Article.id.in_(article_ids), ~Article.updates_original)).all()
    found = {row.id: Printed(row.title, row.text) for row in rows}
    return tuple((one, found[one]) for one in article_ids if one in found)


def origin_of(session: Session, article_id: int) -> Origin | None:
    """Return where the article's group comes from; None for an article without copies."""
    original = select(Article.duplicate_of).where(Article.id == article_id)
    leader = session.scalar(original) or article_id
    columns = Article.outlet, Article.published_at, Article.discovered_at, Article.agency, Article.state
    statement = select(*columns).where(or_(Article.id == leader, Article.duplicate_of == leader))
    group = [
        Printing(row.outlet, row.published_at or row.discovered_at, row.agency)
        for row in session.execute(statement.order_by(Article.published_at, Article.id).limit(_PRINTINGS))
        if row.state == "analyzed"  # not in the statement: SQLite would go by that, which nearly all have
    ]
    return trace_origin(group) if len(group) > 1 else None


def update_articles(session: Session, ids: Collection[int], **values: object) -> None:
    """Write these columns of those articles."""
    if not ids:
        return
    if any(isinstance(value, ClauseElement) for value in values.values()):
        session.connection().execute(_UPDATE.values(**values), {"rows": list(ids)})
    else:
        session.connection().execute(_UPDATE, {"rows": list(ids), **values})
