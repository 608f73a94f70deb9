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
from worker.net.web_address import read_address
from worker.retry import LONGEST_WAIT

# A host is given five times the time it needs for an answer, up to half a minute: Heritrix's delayFactor and
# maxDelayMs, https://github.com/internetarchive/heritrix3 (bean disposition).
_LATENCY_FACTOR = 5
_LONGEST_SPACING = timedelta(seconds=30)
_SMOOTHING = 0.3  # weight of the newest answer time
_REMEMBERED_HOSTS = 10_000
_PLACE = re.compile(r"\s*https?://[^/?#\\]*", re.IGNORECASE)

# Several visits that one visitor makes in turn, and who is therefore counted once at each host. What a visit concerns
# are the names of its scopes (host, domain), parted by blanks; a scope's state and leases are kept under its name.
# One long line of them is much cheaper to send than keys one by one, and a cluster, which would want to know the keys,
# could not answer for several hosts at once anyway.

# ARGV: token, kind of visit, at most, spacing, lease, factor, longest spacing (ms), the visits by line, slack (ms).
# Returns three numbers a visit, all in one string, which is read much quicker than a list: the wait in ms (0: entered),
# whether the host itself asked for it, and when our turn comes: those who were told to wait before us are given a turn
# each, one spacing apart. Feeds and pages keep their distance apart from each other: else a host with many feeds would
# never be free for a page.
# Each scope is read once and written once, however many of the visits concern it.
_ENTER = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local at_most, spacing, lease = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local slack = tonumber(ARGV[9])
local last, turn = 'last:' .. ARGV[2], 'turn:' .. ARGV[2]
local answers, known = {}, {}

local function look_at(name)
  local state, leases = name .. ':state', name .. ':leases'
  local found = redis.call('HMGET', state, 'rest_until', last, 'latency', turn)
  local others = redis.call('ZCARD', leases)
  if others > 0 and redis.call('ZREMRANGEBYSCORE', leases, '-inf', now) > 0 then
    others = redis.call('ZCARD', leases)
  end
  local ours = others >= at_most and redis.call('ZSCORE', leases, ARGV[1])
  return {
    state = state, leases = leases, full = others >= at_most and not ours,
    rest = (tonumber(found[1]) or 0) - now, last = tonumber(found[2]) or 0, turn = tonumber(found[4]) or 0,
    gap = math.max(spacing, math.min((tonumber(found[3]) or 0) * ARGV[6], tonumber(ARGV[7]))),
  }
end

for visit in string.gmatch(ARGV[8], '[^\\n]+') do
  local wait, resting, our_turn, scopes = 0, 0, 0, {}
  for name in string.gmatch(visit, '%S+') do
    local scope = known[name] or look_at(name)
    known[name] = scope
    scopes[#scopes + 1] = scope
    scope.starts = math.min(math.max(scope.last + scope.gap, now - slack), now + scope.gap)
    if scope.rest > 0 then resting = 1 end
    wait = math.max(wait, scope.rest, scope.starts - now)
    if scope.full then wait = math.max(wait, spacing, 1000) end
  end
  if wait > 0 then
    our_turn = now + wait
    for _, scope in ipairs(scopes) do
      if scope.turn > now then our_turn = math.max(our_turn, scope.turn + math.max(spacing, 1)) end
    end
    for _, scope in ipairs(scopes) do scope.turn, scope.waited = our_turn, true end
    our_turn = math.ceil(our_turn - now)
  else
    for _, scope in ipairs(scopes) do scope.last, scope.entered = scope.starts, true end
  end
  answers[#answers + 1] = math.ceil(wait)
  answers[#answers + 1] = resting
  answers[#answers + 1] = our_turn
end

for _, scope in pairs(known) do
  if scope.waited then redis.call('HSET', scope.state, turn, scope.turn) end
  if scope.entered then
    redis.call('HSET', scope.state, last, scope.last)
    redis.call('ZADD', scope.leases, now + lease, ARGV[1])
    redis.call('PEXPIRE', scope.leases, lease)
  end
  redis.call('PEXPIRE', scope.state, 90000000)
end
return table.concat(answers, ' ')
"""

# ARGV: weight of an answer time, and by line the visits: milliseconds it took (-1: nobody went), token, scopes.
_LEAVE = """
local weight = tonumber(ARGV[1])
local latency, left = {}, {}
for took, token, visit in string.gmatch(ARGV[2], '(%S+) (%S+) ([^\\n]+)') do
  took = tonumber(took)
  for scope in string.gmatch(visit, '%S+') do
    if left[scope] ~= token then
      redis.call('ZREM', scope .. ':leases', token)
      left[scope] = token
    end
    if took >= 0 then
      local before = latency[scope] or tonumber(redis.call('HGET', scope .. ':state', 'latency') or took)
      latency[scope] = before + weight * (took - before)
    end
  end
end
for scope, took in pairs(latency) do
  redis.call('HSET', scope .. ':state', 'latency', took)
  redis.call('PEXPIRE', scope .. ':state', 86400000)
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
    """Leave to visit a host; give it back with `leave`. `scopes` is what it counts for, "" for nothing."""

    token: str
    scopes: str = ""


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

    def leave(self, lease: Lease, elapsed: timedelta) -> None: ...

    def leave_all(self, visits: Sequence[Visit]) -> None: ...

    def rest(self, url: str, duration: timedelta) -> None: ...


class HostLimits:
    """At most `at_most` visits at once and `spacing` between their starts, per host and per registrable
    domain.

    A host that answers slowly gets longer spacing (five times its smoothed answer time, at most 30 s).
    `domain_of` gives the registrable domain of a host. Objects with the same `prefix` share what they know: how many
    visits there are, how fast a host is and whether it rests. Those of another `kind` have a spacing of their own.
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
        lease: timedelta = timedelta(seconds=60),
        prefix: str = "storywatch:host",
    ) -> None:
        self._at_most = at_most
        self._spacing = spacing
        self._kind = kind
        self._slack = slack
        self._domain_of = domain_of
        self._lease = lease
        self._prefix = prefix
        self._scopes_of_place = lru_cache(_REMEMBERED_HOSTS)(self._read_scopes)
        self._enter = client.register_script(_ENTER)
        self._leave = client.register_script(_LEAVE)
        self._rest = client.register_script(_REST)

    def enter(self, url: str) -> Lease | Busy:
        """Leave to visit, or how long to wait. What is no web address is let in: its fetch will say why it
        fails.
        """
        return self.enter_all((url,))[0]

    def enter_all(self, urls: Sequence[str]) -> list[Lease | Busy]:
        """The same for several visits that one visitor will make in turn, in one question to Redis.

        Two of one host are held to its spacing like any others. The leases are to be given back together.
        """
        token = secrets.token_hex(8)
        scopes = [self._scopes(url) for url in urls]
        numbers = iter(self._ask(token, [own for own in scopes if own]))
        visits = zip(numbers, numbers, numbers, strict=True)
        return [_answer(own, token, *next(visits)) if own else Lease(token) for own in scopes]

    def leave(self, lease: Lease, elapsed: timedelta) -> None:
        """Give a lease back; `elapsed` is how long the host took."""
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

    def _ask(self, token: str, visits: Sequence[str]) -> Iterable[int]:
        if not visits:
            return ()
        spacing, lease, longest = (_milliseconds(d) for d in (self._spacing, self._lease, _LONGEST_SPACING))
        bounds = [token, self._kind, self._at_most, spacing, lease, _LATENCY_FACTOR, longest]
        return map(int, self._enter(args=[*bounds, "\n".join(visits), _milliseconds(self._slack)]).split())

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


def _answer(scopes: str, token: str, wait: int, resting: int, turn: int) -> Lease | Busy:
    if not wait:
        return Lease(token, scopes)
    return Busy(timedelta(milliseconds=wait), bool(resting), timedelta(milliseconds=turn))


class NoHostLimits:
    """The same shape for one command line call, where a person waits for one page."""

    def enter(self, url: str) -> Lease | Busy:
        return Lease(token=url)

    def enter_all(self, urls: Sequence[str]) -> list[Lease | Busy]:
        return [Lease(token=url) for url in urls]

    def leave(self, lease: Lease, elapsed: timedelta) -> None:
        return None

    def leave_all(self, visits: Sequence[Visit]) -> None:
        return None

    def rest(self, url: str, duration: timedelta) -> None:
        return None


def _milliseconds(duration: timedelta) -> int:
    return duration // timedelta(milliseconds=1)
