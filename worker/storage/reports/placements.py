"""Placements: what articles are among the others, copy or original, in which story, on which topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Article
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.storage.topics.topic_rows import matches_of
from worker.topics import TopicMatch

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article stands; `duplicate` names the original of its group, where it is a copy."""

    duplicate: DuplicateDecision
    story_id: int | None
    matches: tuple[TopicMatch, ...]


def read_placements(session: Session, article_ids: Sequence[int]) -> dict[int, Placement]:
    """Return where the articles stand that have been placed, by id; without the passages that copies share."""
    found: dict[int, Placement] = {}
    columns = (Article.id, Article.story_id, Article.duplicate_kind, Article.duplicate_of, Article.similarity)
    for start in range(0, len(article_ids), _CHUNK):
        wanted = (Article.id.in_(article_ids[start : start + _CHUNK]), Article.state == "analyzed")
        for article_id, story_id, kind, original_id, similarity in session.execute(select(*columns).where(*wanted)):
            duplicate = DuplicateDecision(DuplicateKind(kind or DuplicateKind.UNIQUE), original_id, similarity)
            found[article_id] = Placement(duplicate, story_id, matches_of(session, article_id))
    return found


def count_articles(session: Session) -> int:
    """Return how many articles are stored, whatever their state."""
    return session.scalar(select(func.count()).select_from(Article)) or 0
