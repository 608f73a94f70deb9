"""From a subscription to a message: what is new for this subscriber, rendered and frozen.

The mail pool and `storywatch digest preview` both go through here, so the preview is the mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from worker import digests, feeds
from worker.deps import Deps
from worker.storage import feeds as feed_rows
from worker.storage import tellings
from worker.storage.outbox import NewDelivery, SentStory
from worker.storage.subscribers import SubscriptionRecord


@dataclass(frozen=True, slots=True)
class ComposedDigest:
    """A digest ready for the outbox: the page for the archive, the bytes for the wire, what was told."""

    digest: digests.Digest
    html: str
    text: str
    delivery: NewDelivery
    stories: tuple[SentStory, ...]


def compose(
    deps: Deps,
    session: Session,
    subscription: SubscriptionRecord,
    period: digests.Period,
    *,
    kind: str = "scheduled",
) -> ComposedDigest | None:
    """Return the digest of that period, or None when there is nothing to tell."""
    told = tellings.untold_stories(session, subscription.id, subscription.topics, since=period.start, until=period.end)
    chosen = {
        story.story_id: selected
        for story in told
        if (
            selected := digests.select_story(
                story, subscription.topics, subscription.band, subscription.subscriber.language
            )
        )
    }
    digest = digests.build(
        subscription.subscriber, tuple(chosen.values()), period, limit=subscription.story_limit,
        topic_titles=deps.topic_titles(subscription.subscriber.language),
        troubles=troubles(session, period.end), feeds_watched=len(feed_rows.list_feeds(session)),
        send_empty=subscription.send_empty,
    )  # fmt: skip
    if digest is None:
        return None
    members = {story.story_id: digests.told_articles(story) for story in told}
    sent = tuple(
        SentStory(story.story_id, story.revision, story.topic, members[story.story_id])
        for section in digest.sections
        for story in section.stories
    )
    return _freeze(deps, subscription, digest, sent, kind)


def troubles(session: Session, now: datetime) -> tuple[digests.SourceTrouble, ...]:
    """Return the feeds with persistent trouble, as a digest's footer names them."""
    found = ((feed, feeds.assess(feed.facts, now=now)) for feed in feed_rows.list_feeds(session))
    return tuple(
        digests.SourceTrouble(feed.name, health.state, health.reason) for feed, health in found if health.persistent
    )


def _freeze(
    deps: Deps,
    subscription: SubscriptionRecord,
    digest: digests.Digest,
    sent: tuple[SentStory, ...],
    kind: str,
) -> ComposedDigest:
    links = _links(deps, subscription, digest.period, kind)
    rendered = digests.render_all(digest, links=links)
    delivery = NewDelivery(
        channel="email",
        sender=deps.settings.mail.sender,
        recipient=subscription.subscriber.address,
        message_id=links.message_id,
        message=digests.as_wire(rendered.message),
    )
    return ComposedDigest(digest, rendered.html, rendered.text, delivery, sent)


def _links(deps: Deps, subscription: SubscriptionRecord, period: digests.Period, kind: str) -> digests.DigestLinks:
    mail, base = deps.settings.mail, deps.settings.web_url
    domain = mail.sender.rpartition("@")[2]
    key = f"{subscription.id}:{kind}:{period.end.isoformat()}"
    unsubscribe = deps.sign("unsubscribe", {"subscription": subscription.id})
    archive = deps.sign("archive", {"digest": [subscription.id, kind, period.end.isoformat()]})
    return digests.DigestLinks(
        sender=f"{mail.sender_name} <{mail.sender}>",
        list_id=f"digest.{urlsplit(base).hostname or domain}",
        message_id=digests.message_id(key, domain),
        archive=f"{base}/archive/{archive}",
        unsubscribe=f"{base}/unsubscribe/{unsubscribe}",
        postal_address=mail.postal_address,
    )
