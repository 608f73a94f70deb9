"""From a subscription to a message: what is new for this subscriber, rendered and frozen.

The mail pool and `storywatch digest preview` both go through here, so the preview is the mail.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from sqlalchemy.orm import Session

from worker import digests, feeds
from worker.deps import Deps
from worker.storage import feeds as feed_rows
from worker.storage import tellings
from worker.storage.outbox import NewDelivery, SentStory
from worker.storage.subscribers import SubscriptionRecord

MANAGE_LASTS = timedelta(days=30)
"""How long the link to a subscriber's own page works: until some digests later."""
FEEDBACK_LASTS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ComposedDigest:
    """A digest ready for the outbox: the archive's pages, the bytes for the wire, what was told.

    `html` is the archive's first page, and `more` the further ones.
    """

    digest: digests.Digest
    html: str
    more: tuple[str, ...]
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
    bands, language = subscription.band_of, subscription.subscriber.language
    chosen = {story.story_id: selected for story in told if (selected := digests.select_story(story, bands, language))}
    if not chosen and not subscription.send_empty:
        return None
    titles = deps.topic_titles(language)
    digest = digests.build(
        subscription.subscriber, tuple(chosen.values()), period, limit=subscription.story_limit, topic_titles=titles,
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
    left_out = digests.further_pages(digest, tuple(chosen.values()), topic_titles=titles)
    return _freeze(deps, subscription, digest, left_out, sent, kind)


def manage_link(deps: Deps, subscription_id: int) -> str:
    """Return the address of the subscriber's own page, which works for MANAGE_LASTS."""
    token = deps.sign("manage", {"subscription": subscription_id}, lasts=MANAGE_LASTS)
    return f"{deps.settings.web_url}/manage/{token}"


def feed_links(deps: Deps, topic: str) -> list[tuple[str, str]]:
    """Return the names and addresses of a topic's feeds, none where they are switched off."""
    access = deps.settings.web.topic_feeds
    if access == "off":
        return []
    query = f"?token={deps.sign('topic-feed', {'topic': topic})}" if access == "token" else ""
    base = f"{deps.settings.web_url}/topics/{quote(topic)}"
    return [("Atom", f"{base}/feed.atom{query}"), ("JSON", f"{base}/feed.json{query}")]


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
    left_out: tuple[digests.Digest, ...],
    sent: tuple[SentStory, ...],
    kind: str,
) -> ComposedDigest:
    links = _links(deps, subscription, digest, kind)
    more = tuple(
        digests.render_html(page, links=_page_links(links, number, len(left_out)), templates=deps.theme, max_bytes=None)
        for number, page in enumerate(left_out, start=2)
    )
    if subscription.channel == "webhook":
        html, text, message = _for_program(deps, subscription, digest, links)
    else:
        rendered = digests.render_all(digest, links=links, templates=deps.theme)
        html, text, message = rendered.html, rendered.text, deps.frozen(rendered.message)
        if rendered.is_cut:
            html = digests.render_html(digest, links=links, templates=deps.theme, max_bytes=None)
    delivery = NewDelivery(
        channel=subscription.channel,
        sender=deps.settings.mail.sender,
        recipient=subscription.subscriber.address,
        message_id=links.message_id,
        message=message,
    )
    return ComposedDigest(digest, html, more, text, delivery, sent)


def _for_program(
    deps: Deps, subscription: SubscriptionRecord, digest: digests.Digest, links: digests.DigestLinks
) -> tuple[str, str, bytes]:
    from worker.net.webhook import freeze

    forms = {f"webhook:{setting.name}": setting.form for setting in deps.settings.webhooks}
    slack = forms.get(subscription.subscriber.address) == "slack"
    body = digests.as_slack(digest, links) if slack else digests.as_json(digest, links)
    delivery_id = links.message_id.strip("<>").partition("@")[0]
    html = digests.render_html(digest, links=links, templates=deps.theme, max_bytes=None)
    return html, body.decode(), freeze(body, delivery_id=delivery_id)


def _page_links(links: digests.DigestLinks, number: int, pages: int) -> digests.DigestLinks:
    """The links on a further page of an archive: its rest is on the next one."""
    return replace(links, more=f"{links.archive}/{number + 1}" if number <= pages else "")


def _links(deps: Deps, subscription: SubscriptionRecord, digest: digests.Digest, kind: str) -> digests.DigestLinks:
    mail, base = deps.settings.mail, deps.settings.web_url
    domain = mail.sender.rpartition("@")[2]
    end = digest.period.end.isoformat()
    archive = f"{base}/archive/{deps.sign('archive', {'digest': [subscription.id, kind, end]})}"
    links = digests.DigestLinks(
        sender=f"{mail.sender_name} <{mail.sender}>",
        list_id=f"digest.{urlsplit(base).hostname or domain}",
        message_id=digests.message_id(f"{subscription.id}:{kind}:{end}", domain),
        archive=archive,
        more=f"{archive}/2",
        postal_address=mail.postal_address,
        feedback_id=f"{kind}:digest:storywatch:{domain}",
    )
    if subscription.channel == "webhook":
        return links
    unsubscribe = deps.sign("unsubscribe", {"subscription": subscription.id})
    return replace(
        links,
        unsubscribe=f"{base}/unsubscribe/{unsubscribe}",
        unsubscribe_mailto=f"{mail.unsubscribe_address or mail.sender}?subject=unsubscribe",
        manage=manage_link(deps, subscription.id),
        feedback=_feedback(deps, subscription.id, digest),
    )


def _feedback(deps: Deps, subscription_id: int, digest: digests.Digest) -> dict[int, tuple[str, str]]:
    """The two links of each story; what is said there counts for the report that leads it."""
    base, found = deps.settings.web_url, {}
    for section in digest.sections:
        for story in section.stories:
            if not story.articles[0].article_id:
                continue
            said_of = {"s": subscription_id, "t": story.topic, "a": story.articles[0].article_id}
            token = deps.sign("feedback", said_of, lasts=FEEDBACK_LASTS)
            found[story.story_id] = (f"{base}/feedback/{token}/yes", f"{base}/feedback/{token}/no")
    return found
