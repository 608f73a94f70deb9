"""Why an article went out to a subscriber, or why it did not, in words: nothing here decides it once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.cli.terminal import moment
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.reports.explanation import Explanation
from worker.storage.reports.mentions import Mention, Passing

_PASSED_OVER = {
    "repeats": "its story was told before, and it adds nothing to that",
    "old": "it was looked at before, and published more than two days before the digest's period began",
    "muted": "the subscriber has muted its story, or the outlet that reports it",
    "crowded": "more stories waited than one digest looks at, and its story was not among the latest",
}


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
    mine = [mention for mention in article.mentions if mention.subscription_id == subscription.id]
    told = [mention for mention in mine if mention.included and not mention.returned]
    if told:
        return Fate(subscription.subscriber.address, True, "; ".join(map(_told, told)))
    why_not = _why_not_ever(article, subscription) or _why_not_yet(article, subscription, mine)
    return Fate(subscription.subscriber.address, False, why_not)


def _told(mention: Mention) -> str:
    """Where it went; a copy or an older report stands with its story's other reports there."""
    state = mention.delivery_state or "kept"
    sent = f"{state} {moment(mention.sent)}" if mention.sent else state
    where = "" if mention.page == 1 else f", on page {mention.page} of its archive"
    return f"in the {mention.kind} digest of {moment(mention.window_end)} under {mention.topic}{where} ({sent})"


def _why_not_ever(article: Explanation, subscription: SubscriptionRecord) -> str:
    if article.state != "analyzed":
        return f"not read yet ({article.state})" if article.state != "failed" else "it could not be read"
    if not article.mailable:
        return "it came with an archive, or was more than two days old when its feed was first read"
    if not subscription.active or subscription.state != "active":
        return f"the subscriber is {subscription.state if subscription.state != 'active' else 'not active'}"
    return "" if article.story is not None else "it is in no story"


def _why_not_yet(article: Explanation, subscription: SubscriptionRecord, mine: Sequence[Mention]) -> str:
    undelivered = [mention for mention in mine if mention.included]
    if undelivered:
        return _undelivered(undelivered[-1], subscription)
    original = [mention for mention in mine if not mention.returned]
    if original:
        return f"its original was told, and it says nothing beyond that: {_told(original[0])}"
    unsure = _unsure(article, subscription)
    if unsure:
        return unsure
    passed = next((each for each in article.passings if each.subscription_id == subscription.id), None)
    if passed:
        return _passed_over(passed)
    return _muted(article, subscription) or _when(article, subscription)


def _undelivered(mention: Mention, subscription: SubscriptionRecord) -> str:
    lost = f"the {mention.kind} digest of {moment(mention.window_end)} that told it could not be delivered"
    why = f" ({mention.delivery_reason})" if mention.delivery_reason else ""
    return f"{lost}{why}: it waits for the next one, {moment(subscription.next_due_at)}"


def _passed_over(passing: Passing) -> str:
    return f"{_PASSED_OVER.get(passing.reason, passing.reason)} (looked at {moment(passing.at)})"


def _muted(article: Explanation, subscription: SubscriptionRecord) -> str:
    story = {article.id, *(other.id for other in article.story.others)} if article.story else {article.id}
    if subscription.muted.stories_among(story):
        return "the subscriber has muted its story"
    return f"the subscriber has muted {article.outlet}" if subscription.muted.covers(article.outlet) else ""


def _when(article: Explanation, subscription: SubscriptionRecord) -> str:
    if article.story is not None and article.story.news_number > subscription.news_seen:
        return f"it waits for the digest of {moment(subscription.next_due_at)}"
    looked_at = f"its story was looked at up to {moment(subscription.window_start)}, before it matched or was asked for"
    return f"{looked_at}: it is told when the story next changes"


def _unsure(article: Explanation, subscription: SubscriptionRecord) -> str:
    """Say why no match is sure enough; "" where one is."""
    bands = subscription.sure_enough
    wanted = [match for match in article.matches if match.topic in subscription.topics]
    if not wanted:
        return f"it matches none of {', '.join(subscription.topics)}"
    if any(match.band in bands[match.topic] for match in wanted):
        return ""
    best = max(wanted, key=lambda match: match.score)
    found = f"{best.band.value} ({best.score:.2f})"
    return f"its match of {best.topic} is only {found}, {subscription.band_of[best.topic]} is asked for"
