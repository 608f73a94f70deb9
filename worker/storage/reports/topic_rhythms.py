"""When topics matched: asked for those alone that have been silent for a while, so that it costs little each minute."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Topic, TopicMatch


def quiet_topics(session: Session, *, quiet_since: datetime, after: datetime) -> dict[str, list[datetime]]:
    """By topic in use that has matched nothing since `quiet_since`: the moments of its matches from `after` on."""
    newest = {
        name: session.scalar(select(func.max(TopicMatch.matched_at)).where(TopicMatch.topic == name))
        for name in session.scalars(select(Topic.name).where(Topic.in_use))
    }
    return {
        name: list(
            session.scalars(
                select(TopicMatch.matched_at).where(TopicMatch.topic == name, TopicMatch.matched_at >= after)
            )
        )
        for name, moment in newest.items()
        if moment is not None and moment < quiet_since
    }
