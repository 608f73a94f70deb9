"""Why an article went out to a subscriber, or why it did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.cli.terminal import moment
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.reports.explanation import Explanation
from worker.storage.reports.mentions import Mention
from worker.topics import Band


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an article for one subscriber, in a line."""

    address: str
    told: bool
    reason: str


def fates(article: Explanation, subscriptions: Sequence[SubscriptionRecord]) -> tuple[Fate, ...]:
    """Return a line for every subscriber."""
    return tuple(_fate(article, subscription) for subscription in subscriptions)


def _fate(article: Explanation, subscription: SubscriptionRecord) -> Fate:
    told = [mention for mention in article.mentions if mention.subscription_id == subscription.id and mention.included]
    if told:
        return Fate(subscription.subscriber.address, True, "; ".join(map(_told, told)))
    return Fate(subscription.subscriber.address, False, _why_not(article, subscription))


def _told(mention: Mention) -> str:
    """Where it went; a copy or an older report stands with its story's other tellings there."""
    state = mention.delivery_state or "kept"
    sent = f"{state} {moment(mention.sent)}" if mention.sent else state
    return f"in the {mention.kind} digest of {moment(mention.window_end)} under {mention.topic} ({sent})"


def _why_not(article: Explanation, subscription: SubscriptionRecord) -> str:
    if article.state != "analyzed":
        return f"not read yet ({article.state})" if article.state != "failed" else "it could not be read"
    if not article.mailable:
        return "it was more than thirty days old when its feed was first read"
    if not subscription.active or subscription.state != "active":
        return f"the subscriber is {subscription.state if subscription.state != 'active' else 'not active'}"
    wanted = [match for match in article.matches if match.topic in subscription.topics]
    if not wanted:
        return f"it matches none of {', '.join(subscription.topics)}"
    if not any(match.band in Band(subscription.band_of[match.topic]).included for match in wanted):
        best = max(wanted, key=lambda match: match.score)
        found = f"{best.band.value} ({best.score:.2f})"
        return f"its match of {best.topic} is only {found}, {subscription.band_of[best.topic]} is asked for"
    if article.analyzed and article.analyzed <= subscription.window_start:
        return "its story was left out for length, or had been told before this report came"
    return f"it waits for the digest of {moment(subscription.next_due_at)}"
