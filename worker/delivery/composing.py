"""From a subscription to a message: what is new for this subscriber, rendered and frozen.

The mail pool and `storywatch digest preview` both go through here, so the preview is the mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from worker import digests
from worker.setup.delivery_deps import DeliveryDeps
from worker.storage.db.session import Session
from worker.storage.digests import pending
from worker.storage.digests.outbox import NewDelivery, SentStory
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.digests.told_headlines import told_headlines
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord

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


class SelectedStory(NamedTuple):
    """A story as some subscribers are to see it, and all articles it has."""

    story: digests.DigestStory
    articles: tuple[int, ...]


class DigestBatch:
    """What the digests that are made together share: the feeds, and what a story comes to for readers who are alike."""

    def __init__(self, watched: Sequence[FeedRecord]) -> None:
        self.watched = watched
        self._headlines: dict[tuple[int, int], str] = {}
        self._troubles: dict[datetime, tuple[digests.SourceTrouble, ...]] = {}
        self._selected: dict[tuple[object, ...], SelectedStory | None] = {}

    def troubles(self, now: datetime) -> tuple[digests.SourceTrouble, ...]:
        """Return the feeds with persistent trouble, as a digest's footer names them."""
        if now not in self._troubles:
            self._troubles[now] = _troubles(self.watched, now)
        return self._troubles[now]

    def recall(self, session: Session, wanted: Iterable[tuple[int, Sequence[digests.PendingStory]]]) -> None:
        """Look up under which headlines those subscriptions had the stories that go on."""
        known = {(subscription, story.story_id) for subscription, found in wanted for story in found if story.told}
        self._headlines |= told_headlines(session, {one for one, _ in known}, {story for _, story in known})

    def brief(self, story: digests.DigestStory, subscription: SubscriptionRecord) -> digests.DigestStory:
        """Return the story ready to be told to the subscriber."""
        told = self._headlines.get((subscription.id, story.story_id), "")
        return digests.brief(story, subscription.subscriber.language, told)

    def select(
        self, found: Sequence[digests.PendingStory], subscription: SubscriptionRecord, *, since: datetime
    ) -> list[SelectedStory]:
        """Return those of the stories that are the subscriber's; `since` is when what they were told last ended."""
        sure_enough, language = subscription.sure_enough, subscription.subscriber.language
        alike = (since, language, frozenset(subscription.band_of.items()), subscription.muted)
        heard = (digests.without_muted(story, subscription.muted) for story in found)
        chosen = (self._select(story, sure_enough, language, alike) for story in heard if story is not None)
        return [one for one in chosen if one is not None]

    def _select(
        self, story: digests.PendingStory, sure_enough: Mapping[str, Set[str]], language: str,
        alike: tuple[object, ...],
    ) -> SelectedStory | None:  # fmt: skip
        same = (story.story_id, story.revision, story.told, story.seen, alike)
        if same not in self._selected:
            selected = digests.select_story(story, sure_enough, language)
            self._selected[same] = SelectedStory(selected, digests.told_articles(story)) if selected else None
        return self._selected[same]


def compose(
    deps: DeliveryDeps,
    session: Session,
    subscription: SubscriptionRecord,
    period: digests.Period,
    *,
    kind: str = "scheduled",
) -> ComposedDigest | None:
    """Return the digest of that period, or None when there is nothing to tell."""
    found = pending.pending_stories(session, subscription.id, subscription.topics, since=period.start, until=period.end)
    batch = DigestBatch(feed_rows.list_feeds(session))
    batch.recall(session, [(subscription.id, found)])
    return compose_pending(deps, batch, subscription, period, found, kind=kind)


def compose_pending(
    deps: DeliveryDeps,
    batch: DigestBatch,
    subscription: SubscriptionRecord,
    period: digests.Period,
    found: Sequence[digests.PendingStory],
    *,
    kind: str = "scheduled",
) -> ComposedDigest | None:
    """Return the digest of that period from what the subscriber has not been told, or None as `compose` does."""
    selected = batch.select(found, subscription, since=period.start)
    if not selected and not subscription.send_empty:
        return None
    language = subscription.subscriber.language
    stories, titles = [batch.brief(one.story, subscription) for one in selected], deps.topic_titles(language)
    subtopic_of = deps.subtopic_of(language)
    digest = digests.build(
        subscription.subscriber, stories, period, limit=subscription.story_limit, topic_titles=titles,
        troubles=batch.troubles(period.end), feeds_watched=len(batch.watched), send_empty=subscription.send_empty,
        subtopic_of=subtopic_of,
    )  # fmt: skip
    if digest is None:
        return None
    members = {one.story.story_id: one.articles for one in selected}
    sent = tuple(
        SentStory(story.story_id, story.revision, story.topic, members[story.story_id], story.articles[0].title)
        for section in digest.sections
        for story in section.stories
    )
    left_out = digests.further_pages(digest, stories, topic_titles=titles, subtopic_of=subtopic_of)
    return _freeze(deps, subscription, digest, left_out, sent, kind)


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
    return _troubles(feed_rows.list_feeds(session), now)


def _troubles(watched: Sequence[FeedRecord], now: datetime) -> tuple[digests.SourceTrouble, ...]:
    found = ((feed, feed.assess(now)) for feed in watched)
    return tuple(
        digests.SourceTrouble(feed.name, health.state, health.reason) for feed, health in found if health.persistent
    )


def _freeze(
    deps: DeliveryDeps,
    subscription: SubscriptionRecord,
    digest: digests.Digest,
    left_out: tuple[digests.Digest, ...],
    sent: tuple[SentStory, ...],
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
    return ComposedDigest(digest, html, more, payload.text, delivery, sent)


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
    feedback, mute = _story_links(deps, subscription.id, digest)
    unsubscribe = deps.sign("unsubscribe", {"subscription": subscription.id})
    return replace(
        links,
        unsubscribe=f"{base}/unsubscribe/{unsubscribe}",
        unsubscribe_mailto=f"{mail.unsubscribe_address or mail.sender}?subject=unsubscribe",
        manage=manage_link(deps, subscription.id),
        past=f"{base}/archives/{deps.sign('archives', {'subscription': subscription.id})}",
        feedback=feedback,
        mute=mute,
    )


def _story_links(
    deps: DeliveryDeps, subscription_id: int, digest: digests.Digest
) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    """By story: the two links for its relevance, which counts for the report that leads it, and the one to mute it."""
    feedback, mute = dict[int, tuple[str, str]](), dict[int, str]()
    for story in (story for section in digest.sections for story in section.stories):
        if article_id := story.articles[0].article_id:
            key = deps.story_key(digests.StoryKey(subscription_id, article_id, story.topic), lasts=FEEDBACK_LASTS)
            link = f"{deps.settings.web_url}/s/{key}"
            feedback[story.story_id] = (f"{link}/yes", f"{link}/no")
            mute[story.story_id] = f"{link}/mute"
    return feedback, mute
