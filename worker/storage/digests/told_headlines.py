"""Under which headline a subscription was last told a story."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import DigestStory, ToldArticle


def told_headlines(
    session: Session, subscription_ids: Iterable[int], story_ids: Iterable[int]
) -> dict[tuple[int, int], str]:
    """Return by subscription and story the headline it was told under last, where it was written down.

    A digest that could not be delivered told nothing.
    """
    stories = sorted(set(story_ids))
    if not stories:
        return {}
    arrived = select(ToldArticle.digest_id).where(
        ToldArticle.digest_id == DigestStory.digest_id, ToldArticle.returned.is_(False)
    )
    rows = session.execute(
        select(DigestStory.subscription_id, DigestStory.story_id, DigestStory.headline)
        .where(
            DigestStory.subscription_id.in_(sorted(set(subscription_ids))),
            DigestStory.story_id.in_(stories),
            DigestStory.headline.is_not(None),
            arrived.exists(),
        )
        .order_by(DigestStory.id)
    )
    return {(subscription_id, story_id): headline for subscription_id, story_id, headline in rows if headline}
