"""How often and how much at once we visit one host, counted across all workers.

Each visit takes a lease for the host and for its registrable domain; leases expire, so a worker that dies
holds nothing for long. All counting happens inside Redis in one step, by Redis's own clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from worker.errors import FetchError
from worker.net.answer_headers import LONGEST_WAIT
from worker.net.web_address import read_address

# A host is given five times the time it needs for an answer, up to half a minute: Heritrix's delayFactor and
# maxDelayMs, https://github.com/internetarchive/heritrix3 (bean disposition).
_LATENCY_FACTOR = 5
_LONGEST_SPACING = timedelta(seconds=30)
_SMOOTHING = 0.3  # weight of the newest answer time

# KEYS: state and leases of each scope, in turn. ARGV: token, at most, spacing, lease, factor, longest spacing
# (ms). Returns the wait in ms (0: entered), whether the host itself asked for it, and when our turn comes: those who
# were told to wait before us are given a turn each, one spacing apart.
_ENTER = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local at_most, spacing, lease = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local wait, resting = 0, 0
for i = 1, #KEYS, 2 do
  local state = redis.call('HMGET', KEYS[i], 'rest_until', 'last', 'latency')
  local rest = (tonumber(state[1]) or 0) - now
  local gap = math.max(spacing, math.min((tonumber(state[3]) or 0) * ARGV[5], tonumber(ARGV[6])))
  local due = math.min((tonumber(state[2]) or 0) + gap - now, gap)
  redis.call('ZREMRANGEBYSCORE', KEYS[i + 1], '-inf', now)
  if rest > 0 then resting = 1 end
  wait = math.max(wait, rest, due)
  if redis.call('ZCARD', KEYS[i + 1]) >= at_most then wait = math.max(wait, spacing, 1000) end
end
if wait > 0 then
  local turn = now + wait
  for i = 1, #KEYS, 2 do
    local last = tonumber(redis.call('HGET', KEYS[i], 'turn')) or 0
    if last > now then turn = math.max(turn, last + math.max(spacing, 1)) end
  end
  for i = 1, #KEYS, 2 do
    redis.call('HSET', KEYS[i], 'turn', turn)
    redis.call('PEXPIRE', KEYS[i], 90000000)
  end
  return {math.ceil(wait), resting, math.ceil(turn - now)}
end
for i = 1, #KEYS, 2 do
  redis.call('HSET', KEYS[i], 'last', now)
  redis.call('PEXPIRE', KEYS[i], 86400000)
  redis.call('ZADD', KEYS[i + 1], now + lease, ARGV[1])
  redis.call('PEXPIRE', KEYS[i + 1], lease)
end
return {0, 0, 0}
"""

# KEYS as above. ARGV: token, milliseconds the visit took, weight of it.
_LEAVE = """
for i = 1, #KEYS, 2 do
  redis.call('ZREM', KEYS[i + 1], ARGV[1])
  local took, weight = tonumber(ARGV[2]), tonumber(ARGV[3])
  local before = tonumber(redis.call('HGET', KEYS[i], 'latency') or took)
  redis.call('HSET', KEYS[i], 'latency', before + weight * (took - before))
  redis.call('PEXPIRE', KEYS[i], 86400000)
end
"""

# KEYS: state of the host. ARGV: milliseconds of rest. A rest is never shortened.
_REST = """
local time = redis.call('TIME')
local rest_until = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
if rest_until > tonumber(redis.call('HGET', KEYS[1], 'rest_until') or 0) then
  redis.call('HSET', KEYS[1], 'rest_until', rest_until)
end
redis.call('PEXPIRE', KEYS[1], 90000000)
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """Leave to visit a host; give it back with `leave`."""

    token: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Busy:
    """Not now. `wait` is when somebody may visit again, `turn` when we may, after those who asked before us;
    `resting` when the host itself asked for quiet.
    """

    wait: timedelta
    resting: bool = False
    turn: timedelta = timedelta()


class HostGate(Protocol):
    """Asked before every visit and told after it."""

    def enter(self, url: str) -> Lease | Busy: ...

    def leave(self, lease: Lease, elapsed: timedelta) -> None: ...

    def rest(self, url: str, duration: timedelta) -> None: ...


class HostLimits:
    """At most `at_most` visits at once and `spacing` between their starts, per host and per registrable
    domain.

    A host that answers slowly gets longer spacing (five times its smoothed answer time, at most 30 s).
    `domain_of` gives the registrable domain of a URL. Objects with the same `prefix` share what they know, so
    feeds and pages may have different spacing. `lease` must outlast a visit. Raises redis.RedisError when
    Redis is away.
    """

    def __init__(
        self,
        client: Any,  # redis.Redis, whose own types are too loose to help and which is slow to import
        domain_of: Callable[[str], str | None],
        at_most: int = 2,
        spacing: timedelta = timedelta(seconds=5),
        *,
        lease: timedelta = timedelta(seconds=60),
        prefix: str = "storywatch:host",
    ) -> None:
        self._at_most = at_most
        self._spacing = spacing
        self._domain_of = domain_of
        self._lease = lease
        self._prefix = prefix
        self._enter = client.register_script(_ENTER)
        self._leave = client.register_script(_LEAVE)
        self._rest = client.register_script(_REST)

    def enter(self, url: str) -> Lease | Busy:
        """Leave to visit, or how long to wait. What is no web address is let in: its fetch will say why it
        fails.
        """
        keys = self._keys(url)
        token = secrets.token_hex(8)
        if not keys:
            return Lease(token)
        spacing, lease, longest = (_milliseconds(d) for d in (self._spacing, self._lease, _LONGEST_SPACING))
        arguments = [token, self._at_most, spacing, lease, _LATENCY_FACTOR, longest]
        wait, resting, turn = (int(value) for value in self._enter(keys=keys, args=arguments))
        if not wait:
            return Lease(token, keys)
        return Busy(timedelta(milliseconds=wait), bool(resting), timedelta(milliseconds=turn))

    def leave(self, lease: Lease, elapsed: timedelta) -> None:
        """Give a lease back; `elapsed` is how long the host took."""
        if lease.keys:
            self._leave(keys=lease.keys, args=[lease.token, _milliseconds(elapsed), _SMOOTHING])

    def rest(self, url: str, duration: timedelta) -> None:
        """Let the host, not its domain, alone for `duration`, at most 24 h: for 429 and 503."""
        keys = self._keys(url)
        if keys and duration > timedelta():
            self._rest(keys=keys[:1], args=[_milliseconds(min(duration, LONGEST_WAIT))])

    def _keys(self, url: str) -> tuple[str, ...]:
        try:
            host = read_address(url).host
        except FetchError:
            return ()
        domain = self._domain_of(url)
        scopes = (f"host:{host}", f"domain:{domain[:253]}") if domain else (f"host:{host}",)
        return tuple(f"{self._prefix}:{scope}:{part}" for scope in scopes for part in ("state", "leases"))


class NoHostLimits:
    """The same shape for one command line call, where a person waits for one page."""

    def enter(self, url: str) -> Lease | Busy:
        return Lease(token=url)

    def leave(self, lease: Lease, elapsed: timedelta) -> None:
        return None

    def rest(self, url: str, duration: timedelta) -> None:
        return None


def _milliseconds(duration: timedelta) -> int:
    return int(duration / timedelta(milliseconds=1))
