"""In which digests an article went out, and whose digests could still tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Delivery, Digest, DigestStory, Subscriber, Subscription


@dataclass(frozen=True, slots=True)
class Mention:
    """A digest that told the article's story. `included` says whether the article itself was known then."""

    subscription_id: int
    address: str
    kind: str
    window_start: datetime
    window_end: datetime
    topic: str
    story_revision: int
    included: bool
    delivery_state: str | None
    delivery_reason: str | None
    sent: datetime | None


def mentions_of(session: Session, article_id: int, story_id: int | None) -> tuple[Mention, ...]:
    """Return the digests that told the story, in their order."""
    if story_id is None:
        return ()
    statement = (
        select(DigestStory, Digest, Subscriber.address, Delivery)
        .join(Digest, Digest.id == DigestStory.digest_id)
        .join(Subscription, Subscription.id == DigestStory.subscription_id)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .outerjoin(Delivery, Delivery.digest_id == Digest.id)
        .where(DigestStory.story_id == story_id)
        .order_by(Digest.window_end, Digest.id)
    )
    return tuple(
        _mention(told, digest, address, delivery, included=article_id in told.article_ids)
        for told, digest, address, delivery in session.execute(statement)
    )


def _mention(told: DigestStory, digest: Digest, address: str, delivery: Delivery | None, *, included: bool) -> Mention:
    return Mention(
        subscription_id=told.subscription_id, address=address, kind=digest.kind,
        window_start=digest.window_start, window_end=digest.window_end, topic=told.topic,
        story_revision=told.revision, included=included,
        delivery_state=delivery.state if delivery else None,
        delivery_reason=delivery.reason if delivery else None,
        sent=delivery.finished_at if delivery else None,
    )  # fmt: skip
