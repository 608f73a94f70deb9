"""Topics as loaded, and the matches of articles with their reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Topic as TopicRow
from models import TopicMatch as TopicMatchRow
from worker.storage.hashes import string_hash
from worker.topics import Band, MatchedSpan, Topic, TopicMatch


def save_topics(session: Session, topics: Sequence[tuple[Topic, str]], *, now: datetime) -> None:
    """Remember the topics in use with their source text, so that `explain` can name the version."""
    for topic, source in topics:
        row = session.get(TopicRow, topic.name)
        digest = string_hash(source)
        if row is None or row.source_hash != digest:
            session.merge(
                TopicRow(
                    name=topic.name,
                    description=topic.description,
                    source=source,
                    source_hash=digest,
                    loaded_at=now,
                )
            )


def save_matches(session: Session, article_id: int, matches: Sequence[TopicMatch], *, now: datetime) -> None:
    """Replace what the article matched."""
    session.execute(delete(TopicMatchRow).where(TopicMatchRow.article_id == article_id))
    session.add_all(
        TopicMatchRow(
            article_id=article_id, topic=match.topic, score=match.score, band=match.band.value,
            spans=[[span.field, span.start, span.end, span.term] for span in match.spans],
            reasons=list(match.reasons), matched_at=now,
        )
        for match in matches
    )  # fmt: skip


def matches_of(session: Session, article_id: int) -> tuple[TopicMatch, ...]:
    """Return what the article matched, the best first."""
    rows = session.scalars(
        select(TopicMatchRow)
        .where(TopicMatchRow.article_id == article_id)
        .order_by(TopicMatchRow.score.desc(), TopicMatchRow.topic)
    )
    return tuple(
        TopicMatch(
            topic=row.topic, score=row.score, band=Band(row.band), reasons=tuple(row.reasons),
            spans=tuple(MatchedSpan(str(f), int(s), int(e), str(t)) for f, s, e, t in row.spans),
        )
        for row in rows
    )  # fmt: skip
