"""The digests that a subscription has had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Digest, DigestStory

_LISTED = 400  # more than a year of daily ones


@dataclass(frozen=True, slots=True)
class PastDigest:
    """One digest as a list names it; `stories` counts those it told."""

    subscription_id: int
    kind: str
    window_end: datetime
    stories: int


def past_digests(session: Session, subscription_id: int) -> list[PastDigest]:
    """Return the digests of a subscription whose pages are kept, the latest first."""
    rows = session.execute(
        select(Digest.kind, Digest.window_end, func.count(DigestStory.id))
        .outerjoin(DigestStory, DigestStory.digest_id == Digest.id)
        .where(Digest.subscription_id == subscription_id, func.length(Digest.html) > 0)
        .group_by(Digest.id, Digest.kind, Digest.window_end)
        .order_by(Digest.window_end.desc(), Digest.id.desc())
        .limit(_LISTED)
    )
    return [PastDigest(subscription_id, kind, window_end, stories) for kind, window_end, stories in rows]
