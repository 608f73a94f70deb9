"""Why an article went out to a subscriber, or why it did not, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.cli.terminal import moment
from worker.delivery.outlook import Outlook
from worker.digests import Choice
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.reports.explanation import Explanation
from worker.storage.reports.mentions import Mention


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an article for one subscriber, in a line."""

    address: str
    told: bool
    reason: str


def fates(
    article: Explanation, subscriptions: Sequence[SubscriptionRecord], outlooks: Mapping[int, Outlook]
) -> tuple[Fate, ...]:
    """Return a line for every subscriber; `outlooks` has by subscription what becomes of the article's story."""
    return tuple(_fate(article, subscription, outlooks.get(subscription.id)) for subscription in subscriptions)


def _fate(article: Explanation, subscription: SubscriptionRecord, outlook: Outlook | None) -> Fate:
    told = [mention for mention in article.mentions if mention.subscription_id == subscription.id and mention.included]
    if told:
        return Fate(subscription.subscriber.address, True, "; ".join(map(_told, told)))
    why_not = _why_not_ever(article, subscription) or _why_not_yet(article, subscription, outlook)
    return Fate(subscription.subscriber.address, False, why_not)


def _told(mention: Mention) -> str:
    """Where it went; a copy or an older report stands with its story's other reports there."""
    state = mention.delivery_state or "kept"
    sent = f"{state} {moment(mention.sent)}" if mention.sent else state
    return f"in the {mention.kind} digest of {moment(mention.window_end)} under {mention.topic} ({sent})"


def _why_not_ever(article: Explanation, subscription: SubscriptionRecord) -> str:
    if article.state != "analyzed":
        return f"not read yet ({article.state})" if article.state != "failed" else "it could not be read"
    if not article.mailable:
        return "it came with an archive, or was more than thirty days old when its feed was first read"
    if not subscription.active or subscription.state != "active":
        return f"the subscriber is {subscription.state if subscription.state != 'active' else 'not active'}"
    return ""


def _why_not_yet(article: Explanation, subscription: SubscriptionRecord, outlook: Outlook | None) -> str:
    topics = ", ".join(subscription.topics)
    if outlook is None:
        return "it is in no story"
    if outlook.choice is Choice.MUTED:
        return "the subscriber has muted its story, or the outlets that report it"
    if subscription.muted.covers(article.outlet):
        return f"the subscriber has muted {article.outlet}"
    if outlook.choice is Choice.NO_MATCH:
        return f"it matches none of {topics}"
    if outlook.choice is Choice.UNSURE:
        return _unsure(article, subscription) or f"it matches none of {topics}"
    if outlook.choice is Choice.STRAY:
        return f"less than half of its story's reports match {topics} as surely as asked for"
    if not outlook.is_fresh:
        return "nothing in its story was published lately enough to be news"
    if not outlook.has_developed:
        return "its story was left out for length, or had been told before this report came"
    if outlook.choice is Choice.NO_NEWS:
        return "its story was told before, and it adds nothing to that"
    return f"it waits for the digest of {moment(subscription.next_due_at)}"


def _unsure(article: Explanation, subscription: SubscriptionRecord) -> str:
    wanted = [match for match in article.matches if match.topic in subscription.topics]
    if not wanted:
        return ""
    best = max(wanted, key=lambda match: match.score)
    found = f"{best.band.value} ({best.score:.2f})"
    return f"its match of {best.topic} is only {found}, {subscription.band_of[best.topic]} is asked for"
