"""Hubs that tell of a feed's news (WebSub, https://www.w3.org/TR/websub/): who they are, and how far they are believed.

A hub's word is a wake-up: what it says is not read, the feed is polled at once. So a hub that lies costs polls, and
those have a pace.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from worker.feeds.relations import Link

HUB_INTERVAL = timedelta(hours=1)
"""How far apart a feed is polled at least whose hub has been right so far."""

ASKED_LEASE = timedelta(days=10)
"""The lease we ask a hub for, as WebSub's own example has it (5.1, ten days)."""

_SHORTEST_LEASE, _LONGEST_LEASE = timedelta(minutes=10), timedelta(days=30)
_RENEWED_AFTER = 0.8  # of a lease
_FIRST_GAP, _LONGEST_GAP = timedelta(seconds=5), timedelta(minutes=5)
_ANNOUNCED_WITHIN = timedelta(minutes=15)
_METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


@dataclass(frozen=True, slots=True)
class HubLink:
    """Where to ask for word of a feed's news, and by which address the hub knows the feed."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class Ping:
    """What a hub has sent: the hash of its body, and the moment it came."""

    at: datetime
    body_hash: str


@dataclass(frozen=True, slots=True)
class PingHistory:
    """What is known of a hub's earlier word: the last ping, and how many since the feed last had news."""

    last: Ping | None = None
    in_vain: int = 0


def find_hub(headers: Iterable[Link], document: Iterable[Link], url: str) -> HubLink | None:
    """Return the first hub that is announced, in the answer's headers before the document (WebSub, 4).

    Where nothing says how the hub knows the feed (`rel="self"`), it is the address the feed was had from.
    """
    for links in (tuple(headers), tuple(document)):
        hub = next((link.url for link in links if link.relation == "hub"), "")
        if hub:
            return HubLink(hub, next((link.url for link in (*links, *document) if link.relation == "self"), url))
    return None


def lease_of(stated: str) -> timedelta:
    """Return how long a hub says it will keep a subscription; no hub is believed more than thirty days.

    What is no number counts as the lease that was asked for.
    """
    if not (stated.isascii() and stated.isdecimal()):
        return ASKED_LEASE
    return _LONGEST_LEASE if len(stated) > 8 else min(timedelta(seconds=int(stated)), _LONGEST_LEASE)


def renewal_of(lease: timedelta, *, now: datetime) -> datetime:
    """Return when to ask again: when four fifths of the lease are over, and not sooner than in ten minutes."""
    return now + max(lease * _RENEWED_AFTER, _SHORTEST_LEASE)


def wake_at(history: PingHistory, ping: Ping) -> datetime | None:
    """Return when to poll after a ping: at once, or later where pings follow each other; None for one that is repeated.

    Each ping that brought nothing new doubles the distance to the next, from five seconds to five minutes, which is how
    often a busy feed is polled anyway.
    """
    if history.last is None:
        return ping.at
    if history.last.body_hash == ping.body_hash:
        return None
    doublings: int = 2 ** min(history.in_vain, 10)
    gap = min(_FIRST_GAP * doublings, _LONGEST_GAP)
    return max(ping.at, history.last.at + gap)


def is_told(history: PingHistory, *, now: datetime) -> bool:
    """Whether news that was found now is what the hub has told of: only then it is relied on."""
    return history.last is not None and now - history.last.at <= _ANNOUNCED_WITHIN


@dataclass(slots=True)
class SignatureCheck:
    """Whether a body is the hub's: `X-Hub-Signature`, an HMAC with the secret we gave (WebSub, 7.1)."""

    secret: str = field(repr=False)
    header: str
    _hash: hmac.HMAC | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        method = _METHODS.get(self.header.partition("=")[0].strip().lower())
        self._hash = hmac.new(self.secret.encode(), digestmod=method) if method else None

    def take(self, piece: bytes) -> None:
        """One piece of the body after the other."""
        if self._hash is not None:
            self._hash.update(piece)

    def holds(self) -> bool:
        """Whether it was signed with our secret; False for no signature, or a method that WebSub does not have."""
        said = self.header.partition("=")[2].strip().lower()
        return self._hash is not None and hmac.compare_digest(self._hash.hexdigest().encode(), said.encode())
