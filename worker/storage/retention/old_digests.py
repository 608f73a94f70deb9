"""Digests, deliveries and what is only told of the past, once they are old.

A digest's page goes first. That it told an article is known for as long as the article is: so nothing is told twice.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Delete, delete, func, select, update
from sqlalchemy.orm import Session

from models import Delivery, Digest, DigestPage, PassedOver, StoryEvent, ToldArticle, TopicLabel

_ENDED = ("sent", "dead")


def prune_pages(session: Session, *, before: datetime, limit: int) -> int:
    """Blank the pages of up to so many digests made before that moment; return how many. Their archive is then over."""
    old = select(Digest.id).where(Digest.created_at < before, func.length(Digest.html) > 0)
    found = session.scalars(old.order_by(Digest.id).limit(limit)).all()
    session.execute(update(Digest).where(Digest.id.in_(found)).values(html=b""))
    session.execute(delete(DigestPage).where(DigestPage.digest_id.in_(found)))
    return len(found)


def prune_digests(session: Session, *, limit: int) -> int:
    """Delete up to so many digests without a page whose articles are all gone; return how many."""
    told = select(ToldArticle.digest_id).where(ToldArticle.digest_id == Digest.id)
    waiting = select(Delivery.id).where(Delivery.digest_id == Digest.id, Delivery.state.not_in(_ENDED))
    newest = select(func.max(Digest.id)).scalar_subquery()
    over = func.length(Digest.html) == 0, ~told.exists(), ~waiting.exists(), Digest.id < newest
    found = select(Digest.id).where(*over).order_by(Digest.id).limit(limit)
    return _count(session, delete(Digest).where(Digest.id.in_(session.scalars(found).all())))


def prune_deliveries(session: Session, *, before: datetime, limit: int) -> int:
    """Delete up to so many deliveries that ended before that moment; return how many."""
    newest = select(func.max(Delivery.id)).scalar_subquery()
    ended = func.coalesce(Delivery.finished_at, Delivery.created_at) < before
    over = Delivery.state.in_(_ENDED), ended, Delivery.id < newest
    found = select(Delivery.id).where(*over).order_by(Delivery.id).limit(limit)
    return _count(session, delete(Delivery).where(Delivery.id.in_(session.scalars(found).all())))


def prune_events(session: Session, *, before: datetime, limit: int) -> int:
    """Delete up to so many events of stories from before that moment; return how many."""
    found = select(StoryEvent.id).where(StoryEvent.at < before).order_by(StoryEvent.id).limit(limit)
    return _count(session, delete(StoryEvent).where(StoryEvent.id.in_(session.scalars(found).all())))


def prune_passed_over(session: Session, *, before: datetime, limit: int) -> int:
    """Delete the notes from before that moment of up to so many articles that were passed over; return of how many."""
    articles = select(PassedOver.article_id).where(PassedOver.at < before).distinct().limit(limit)
    found = session.scalars(articles).all()
    session.execute(delete(PassedOver).where(PassedOver.article_id.in_(found), PassedOver.at < before))
    return len(found)


def prune_labels(session: Session, *, before: datetime, limit: int) -> int:
    """Delete up to so many labels given before that moment; return how many."""
    found = select(TopicLabel.id).where(TopicLabel.labelled_at < before).order_by(TopicLabel.id).limit(limit)
    return _count(session, delete(TopicLabel).where(TopicLabel.id.in_(session.scalars(found).all())))


def _count(session: Session, statement: Delete) -> int:
    return session.connection().execute(statement).rowcount
