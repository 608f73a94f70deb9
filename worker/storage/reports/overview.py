"""How much of what there is, and what is in trouble: the numbers behind `storywatch status`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Article, Delivery, Document, Story, Subscriber
from worker.storage.db.ticks import job_ticks
from worker.storage.digests.mail_hosts import failing_hosts

_TROUBLES = 5
_RECENT = 10_000  # articles among which the newest troubles are looked for


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that a person should look at: `what` names it, `reason` says what is wrong."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts by state, the newest troubles, and when each job of the clock last ran.

    `missed_pages` are articles that go on all the same: their page is asked for again, or was no article.
    """

    articles: Mapping[str, int]
    feed_only: int
    documents: Mapping[str, int]
    stories: int
    subscribers: Mapping[str, int]
    deliveries: Mapping[str, int]
    oldest_waiting: datetime | None
    failed_articles: tuple[Trouble, ...]
    missed_pages: tuple[Trouble, ...]
    failed_deliveries: tuple[Trouble, ...]
    mail_hosts: tuple[Trouble, ...]
    ticks: Mapping[str, datetime]


def read_overview(session: Session) -> Overview:
    """Count everything. `oldest_waiting` is when the oldest article that is not finished was discovered."""
    return Overview(
        articles=_by_state(session, Article.state),
        feed_only=session.scalar(select(func.count()).where(Article.feed_only, Article.state == "analyzed")) or 0,
        documents=_by_state(session, Document.state),
        stories=session.scalar(select(func.count(Story.id)).where(Story.merged_into.is_(None))) or 0,
        subscribers=_by_state(session, Subscriber.state),
        deliveries=_by_state(session, Delivery.state),
        oldest_waiting=_oldest_waiting(session),
        failed_articles=_article_troubles(session, Article.state == "failed"),
        missed_pages=_missed_pages(session),
        failed_deliveries=_failed_deliveries(session),
        mail_hosts=tuple(
            Trouble(f"{host.host} ({host.failures} failures, until {host.rest_until:%H:%M} UTC)", host.reason or "")
            for host in failing_hosts(session)
        ),
        ticks=job_ticks(session),
    )


def delivery_state(session: Session, delivery_id: int) -> tuple[str, str | None]:
    """Return the delivery's state and its reason; it must be there."""
    row = session.get_one(Delivery, delivery_id)
    return row.state, row.reason


def _by_state(session: Session, state: InstrumentedAttribute[str]) -> dict[str, int]:
    rows = session.execute(select(state, func.count()).group_by(state).order_by(state))
    return dict(rows.all())


def _oldest_waiting(session: Session) -> datetime | None:
    waiting = Article.state.in_(("discovered", "fetched"))
    # The oldest has the lowest id; its date alone need not be looked for in all the others.
    return session.scalar(select(Article.discovered_at).where(waiting).order_by(Article.id).limit(1))


def _missed_pages(session: Session) -> tuple[Trouble, ...]:
    newest = session.scalar(select(func.max(Article.id))) or 0
    return _article_troubles(
        session, Article.state != "failed", Article.has_page.is_(True), Article.id > newest - _RECENT
    )


def _article_troubles(session: Session, *where: ColumnElement[bool]) -> tuple[Trouble, ...]:
    rows = session.execute(
        select(Article.url, Article.reason)
        .where(Article.reason.is_not(None), *where)
        .order_by(Article.id.desc())
        .limit(_TROUBLES)
    )
    return tuple(Trouble(url, reason or "") for url, reason in rows)


def _failed_deliveries(session: Session) -> tuple[Trouble, ...]:
    """Those given up, and those still tried that have been refused at least once."""
    rows = session.execute(
        select(Delivery.recipient, Delivery.state, Delivery.reason)
        .where(Delivery.state != "sent", Delivery.reason.is_not(None), Delivery.reason != "unsubscribed")
        .order_by(Delivery.id.desc())
        .limit(_TROUBLES)
    )
    return tuple(Trouble(f"{recipient} ({state})", reason or "") for recipient, state, reason in rows)
