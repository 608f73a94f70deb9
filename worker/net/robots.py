"""robots.txt: which article pages a host lets us read. Feeds are published to be polled and are not asked
about.

RFC 9309: a missing file (4xx) allows everything; a host that cannot be reached or answers 5xx forbids
everything for the time being, unless an older copy of its rules is at hand; after thirty days of that it
counts as missing.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from worker.errors import FetchError, FetchReason
from worker.net.resource import FetchedResource, Fetcher
from worker.net.web_address import read_address

_FRESH = timedelta(days=1)
_ASK_AGAIN = timedelta(minutes=10)  # after a failure; the page would hardly have come either
_GIVEN_UP = timedelta(days=30)
_KEPT = timedelta(days=31)
_LONGEST_FILE = 500 * 1024  # bytes, the least RFC 9309 lets a reader stop at
_LONGEST_LINE = 2_000
_MOST_RULES = 5_000

# "It is not there" in the RFC's sense, whatever the words; TOO_MANY_REDIRECTS is in its section 2.3.1.2.
_UNAVAILABLE = (
    FetchReason.BLOCKED,
    FetchReason.GONE,
    FetchReason.NOT_FOUND,
    FetchReason.TOO_MANY_REDIRECTS,
    FetchReason.WRONG_TYPE,
)
_AGENT_LINE = re.compile(r"user[ -]?agent\s*:?\s*(.*)", re.IGNORECASE)


class Permission(StrEnum):
    """What a host says to our reading a page. UNKNOWN: it cannot be asked just now, so not yet."""

    GRANTED = "granted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Cache(Protocol):
    """Remembers bytes by name for a while."""

    def get(self, name: str) -> bytes | None: ...

    def set(self, name: str, value: bytes, keep: timedelta) -> None: ...


class RedisCache:
    """Shared by all workers. `client` is a redis.Redis without `decode_responses`; its errors pass."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def get(self, name: str) -> bytes | None:
        value = self._client.get(name)
        return value if isinstance(value, bytes) else None

    def set(self, name: str, value: bytes, keep: timedelta) -> None:
        self._client.set(name, value, ex=keep)


class MemoryCache:
    """For one process that does not live long enough to forget anything."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self._values.get(name)

    def set(self, name: str, value: bytes, keep: timedelta) -> None:
        self._values[name] = value


@dataclass(frozen=True, slots=True)
class _Record:
    """What is known of one host. `rules` None: never seen; "": all is allowed. Times are Unix seconds."""

    rules: str | None
    fresh_until: float
    unreachable_since: float | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class Robots:
    """Answers whether a page may be fetched, asking each host for its robots.txt at most once a day.

    `user_agent` is the one the fetcher sends; the rules are matched with its product token ("Storywatch").
    """

    def __init__(
        self, fetcher: Fetcher, cache: Cache, user_agent: str, *, clock: Callable[[], datetime] = _now
    ) -> None:
        self._fetcher = fetcher
        self._cache = cache
        self._agent = re.split(r"[/\s]", user_agent.strip(), maxsplit=1)[0].lower()
        self._clock = clock

    def allowed(self, url: str) -> bool:
        """Whether the host of `url` lets us read it now; see `permission` for why not."""
        return self.permission(url) is Permission.GRANTED

    def permission(self, url: str) -> Permission:
        """What the host of `url` says to our reading it. REFUSED for what is no web address; never raises
        FetchError.
        """
        try:
            address = read_address(url)
        except FetchError:
            return Permission.REFUSED
        rules = self._record(address.origin).rules
        if rules is None:
            return Permission.UNKNOWN
        granted = not rules or _permits(rules, address.url, self._agent)
        return Permission.GRANTED if granted else Permission.REFUSED

    def _record(self, origin: str) -> _Record:
        now = self._clock().timestamp()
        name = f"storywatch:robots:{origin}"
        known = _unpack(self._cache.get(name))
        if known and known.fresh_until > now:
            return known
        record = self._ask(origin, known, now)
        self._cache.set(name, _pack(record), _KEPT)
        return record

    def _ask(self, origin: str, known: _Record | None, now: float) -> _Record:
        try:
            found = self._fetcher.fetch(f"{origin}/robots.txt", accept="text/plain, */*;q=0.1")
        except FetchError as error:
            return _without_file(error, known, now)
        body = found.body if isinstance(found, FetchedResource) else b""
        return _Record(rules_for(body, self._agent), now + _FRESH.total_seconds())


def rules_for(body: bytes, agent: str) -> str:
    """The groups of a robots.txt that concern `agent` or everyone; "" when there are none.

    Keeping only those makes the stored text small and bounds the parser's work, which grows with agents ×
    rules.
    """
    text = body[:_LONGEST_FILE].decode("utf-8", "replace").removeprefix("\ufeff")
    kept: list[str] = []
    concerns_us, in_agents = False, False
    for line in (raw.partition("#")[0].strip() for raw in text.splitlines()):
        named = _AGENT_LINE.match(line)
        if named:
            concerns_us = (in_agents and concerns_us) or _names(named[1], agent)
            in_agents = True
            if _names(named[1], agent):
                kept.append(f"User-agent: {named[1].strip().lower()}")
        elif line:
            in_agents = False
            if concerns_us and len(line) <= _LONGEST_LINE and len(kept) < _MOST_RULES:
                kept.append(line)
    return "\n".join(kept)


def _names(value: str, agent: str) -> bool:
    named = value.strip().lower()
    return named == "*" or named.partition("/")[0].strip() == agent


def _permits(rules: str, url: str, agent: str) -> bool:
    from protego import Protego  # only the fetch pool asks

    return bool(Protego.parse(rules).can_fetch(url, agent))


def _without_file(error: FetchError, known: _Record | None, now: float) -> _Record:
    missing = error.reason in _UNAVAILABLE or (error.status is not None and 400 <= error.status < 500)
    if missing and error.reason is not FetchReason.THROTTLED:
        return _Record("", now + _FRESH.total_seconds())
    since = (known.unreachable_since if known else None) or now
    rules = known.rules if known else None
    if now - since > _GIVEN_UP.total_seconds():
        rules = ""
    return _Record(rules, now + _ASK_AGAIN.total_seconds(), since)


def _pack(record: _Record) -> bytes:
    return zlib.compress(json.dumps(asdict(record)).encode())


def _unpack(stored: bytes | None) -> _Record | None:
    if stored is None:
        return None
    try:
        return _Record(**json.loads(zlib.decompress(stored)))
    except (zlib.error, ValueError, TypeError):  # written by another version
        return None
