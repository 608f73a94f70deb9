"""From a subscription to a message: what is new for this subscriber, rendered and frozen.

The mail pool and `storywatch digest preview` both go through here, so the preview is the mail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from worker import digests
from worker.delivery.choosing import Chosen, DigestBatch
from worker.setup.delivery_deps import DeliveryDeps
from worker.storage.db.session import Session
from worker.storage.digests.outbox import NewDelivery, SentStory
from worker.storage.digests.pending import SubscriptionWindow, pending_for_each
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.feeds import feed_rows
from worker.storage.stories.news_numbers import latest_news_number

MANAGE_LASTS = timedelta(days=30)
"""How long the link to a subscriber's own page works: until some digests later."""
FEEDBACK_LASTS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Told:
    """What the subscriber is told by a digest, what is passed over and why, and the number of the news looked at."""

    stories: tuple[SentStory, ...]
    passed_over: Mapping[int, str]
    news_until: int


@dataclass(frozen=True, slots=True)
class TopicWords:
    """How topics and their parts are called in a reader's language."""

    titles: Mapping[str, str]
    subtopic_of: digests.SubtopicOf


@dataclass(frozen=True, slots=True)
class ComposedDigest:
    """A digest ready for the outbox: the archive's pages, the bytes for the wire, what is told by it.

    `html` is the archive's first page, and `more` the further ones.
    """

    digest: digests.Digest
    html: str
    more: tuple[str, ...]
    text: str
    delivery: NewDelivery
    told: Told

    @property
    def stories(self) -> tuple[SentStory, ...]:
        """The stories that stand in the digest itself."""
        return tuple(story for story in self.told.stories if story.page == 1)


def compose(
    deps: DeliveryDeps,
    session: Session,
    subscription: SubscriptionRecord,
    period: digests.Period,
    *,
    kind: str = "scheduled",
) -> ComposedDigest | None:
    """Return the digest of that period, or None when there is nothing to tell."""
    news_until = latest_news_number(session)
    window = SubscriptionWindow(subscription.id, subscription.topics, subscription.news_seen, period.start)
    (found,) = pending_for_each(session, [window])
    batch = DigestBatch(feed_rows.list_feeds(session))
    batch.recall(session, [(subscription.id, found)])
    chosen = batch.choose(found, subscription)
    return compose_chosen(deps, batch, subscription, period, chosen, news_until=news_until, kind=kind)


def compose_chosen(
    deps: DeliveryDeps,
    batch: DigestBatch,
    subscription: SubscriptionRecord,
    period: digests.Period,
    chosen: Chosen,
    *,
    news_until: int,
    kind: str = "scheduled",
    words: TopicWords | None = None,
) -> ComposedDigest | None:
    """Return the digest of that period from what was chosen for the subscriber, or None as `compose` does.

    `words` are those of the topics in use, unless they are given: to read these takes seconds.
    """
    stories = chosen.stories
    if not stories and not subscription.send_empty:
        return None
    language = subscription.subscriber.language
    stories = [batch.brief(story, subscription) for story in stories]
    words = words or TopicWords(deps.topic_titles(language), deps.subtopic_of(language))
    titles, subtopic_of = words.titles, words.subtopic_of
    digest = digests.build(
        subscription.subscriber, stories, period, limit=subscription.story_limit, topic_titles=titles,
        troubles=batch.troubles(period.end), feeds_watched=len(batch.watched), send_empty=subscription.send_empty,
        subtopic_of=subtopic_of,
    )  # fmt: skip
    if digest is None:
        return None
    left_out = digests.further_pages(digest, stories, topic_titles=titles, subtopic_of=subtopic_of)
    told = Told(_sent(chosen, (digest, *left_out)), chosen.passed_over, news_until)
    return _freeze(deps, subscription, digest, left_out, told, kind)


def _sent(chosen: Chosen, pages: Sequence[digests.Digest]) -> tuple[SentStory, ...]:
    """The stories of the digest and of the further pages of its archive, with the articles that each tells."""
    told = {one.story.story_id: one.told for one in chosen.selections if one.story is not None}
    return tuple(
        SentStory(
            story.story_id, story.revision, story.topic, tuple(sorted(told[story.story_id])), story.articles[0].title,
            page=number, revisions=told[story.story_id],
        )
        for number, page in enumerate(pages, start=1)
        for section in page.sections
        for story in section.stories
    )  # fmt: skip


def manage_link(deps: DeliveryDeps, subscription_id: int) -> str:
    """Return the address of the subscriber's own page, which works for MANAGE_LASTS."""
    token = deps.sign("manage", {"subscription": subscription_id}, lasts=MANAGE_LASTS)
    return f"{deps.settings.web_url}/manage/{token}"


def feed_links(deps: DeliveryDeps, topic: str) -> list[tuple[str, str]]:
    """Return the names and addresses of a topic's feeds, none where they are switched off."""
    access = deps.settings.web.topic_feeds
    if access == "off":
        return []
    query = f"?token={deps.sign('topic-feed', {'topic': topic})}" if access == "token" else ""
    base = f"{deps.settings.web_url}/topics/{quote(topic)}"
    return [("Atom", f"{base}/feed.atom{query}"), ("JSON", f"{base}/feed.json{query}")]


def troubles(session: Session, now: datetime) -> tuple[digests.SourceTrouble, ...]:
    """Return the feeds with persistent trouble, as a digest's footer names them."""
    return DigestBatch(feed_rows.list_feeds(session)).troubles(now)


def _freeze(
    deps: DeliveryDeps,
    subscription: SubscriptionRecord,
    digest: digests.Digest,
    left_out: tuple[digests.Digest, ...],
    told: Told,
    kind: str,
) -> ComposedDigest:
    channel = deps.channels.of(subscription.channel)
    links = _links(deps, subscription, digest, kind)
    if channel.is_personal:
        links = _with_own_pages(deps, subscription, digest, links)
    more = tuple(
        digests.render_html(page, links=_page_links(links, number, len(left_out)), templates=deps.theme, max_bytes=None)
        for number, page in enumerate(left_out, start=2)
    )
    payload = channel.payload(digest, links, deps.theme)
    html = payload.page
    if html is None:
        html = digests.render_html(digest, links=links, templates=deps.theme, max_bytes=None)
    delivery = NewDelivery(
        channel=subscription.channel,
        sender=deps.settings.mail.sender,
        recipient=subscription.subscriber.address,
        message_id=links.message_id,
        message=payload.message,
    )
    return ComposedDigest(digest, html, more, payload.text, delivery, told)


def _page_links(links: digests.DigestLinks, number: int, pages: int) -> digests.DigestLinks:
    """The links on a further page of an archive: its rest is on the next one."""
    return replace(links, more=f"{links.archive}/{number + 1}" if number <= pages else "", first=links.archive)


def _links(
    deps: DeliveryDeps, subscription: SubscriptionRecord, digest: digests.Digest, kind: str
) -> digests.DigestLinks:
    mail, base = deps.settings.mail, deps.settings.web_url
    domain = mail.sender_domain
    end = digest.period.end.isoformat()
    archive = f"{base}/archive/{deps.sign('archive', {'digest': [subscription.id, kind, end]})}"
    return digests.DigestLinks(
        sender=mail.named_sender,
        list_id=f"digest.{urlsplit(base).hostname or domain}",
        message_id=digests.message_id(f"{subscription.id}:{kind}:{end}", domain),
        archive=archive,
        more=f"{archive}/2",
        postal_address=mail.postal_address,
        feedback_id=f"{kind}:digest:storywatch:{domain}",
    )


def _with_own_pages(
    deps: DeliveryDeps, subscription: SubscriptionRecord, digest: digests.Digest, links: digests.DigestLinks
) -> digests.DigestLinks:
    """The links of a reader who is a person: to leave, to change what is told, to say what was of use."""
    mail, base = deps.settings.mail, deps.settings.web_url
    feedback, mute, whole = _story_links(deps, subscription.id, digest)
    unsubscribe = deps.sign("unsubscribe", {"subscription": subscription.id})
    return replace(
        links,
        unsubscribe=f"{base}/unsubscribe/{unsubscribe}",
        unsubscribe_mailto=f"{mail.unsubscribe_address or mail.sender}?subject=unsubscribe",
        manage=manage_link(deps, subscription.id),
        past=f"{base}/archives/{deps.sign('archives', {'subscription': subscription.id})}",
        feedback=feedback,
        mute=mute,
        whole=whole,
    )


def _story_links(
    deps: DeliveryDeps, subscription_id: int, digest: digests.Digest
) -> tuple[dict[int, tuple[str, str]], dict[int, str], dict[int, str]]:
    """By story: the links for its relevance, which counts for the report that leads it; to mute it; to see it whole."""
    feedback, mute, whole = dict[int, tuple[str, str]](), dict[int, str](), dict[int, str]()
    for story in (story for section in digest.sections for story in section.stories):
        if article_id := story.articles[0].article_id:
            key = deps.story_key(digests.StoryKey(subscription_id, article_id, story.topic), lasts=FEEDBACK_LASTS)
            link = f"{deps.settings.web_url}/s/{key}"
            feedback[story.story_id] = (f"{link}/yes", f"{link}/no")
            mute[story.story_id], whole[story.story_id] = f"{link}/mute", link
    return feedback, mute, whole
