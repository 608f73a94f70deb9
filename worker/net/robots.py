"""robots.txt: which article pages a host lets us read, and how far apart it wants its visits (Crawl-delay).

Feeds are published to be polled: whether they may be read is not asked, how often is.

RFC 9309: a missing file (4xx) allows everything; a host that cannot be reached or answers 5xx forbids
everything for the time being, unless an older copy of its rules is at hand; after thirty days of that it
counts as missing.
"""

from __future__ import annotations

import json
import re
import secrets
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from worker.errors import FetchError, FetchReason
from worker.net.resource import FetchedResource, Fetcher
from worker.net.web_address import WebAddress, read_address
from worker.retry import LONGEST_WAIT

_FRESH = timedelta(days=1)
_ASK_AGAIN = timedelta(minutes=10)  # after a failure; the page would hardly have come either
_GIVEN_UP = timedelta(days=30)
_KEPT = timedelta(days=31)
_DELAY_KEPT = timedelta(days=7)  # a feed alone, which is no rule's concern, need not have it asked for every day
_ASKING = timedelta(minutes=1)  # longer than any fetch
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


@dataclass(frozen=True, slots=True)
class Manners:
    """What a host asks of robots that read one address: leave, and the time between visits, at most a day.

    It may be relied on for `keep`; `asked` tells that its robots.txt was asked for just now.
    """

    permission: Permission
    delay: timedelta = timedelta()
    keep: timedelta = timedelta()
    asked: bool = False


_NOWHERE = Manners(Permission.REFUSED)


class Cache(Protocol):
    """Remembers bytes by name for a while. `add` sets only what is not there yet, and says whether it did."""

    def get(self, name: str) -> bytes | None: ...

    def set(self, name: str, value: bytes, keep: timedelta) -> None: ...

    def add(self, name: str, value: bytes, keep: timedelta) -> bool: ...

    def drop(self, name: str) -> None: ...


class RedisCache:
    """Shared by all workers. `client` is a redis.Redis without `decode_responses`; its errors pass."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def get(self, name: str) -> bytes | None:
        value = self._client.get(name)
        return value if isinstance(value, bytes) else None

    def set(self, name: str, value: bytes, keep: timedelta) -> None:
        self._client.set(name, value, ex=keep)

    def add(self, name: str, value: bytes, keep: timedelta) -> bool:
        return bool(self._client.set(name, value, ex=keep, nx=True))

    def drop(self, name: str) -> None:
        self._client.delete(name)


class MemoryCache:
    """For one process that does not live long enough to forget anything."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        return self._values.get(name)

    def set(self, name: str, value: bytes, keep: timedelta) -> None:
        self._values[name] = value

    def add(self, name: str, value: bytes, keep: timedelta) -> bool:
        return self._values.setdefault(name, value) is value

    def drop(self, name: str) -> None:
        self._values.pop(name, None)


@dataclass(frozen=True, slots=True)
class _Record:
    """What is known of one host. `rules` None: never seen; "": all is allowed. Times are Unix seconds, `delay` too."""

    rules: str | None
    fresh_until: float
    unreachable_since: float | None = None
    delay: float = 0


def _now() -> datetime:
    return datetime.now(UTC)


class Robots:
    """Answers whether and how often a host may be read, asking each for its robots.txt at most once a day.

    `user_agent` is the one the fetcher sends; the rules are matched with its product token ("Storywatch"). Who asks
    holds a turn of the host's (`worker.net.host_limits`); while one visitor asks, no other does.
    """

    def __init__(
        self, fetcher: Fetcher, cache: Cache, user_agent: str, *, clock: Callable[[], datetime] = _now
    ) -> None:
        self._fetcher = fetcher
        self._cache = cache
        self._agent = re.split(r"[/\s]", user_agent.strip(), maxsplit=1)[0].lower()
        self._clock = clock

    def allowed(self, url: str) -> bool:
        """Whether the host of `url` lets us read it now."""
        manners = self.ask(url)
        return manners is not None and manners.permission is Permission.GRANTED

    def known(self, url: str) -> Manners | None:
        """What the host of `url` asks of us, as far as it is known without asking; None where it must be asked.

        What is no web address is REFUSED.
        """
        try:
            address = read_address(url)
        except FetchError:
            return _NOWHERE
        record = self._remembered(address)
        return self._manners(record, address) if record and self._is_fresh(record) else None

    def ask(self, url: str) -> Manners | None:
        """The same, asking for the host's robots.txt where that is due; None while another asks. Raises no FetchError.

        Who waits for another goes by what was known before, where anything was.
        """
        try:
            address = read_address(url)
        except FetchError:
            return _NOWHERE
        record = self._remembered(address)
        if record and self._is_fresh(record):
            return self._manners(record, address)
        asking = f"{_name(address)}:asking"
        if not self._cache.add(asking, secrets.token_bytes(8), _ASKING):
            return self._manners(record, address) if record and record.rules is not None else None
        try:
            record = self._ask(address.origin, record)
            self._cache.set(_name(address), _pack(record), _KEPT)
        finally:
            self._cache.drop(asking)
        return replace(self._manners(record, address), asked=True)

    def _remembered(self, address: WebAddress) -> _Record | None:
        return _unpack(self._cache.get(_name(address)))

    def _is_fresh(self, record: _Record) -> bool:
        return record.fresh_until > self._clock().timestamp()

    def _manners(self, record: _Record, address: WebAddress) -> Manners:
        keep = _ASK_AGAIN if record.unreachable_since else _DELAY_KEPT
        if record.rules is None:
            return Manners(Permission.UNKNOWN, keep=keep)
        granted = not record.rules or _permits(record.rules, address.url, self._agent)
        permission = Permission.GRANTED if granted else Permission.REFUSED
        return Manners(permission, timedelta(seconds=record.delay), keep)

    def _ask(self, origin: str, known: _Record | None) -> _Record:
        now = self._clock().timestamp()
        try:
            found = self._fetcher.fetch(f"{origin}/robots.txt", accept="text/plain, */*;q=0.1")
        except FetchError as error:
            return _without_file(error, known, now)
        body = found.body if isinstance(found, FetchedResource) else b""
        rules = rules_for(body, self._agent)
        return _Record(rules, now + _FRESH.total_seconds(), delay=_stated_delay(rules, self._agent))


def _name(address: WebAddress) -> str:
    return f"storywatch:robots:{address.origin}"


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


def _stated_delay(rules: str, agent: str) -> float:
    """The seconds of a Crawl-delay, at most a day; 0 where there is none that can be read."""
    if "delay" not in rules.lower():
        return 0
    from protego import Protego

    return min(float(Protego.parse(rules).crawl_delay(agent) or 0), LONGEST_WAIT.total_seconds())


def _without_file(error: FetchError, known: _Record | None, now: float) -> _Record:
    missing = error.reason in _UNAVAILABLE or (error.status is not None and 400 <= error.status < 500)
    if missing and error.reason is not FetchReason.THROTTLED:
        return _Record("", now + _FRESH.total_seconds())
    since = (known.unreachable_since if known else None) or now
    rules = known.rules if known else None
    if now - since > _GIVEN_UP.total_seconds():
        rules = ""
    return _Record(rules, now + _ASK_AGAIN.total_seconds(), since, known.delay if known else 0)


def _pack(record: _Record) -> bytes:
    return zlib.compress(json.dumps(asdict(record)).encode())


def _unpack(stored: bytes | None) -> _Record | None:
    if stored is None:
        return None
    try:
        return _Record(**json.loads(zlib.decompress(stored)))
    except (zlib.error, ValueError, TypeError):  # written by another version
        return None
