"""Topics applied again to stored articles: how far each has come, and which wait for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import Article, Retag, Topic
from worker.storage.db.claims import claim, still_held, waiting
from worker.storage.topics.stored_texts import first_read_since, last_article


@dataclass(frozen=True, slots=True)
class RetagRecord:
    """A retag that was claimed, with the source text of its topic as it was then; `version` is that text's hash."""

    id: int
    topic: str
    source: str
    version: str
    cursor: int
    last_article_id: int
    attempts: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class RetagProgress:
    """How far a topic has come: `state` is pending, done or failed; `waiting` counts articles still to be read."""

    topic: str
    state: str
    articles: int
    waiting: int
    gained: int
    lost: int
    reason: str | None
    started: datetime
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class ChangedTopic:
    """A topic that was loaded anew after so many articles had been tagged without it, or as it was before."""

    topic: str
    articles: int
    changed: datetime


def start_retag(session: Session, topic: str, *, now: datetime, since: datetime | None = None) -> int:
    """Begin at the first article read `since` then, or go on where an earlier run stopped; return its id.

    It goes on where that run was of the same version and as far back. The topic must have been saved.
    """
    version = session.get_one(Topic, topic).source_hash
    row = session.scalar(select(Retag).where(Retag.topic == topic).with_for_update())  # a slice may just be saved
    if row is None:
        row = Retag(topic=topic, source_hash="", last_article_id=0, started_at=now)
        session.add(row)
    if row.state == "done" or row.source_hash != version or _reaches_further(since, row.since):
        row.since, row.started_at = since, now
        _begin(session, row, version)
    row.state, row.attempts, row.reason, row.next_try_at = "pending", 0, None, None
    session.flush()
    return row.id


def claim_retag(session: Session, retag_id: int, *, now: datetime, lease: timedelta) -> RetagRecord | None:
    """Lease a retag, or return None when it is not to be had. One whose topic has changed begins again."""
    if not claim(session, Retag, retag_id, states=("pending",), now=now, lease=lease):
        return None
    row = session.get_one(Retag, retag_id, populate_existing=True)
    topic = session.get_one(Topic, row.topic)
    if row.source_hash != topic.source_hash:
        _begin(session, row, topic.source_hash)
    return RetagRecord(
        id=row.id, topic=row.topic, source=topic.source, version=topic.source_hash, cursor=row.cursor,
        last_article_id=row.last_article_id, attempts=row.attempts, lease_until=now + lease,
    )  # fmt: skip


def is_held(session: Session, retag: RetagRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return still_held(session, Retag, retag.id, retag.lease_until)


def restart_if_changed(session: Session, retag: RetagRecord) -> bool:
    """Whether the topic is another one than when the retag was claimed, which then begins again and is free."""
    row = session.get_one(Retag, retag.id, populate_existing=True)
    version = session.get_one(Topic, retag.topic, populate_existing=True).source_hash
    if version == row.source_hash == retag.version:
        return False
    _begin(session, row, version)
    row.attempts, row.lease_until = 0, None
    return True


def save_slice(
    session: Session, retag_id: int, *, cursor: int, articles: int, gained: int, lost: int, now: datetime
) -> bool:
    """Record what a slice did, and whether any is left; a cursor at the last article ends it."""
    row = session.get_one(Retag, retag_id, populate_existing=True)
    row.cursor, row.attempts, row.lease_until = cursor, 0, None
    row.articles, row.gained, row.lost = row.articles + articles, row.gained + gained, row.lost + lost
    if cursor < row.last_article_id:
        return True
    row.state, row.finished_at = "done", now
    return False


def save_failed(session: Session, retag_id: int, reason: str) -> None:
    """Stop, with the reason; started again, it goes on at the same article."""
    session.execute(update(Retag).where(Retag.id == retag_id).values(state="failed", lease_until=None, reason=reason))


def waiting_retags(session: Session, *, now: datetime, limit: int) -> list[int]:
    """Return the retags that could be claimed now."""
    return waiting(session, Retag, states=("pending",), now=now, limit=limit)


def retag_progress(session: Session) -> list[RetagProgress]:
    """Return how far every retag has come, by topic."""
    return [
        RetagProgress(
            row.topic, row.state, row.articles, _count(session, row.cursor, row.last_article_id),
            row.gained, row.lost, row.reason, row.started_at, row.finished_at,
        )
        for row in session.scalars(select(Retag).order_by(Retag.topic))
    ]  # fmt: skip


def changed_topics(session: Session, names: Collection[str]) -> list[ChangedTopic]:
    """Return those of the topics that changed after articles had been tagged, unless that is mended or under way."""
    versions = dict(session.execute(select(Retag.topic, Retag.source_hash).where(Retag.state != "failed")).all())
    rows = session.scalars(select(Topic).where(Topic.name.in_(names)).order_by(Topic.name))
    found = [
        ChangedTopic(row.name, _tagged_before(session, row.loaded_at), row.loaded_at)
        for row in rows
        if versions.get(row.name) != row.source_hash
    ]
    return [topic for topic in found if topic.articles]


def _begin(session: Session, row: Retag, version: str) -> None:
    row.source_hash, row.last_article_id = version, last_article(session)
    row.cursor = row.last_article_id if row.since else 0
    if row.since and (first := first_read_since(session, row.since)):
        row.cursor = first - 1
    row.articles = row.gained = row.lost = 0
    row.finished_at = None


def _reaches_further(since: datetime | None, before: datetime | None) -> bool:
    return before is not None and (since is None or since < before)


def _tagged_before(session: Session, moment: datetime) -> int:
    statement = select(func.count()).select_from(Article)
    kept = Article.duplicate_of.is_(None), Article.text_gone_at.is_(None)
    return session.scalar(statement.where(Article.analyzed_at < moment, *kept)) or 0


def _count(session: Session, after: int, through: int) -> int:
    if after >= through:
        return 0
    statement = select(func.count()).select_from(Article).where(Article.id > after, Article.id <= through)
    kept = Article.duplicate_of.is_(None), Article.text_gone_at.is_(None)
    return session.scalar(statement.where(Article.state == "analyzed", *kept)) or 0
