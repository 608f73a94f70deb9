"""In which digests an article was told, and for whom it was passed over: as it was decided then, wherever it is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models import Delivery, Digest, DigestStory, PassedOver, Subscriber, Subscription, ToldArticle


@dataclass(frozen=True, slots=True)
class Mention:
    """A digest that told the article, or, where it is not `included`, the original that it is a copy of.

    `page` is 1 in the digest itself, else that of its archive; `revision` is the article's as it was told. `returned`
    says that the digest could not be delivered, and that what it told waits for the next one.
    """

    subscription_id: int
    address: str
    kind: str
    window_start: datetime
    window_end: datetime
    topic: str
    page: int
    revision: int
    included: bool
    returned: bool
    delivery_state: str | None
    delivery_reason: str | None
    sent: datetime | None


@dataclass(frozen=True, slots=True)
class Passing:
    """The article, or its original, was looked at and not told: `reason` is repeats, old, muted or crowded."""

    subscription_id: int
    reason: str
    at: datetime


def mentions_of(session: Session, article_id: int, original_id: int | None) -> tuple[Mention, ...]:
    """Return the digests that told the article or its original, in their order."""
    statement = (
        select(ToldArticle, Digest, Subscriber.address, Delivery)
        .join(Digest, Digest.id == ToldArticle.digest_id)
        .join(Subscription, Subscription.id == ToldArticle.subscription_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .outerjoin(Delivery, Delivery.digest_id == Digest.id)
        .where(*_about(ToldArticle, article_id, original_id))
        .order_by(Digest.window_end, Digest.id, ToldArticle.article_id)
    )
    rows = session.execute(statement).all()
    stories = _stories(session, {told.digest_id for told, *_ in rows})
    return tuple(
        _mention(told, digest, address, delivery, stories[digest.id], included=told.article_id == article_id)
        for told, digest, address, delivery in rows
    )


def passings_of(session: Session, article_id: int, original_id: int | None) -> tuple[Passing, ...]:
    """Return for whom the article, or its original, was passed over."""
    rows = session.scalars(
        select(PassedOver)
        .where(*_about(PassedOver, article_id, original_id))
        .order_by(PassedOver.subscription_id, PassedOver.article_id)
    )
    return tuple(Passing(row.subscription_id, row.reason, row.at) for row in rows)


def _about(
    table: type[ToldArticle] | type[PassedOver], article_id: int, original_id: int | None
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What holds of the rows about them: found reader by reader, for an index by article would cost every digest."""
    ids = [one for one in (article_id, original_id) if one is not None]
    return table.subscription_id.in_(select(Subscription.id)), table.article_id.in_(ids)


def _stories(session: Session, digest_ids: Collection[int]) -> dict[int, list[DigestStory]]:
    found: dict[int, list[DigestStory]] = defaultdict(list)
    for row in session.scalars(select(DigestStory).where(DigestStory.digest_id.in_(digest_ids))):
        found[row.digest_id].append(row)
    return found


def _mention(
    told: ToldArticle, digest: Digest, address: str, delivery: Delivery | None, stories: list[DigestStory], *,
    included: bool,
) -> Mention:  # fmt: skip
    story = next((one for one in stories if told.article_id in one.article_ids), None)
    return Mention(
        subscription_id=told.subscription_id, address=address, kind=digest.kind,
        window_start=digest.window_start, window_end=digest.window_end,
        topic=story.topic if story else "", page=story.page if story else 1,
        revision=told.revision, included=included, returned=told.returned,
        delivery_state=delivery.state if delivery else None,
        delivery_reason=delivery.reason if delivery else None,
        sent=delivery.finished_at if delivery else None,
    )  # fmt: skip
