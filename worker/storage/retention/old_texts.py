"""What articles said, once it is old: they stay without their words, with their titles, stories and topics."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Article, Revision, TopicLabel


def prune_texts(session: Session, *, before: datetime, now: datetime, limit: int) -> int:
    """Blank the words of up to so many articles read before that moment; return how many.

    What somebody has labelled keeps them: topics learn from it.
    """
    labelled = select(TopicLabel.article_id).where(TopicLabel.article_id == Article.id)
    old = Article.analyzed_at < before, Article.state == "analyzed", Article.text_gone_at.is_(None), ~labelled.exists()
    found = session.scalars(select(Article.id).where(*old).order_by(Article.analyzed_at).limit(limit)).all()
    session.execute(
        update(Article)
        .where(Article.id.in_(found))
        .values(text="", entry_body="", removed=None, shared_passage=None, text_gone_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(update(Revision).where(Revision.article_id.in_(found)).values(text="", added=""))
    return len(found)
