"""How often and how much at once we visit one host, counted across all workers.

Each visit takes a lease for the host and for its registrable domain; leases expire, so a worker that dies
holds nothing for long. All counting happens inside Redis in one step, by Redis's own clock.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Protocol

from worker.errors import FetchError
from worker.net import host_scripts
from worker.net.web_address import read_address
from worker.retry import LONGEST_DELAY, LONGEST_WAIT

# A host is given five times the time it needs for an answer, up to half a minute: Heritrix's delayFactor and
# maxDelayMs, https://github.com/internetarchive/heritrix3 (bean disposition).
_LATENCY_FACTOR = 5
_LONGEST_SPACING = timedelta(seconds=30)
_SMOOTHING = 0.3  # weight of the newest answer time
_REMEMBERED_HOSTS = 10_000
_PLACE = re.compile(r"\s*https?://[^/?#\\]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lease:
    """Leave to visit a host; give it back with `leave`. `scopes` is what it counts for, "" for nothing.

    `delay` is the host's Crawl-delay as stated, None where it is not known: who visits asks for its robots.txt first.
    """

    token: str
    scopes: str = ""
    delay: timedelta | None = timedelta()


@dataclass(frozen=True, slots=True)
class Busy:
    """Not now. `wait` is when somebody may visit again, `turn` when we may, after those who asked before us;
    `resting` when the host itself asked for quiet.
    """

    wait: timedelta
    resting: bool = False
    turn: timedelta = timedelta()


Visit = tuple[Lease, timedelta | None]
"""A lease given back, and how long the host took to answer: None where nobody went."""


class HostGate(Protocol):
    """Asked before every visit and told after it."""

    def enter(self, url: str) -> Lease | Busy: ...

    def enter_all(self, urls: Sequence[str]) -> list[Lease | Busy]: ...

    def leave(self, lease: Lease, elapsed: timedelta | None) -> None: ...

    def leave_all(self, visits: Sequence[Visit]) -> None: ...

    def rest(self, url: str, duration: timedelta) -> None: ...

    def learn(self, url: str, delay: timedelta, keep: timedelta) -> None: ...


class HostLimits:
    """At most `at_most` visits at once and `spacing` between their starts, per host and per registrable
    domain.

    A host that answers slowly gets longer spacing (five times its smoothed answer time, at most 30 s).
    `domain_of` gives the registrable domain of a host. Objects with the same `prefix` share what they know: how many
    visits there are, how fast a host is, whether it rests and its Crawl-delay, which is obeyed up to LONGEST_DELAY.
    Those of another `kind`, a word, have a spacing of their own; visits of two kinds are kept `apart`.
    With `slack` a host that was left alone may be visited that much of its time at once: the spacing holds on average
    (the generic cell rate algorithm of ATM networks, ITU-T I.371).
    `lease` must outlast a visit. Raises redis.RedisError when Redis is away.
    """

    def __init__(
        self,
        client: Any,  # redis.Redis, whose own types are too loose to help and which is slow to import
        domain_of: Callable[[str], str | None],
        at_most: int = 2,
        spacing: timedelta = timedelta(seconds=5),
        *,
        kind: str = "page",
        slack: timedelta = timedelta(),
        apart: timedelta = timedelta(),
        lease: timedelta = timedelta(seconds=60),
        prefix: str = "storywatch:host",
    ) -> None:
        self._at_most = at_most
        self._spacing = spacing
        self._kind = kind
        self._slack = slack
        self._apart = apart
        self._domain_of = domain_of
        self._lease = lease
        self._prefix = prefix
        self._scopes_of_place = lru_cache(_REMEMBERED_HOSTS)(self._read_scopes)
        self._enter = client.register_script(host_scripts.ENTER)
        self._leave = client.register_script(host_scripts.LEAVE)
        self._rest = client.register_script(host_scripts.REST)
        self._learn = client.register_script(host_scripts.LEARN)

    def enter(self, url: str) -> Lease | Busy:
        """Leave to visit, or how long to wait. What is no web address is let in: its fetch will say why it
        fails.
        """
        return self.enter_all((url,))[0]

    def enter_all(self, urls: Sequence[str]) -> list[Lease | Busy]:
        """The same for several visits that one visitor will make in turn, in one question to Redis.

        Two of one host are held to its spacing like any others. The leases are to be given back together.
        """
        token = f"{self._kind}-{secrets.token_hex(8)}"
        scopes = [self._scopes(url) for url in urls]
        numbers = iter(self._ask(token, [own for own in scopes if own]))
        visits = zip(numbers, numbers, numbers, numbers, strict=True)
        return [_answer(own, token, *next(visits)) if own else Lease(token) for own in scopes]

    def leave(self, lease: Lease, elapsed: timedelta | None) -> None:
        """Give a lease back; `elapsed` is how long the host took, None where nobody went."""
        self.leave_all(((lease, elapsed),))

    def leave_all(self, visits: Sequence[Visit]) -> None:
        """Give leases back; no answer time where nobody went."""
        left = [
            f"{-1 if took is None else _milliseconds(took)} {lease.token} {lease.scopes}"
            for lease, took in visits
            if lease.scopes
        ]
        if left:
            self._leave(args=[_SMOOTHING, "\n".join(left)])

    def rest(self, url: str, duration: timedelta) -> None:
        """Let the host, not its domain, alone for `duration`, at most 24 h: for 429 and 503."""
        host = self._scopes(url).partition(" ")[0]
        if host and duration > timedelta():
            self._rest(keys=[f"{host}:state"], args=[_milliseconds(min(duration, LONGEST_WAIT))])

    def learn(self, url: str, delay: timedelta, keep: timedelta) -> None:
        """Remember for `keep` what the host's robots.txt, asked for just now, states as its Crawl-delay."""
        host = self._scopes(url).partition(" ")[0]
        if host:
            self._learn(keys=[f"{host}:state"], args=[_milliseconds(delay), _milliseconds(keep)])

    def _ask(self, token: str, visits: Sequence[str]) -> Iterable[int]:
        if not visits:
            return ()
        spacing, lease, longest = (_milliseconds(d) for d in (self._spacing, self._lease, _LONGEST_SPACING))
        slack, apart, delay = (_milliseconds(d) for d in (self._slack, self._apart, LONGEST_DELAY))
        bounds = [token, self._kind, self._at_most, spacing, lease, _LATENCY_FACTOR, longest]
        return map(int, self._enter(args=[*bounds, "\n".join(visits), slack, apart, delay]).split())

    def _scopes(self, url: str) -> str:
        place = _PLACE.match(url)
        return self._scopes_of_place(place.group()) if place else ""

    def _read_scopes(self, place: str) -> str:
        try:
            host = read_address(place).host
        except FetchError:
            return ""
        domain = self._domain_of(host)
        return f"{self._prefix}:host:{host}" + (f" {self._prefix}:domain:{domain[:253]}" if domain else "")


def _answer(scopes: str, token: str, wait: int, resting: int, turn: int, delay: int) -> Lease | Busy:
    if not wait:
        return Lease(token, scopes, None if delay < 0 else timedelta(milliseconds=delay))
    return Busy(timedelta(milliseconds=wait), bool(resting), timedelta(milliseconds=turn))


class NoHostLimits:
    """The same shape for one command line call, where a person waits for one page."""

    def enter(self, url: str) -> Lease | Busy:
        return Lease(token=url)

    def enter_all(self, urls: Sequence[str]) -> list[Lease | Busy]:
        return [Lease(token=url) for url in urls]

    def leave(self, lease: Lease, elapsed: timedelta | None) -> None:
        return None

    def leave_all(self, visits: Sequence[Visit]) -> None:
        return None

    def rest(self, url: str, duration: timedelta) -> None:
        return None

    def learn(self, url: str, delay: timedelta, keep: timedelta) -> None:
        return None


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
