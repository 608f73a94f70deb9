"""Who is the original of a group of copies: the earliest published, whatever order they were read in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import Article
from worker.duplicates import DuplicateDecision


@dataclass(frozen=True, slots=True, order=True)
class Seniority:
    """How two copies are compared: the smaller one is the original."""

    published: datetime
    seen: datetime
    article_id: int


def seniority(session: Session, article_id: int, *, published: datetime | None = None) -> Seniority:
    """Return the rank of a stored article; `published` is given for one whose analysis is not saved yet."""
    row = session.get_one(Article, article_id)
    return Seniority(published or row.published_at or row.discovered_at, row.discovered_at, row.id)


def take_over(
    session: Session, article_id: int, original_id: int, decision: DuplicateDecision
) -> tuple[list[int], int | None]:
    """Make the article the original of the group that `original_id` led; return its copies and its story.

    It takes the former original's place in the story, at the same revision: nothing new is told by it.
    """
    former = session.get_one(Article, original_id, populate_existing=True)
    place = {
        "story_id": former.story_id, "story_revision": former.story_revision,
        "story_score": former.story_score, "story_evidence": former.story_evidence,
    }  # fmt: skip
    group = or_(Article.duplicate_of == original_id, Article.id == original_id)
    copies = list(session.scalars(select(Article.id).where(group, Article.id != article_id)))
    _update(session, [original_id], duplicate_kind=decision.kind.value, similarity=decision.similarity,
            shared_passage=decision.evidence or None, story_revision=None)  # fmt: skip
    _update(session, copies, duplicate_of=article_id)
    mailable = former.mailable or session.get_one(Article, article_id).mailable
    _update(session, [article_id], duplicate_of=None, duplicate_kind="unique", similarity=None,
            shared_passage=None, mailable=mailable, **place)  # fmt: skip
    return copies, former.story_id


def _update(session: Session, ids: list[int], **values: object) -> None:
    session.execute(
        update(Article).where(Article.id.in_(ids)).values(**values).execution_options(synchronize_session=False)
    )
