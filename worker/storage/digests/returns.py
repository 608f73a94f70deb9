"""Digests that cannot be delivered give back what they told: it waits for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session, aliased

from models import Delivery, Digest, Subscription, ToldArticle

PAUSED = "paused"
"""The reason of a delivery that ended because its reader wants no mail for a while."""


def give_back(session: Session, delivery_id: int, *, not_before: datetime, refusals: int | None = None) -> bool:
    """Let the next digest of the same reader, due then at the earliest, look again at what this one told.

    Articles that have stood in so many refused digests (`refusals`, this one among them) stay as they are: it may be
    one of them that no server takes. False for a single mail, which told nothing. Who is planning a digest for that
    reader just now writes nothing.
    """
    digest = _digest_of(session, delivery_id)
    if digest is None:
        return False
    _mark(session, digest.id, returned=True, but=_refused_articles(session, digest, refusals) if refusals else ())
    begin = digest.window_start
    session.execute(
        update(Subscription)
        .where(Subscription.id == digest.subscription_id)
        .values(
            news_seen=case((Subscription.news_seen > digest.news_from, digest.news_from), else_=Subscription.news_seen),
            window_start=case((Subscription.window_start > begin, begin), else_=Subscription.window_start),
            next_due_at=case((Subscription.next_due_at < not_before, not_before), else_=Subscription.next_due_at),
            plannings=Subscription.plannings + 1,
        )
        .execution_options(synchronize_session=False)
    )
    return True


def take_back(session: Session, delivery_id: int) -> bool:
    """Let what this digest told count as told again; False where another digest has told some of it meanwhile."""
    digest = _digest_of(session, delivery_id)
    if digest is None:
        return True
    mine = select(ToldArticle.article_id).where(ToldArticle.digest_id == digest.id, ToldArticle.returned.is_(True))
    told_since = select(func.count()).where(
        ToldArticle.subscription_id == digest.subscription_id,
        ToldArticle.article_id.in_(mine),
        ToldArticle.digest_id > digest.id,
        ToldArticle.returned.is_(False),
    )
    if session.scalar(told_since):
        return False
    _mark(session, digest.id, returned=False)
    plannings = Subscription.plannings + 1
    statement = update(Subscription).where(Subscription.id == digest.subscription_id).values(plannings=plannings)
    session.execute(statement.execution_options(synchronize_session=False))
    return True


def forget_told(session: Session, delivery_ids: Sequence[int]) -> None:
    """Let what these told count as not told, though nobody waits for it: they were ended before they went out."""
    digests = select(Delivery.digest_id).where(Delivery.id.in_(delivery_ids))
    statement = update(ToldArticle).where(ToldArticle.digest_id.in_(digests)).values(returned=True)
    session.execute(statement.execution_options(synchronize_session=False))


def deaths_in_a_row(session: Session, delivery_id: int) -> int:
    """Return how many digests of the same reader could not be delivered since the last one that was sent."""
    digest = _digest_of(session, delivery_id)
    if digest is None:
        return 0
    mine = select(Delivery.id).join(Digest, Digest.id == Delivery.digest_id)
    mine = mine.where(Digest.subscription_id == digest.subscription_id)
    last = session.scalar(mine.where(Delivery.state == "sent").order_by(Delivery.id.desc()).limit(1)) or 0
    dead = mine.where(Delivery.state == "dead", Delivery.id > last, Delivery.reason.is_distinct_from(PAUSED))
    return session.scalar(select(func.count()).select_from(dead.subquery())) or 0


def _digest_of(session: Session, delivery_id: int) -> Digest | None:
    of_delivery = select(Digest).join(Delivery, Delivery.digest_id == Digest.id).where(Delivery.id == delivery_id)
    return session.scalar(of_delivery)


def _refused_articles(session: Session, digest: Digest, refusals: int) -> Sequence[int]:
    """The articles of the digest that as many digests of its reader told as of the same revision, and were refused."""
    mine = aliased(ToldArticle)
    often = (
        select(ToldArticle.article_id)
        .join(mine, (mine.article_id == ToldArticle.article_id) & (mine.revision == ToldArticle.revision))
        .join(Delivery, Delivery.digest_id == ToldArticle.digest_id)
        .where(
            mine.digest_id == digest.id,
            ToldArticle.subscription_id == digest.subscription_id,
            Delivery.refused.is_(True),
        )
        .group_by(ToldArticle.article_id)
        .having(func.count() >= refusals)
    )
    return session.scalars(often).all()


def _mark(session: Session, digest_id: int, *, returned: bool, but: Sequence[int] = ()) -> None:
    told = ToldArticle.digest_id == digest_id, ToldArticle.article_id.not_in(but)
    statement = update(ToldArticle).where(*told).values(returned=returned)
    session.execute(statement.execution_options(synchronize_session=False))
