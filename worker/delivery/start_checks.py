"""What would keep the service from its work, found before it matters: a line each, for a person to act on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from worker import digests, net
from worker.delivery.choosing import DigestBatch
from worker.delivery.composing import TopicWords, compose_chosen
from worker.errors import ConfigurationError
from worker.setup.delivery_deps import DeliveryDeps
from worker.setup.settings import Settings
from worker.storage.digests.pending import Pending
from worker.storage.digests.subscribers import SubscriptionRecord

_TOPIC = "trial"


def start_warnings(deps: DeliveryDeps) -> tuple[str, ...]:
    """Return a line for each setting that cannot be used, or says what it cannot mean; nothing is stored or sent."""
    settings = deps.settings
    return (
        *_unusable_hosts(settings), *_unusable_mail(deps), *_one_person_twice(settings), *_open_desk(settings),
    )  # fmt: skip


def _unusable_hosts(settings: Settings) -> Iterator[str]:
    try:
        net.AddressGuard(settings.fetch.allow_private_hosts)
    except ConfigurationError as error:
        yield f"nothing can be fetched: {error}"


def _unusable_mail(deps: DeliveryDeps) -> Iterator[str]:
    """Make a digest of an invented story, as every digest is made: sender, key, theme and links are all in it. The
    topics are not: they have been read when they were configured, and that takes seconds."""
    now = deps.now()
    period = digests.Period(now - timedelta(days=1), now)
    try:
        batch, reader = DigestBatch(()), _reader(now)
        chosen = batch.choose(Pending((_story(now),)), reader)
        words = TopicWords({_TOPIC: "Trial"}, digests.no_subtopic)
        compose_chosen(deps, batch, reader, period, chosen, news_until=0, kind=_TOPIC, words=words)
    except ConfigurationError as error:
        yield f"no digest can be made: {error}"


def _open_desk(settings: Settings) -> Iterator[str]:
    address = urlsplit(settings.web_url)
    stated = f"the desk is public and base_url in [web] is {settings.web_url}: "
    if settings.desk.public and address.scheme != "https":
        yield f"{stated}links and logins travel in the open; put a proxy with https in front and set base_url to it"
    if settings.desk.public and address.path.strip("/"):
        yield f"{stated}the desk works at a host's root only, without the path {address.path}"


def _one_person_twice(settings: Settings) -> Iterator[str]:
    written = defaultdict[str, list[str]](list)
    for one in settings.subscribers:
        written[one.address.casefold()].append(one.address)
    for addresses in written.values():
        if len(addresses) > 1:
            yield f"subscribers {' and '.join(addresses)} are one person: the last of their tables counts"


def _reader(now: datetime) -> SubscriptionRecord:
    return SubscriptionRecord(
        id=0, subscriber=digests.DigestSubscriber("reader@storywatch.invalid", "", "en", "UTC"), topics=(_TOPIC,),
        band="wide", schedule="instant", story_limit=1, send_empty=False, active=True, state="active",
        window_start=now, next_due_at=now,
    )  # fmt: skip


def _story(now: datetime) -> digests.PendingStory:
    match = digests.ReportMatch(1.0, "strict", ())
    report = digests.Report(1, "Trial", "https://storywatch.invalid/", "Trial", "en", now, "", matches={_TOPIC: match})
    return digests.PendingStory(1, 1, (report,))
