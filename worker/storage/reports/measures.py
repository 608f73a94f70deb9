"""The numbers behind `/metrics`: each found by an index, so that asking often costs little however much is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Article, Delivery, Document, Feed, FeedPoll, Subscriber, TopicMatch
from worker.storage.db.sizes import read_size
from worker.storage.db.ticks import job_ticks

_LATELY = timedelta(hours=1)
_FAILURES = 3
_UNFINISHED = ("discovered", "fetched")


@dataclass(frozen=True, slots=True)
class Measures:
    """How much of what there is; `oldest` says since when the oldest row waits, by what it waits in.

    What is counted `lately` is of the last hour: polls by outcome, articles that were read, matches by topic.
    """

    articles: Mapping[str, int]
    documents: int
    deliveries: Mapping[str, int]
    subscribers: Mapping[str, int]
    feeds: int
    failing_feeds: int
    oldest: Mapping[str, datetime]
    polls_lately: Mapping[str, int]
    read_lately: int
    matches_lately: Mapping[str, int]
    size: int
    ticks: Mapping[str, datetime]


def read_measures(session: Session, *, now: datetime) -> Measures:
    """Look at them."""
    since = now - _LATELY
    articles = {state: _count(session, _in_state(Article.state, state)) for state in (*_UNFINISHED, "failed")}
    polls = select(FeedPoll.outcome, func.count()).where(FeedPoll.at >= since).group_by(FeedPoll.outcome)
    matches = select(TopicMatch.topic, func.count()).where(TopicMatch.matched_at >= since).group_by(TopicMatch.topic)
    return Measures(
        articles=articles, documents=_count(session, _in_state(Document.state, "pending")),
        deliveries=_by(session, Delivery.state), subscribers=_by(session, Subscriber.state),
        feeds=_count(session, select(func.count()).where(Feed.active)),
        failing_feeds=_count(session, select(func.count()).where(Feed.active, Feed.failures >= _FAILURES)),
        oldest=_oldest(session), polls_lately=dict(session.execute(polls).all()),
        read_lately=_count(session, select(func.count()).where(Article.analyzed_at >= since)),
        matches_lately=dict(session.execute(matches).all()), size=read_size(session), ticks=job_ticks(session),
    )  # fmt: skip


def _in_state(column: InstrumentedAttribute[str], state: str) -> Select[int]:
    return select(func.count()).where(column == state)


def _count(session: Session, statement: Select[int]) -> int:
    return session.scalar(statement) or 0


def _by(session: Session, column: InstrumentedAttribute[str]) -> dict[str, int]:
    return dict(session.execute(select(column, func.count()).group_by(column)).all())


def _oldest(session: Session) -> dict[str, datetime]:
    """The row that came first has the lowest number."""
    asked = {
        **{state: select(Article.discovered_at).where(Article.state == state).order_by(Article.id)
           for state in _UNFINISHED},
        "pending document": select(Document.fetched_at).where(Document.state == "pending").order_by(Document.id),
        "pending delivery": select(Delivery.created_at).where(Delivery.state == "pending").order_by(Delivery.id),
    }  # fmt: skip
    found = {name: session.scalar(statement.limit(1)) for name, statement in asked.items()}
    return {name: moment for name, moment in found.items() if moment is not None}
