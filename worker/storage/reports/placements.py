"""Where articles stand in the end: a copy of which original, and in which story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Article

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class PlacementRecord:
    """What became of an article among the others; `kind` is a `duplicates.DuplicateKind`."""

    duplicate_of: int | None
    kind: str
    similarity: float | None
    story_id: int | None


def read_placements(session: Session, article_ids: Sequence[int]) -> dict[int, PlacementRecord]:
    """Return where the articles stand that have been placed, by id."""
    found: dict[int, PlacementRecord] = {}
    for start in range(0, len(article_ids), _CHUNK):
        rows = select(
            Article.id, Article.duplicate_of, Article.duplicate_kind, Article.similarity, Article.story_id
        ).where(Article.id.in_(article_ids[start : start + _CHUNK]), Article.state == "analyzed")
        found |= {row[0]: PlacementRecord(row[1], row[2] or "unique", row[3], row[4]) for row in session.execute(rows)}
    return found


def count_articles(session: Session) -> int:
    """Return how many articles are stored, whatever their state."""
    return session.scalar(select(func.count()).select_from(Article)) or 0
