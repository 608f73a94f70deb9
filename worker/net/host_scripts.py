"""What Redis does in one step when a host is visited: four scripts in Lua, in which all counting happens.

They are asked of several visits that one visitor makes in turn, and who is therefore counted once at each host. What a
visit concerns are the names of its scopes (host, domain), parted by blanks; a scope's state and leases are kept under
its name. One long line of them is much cheaper to send than keys one by one, and a cluster, which would want to know
the keys, could not answer for several hosts at once anyway.
"""

from __future__ import annotations

# ARGV: token, kind of visit, at most, spacing, lease, factor, longest spacing (ms), the visits by line, slack, distance
# from visits of another kind, longest Crawl-delay (ms). A token begins with its kind.
# Returns four numbers a visit, all in one string, which is read much quicker than a list: the wait in ms (0: entered),
# whether the host itself asked for it, when our turn comes, and the host's Crawl-delay (-1: not known). Those who were
# told to wait before us are given a turn each, one spacing apart.
# Feeds and pages have a spacing each, else a host with many feeds would never be free for a page; from a visit of the
# other kind they keep the smaller distance, counted from its end. Where there is a Crawl-delay, one visitor at a time
# is let in, so long after the end of the last visit, whatever its kind.
# Each scope is read once and written once, however many of the visits concern it.
ENTER = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kind, at_most, spacing, lease = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local slack, apart, longest_delay = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
local last, turn = 'last:' .. kind, 'turn:' .. kind
local answers, known = {}, {}

local function is_full(leases, others, delay)
  if others >= at_most or (others > 0 and delay > 0) then return true end
  if others > 0 and apart > 0 then
    for _, token in ipairs(redis.call('ZRANGE', leases, 0, -1)) do
      if string.match(token, '^%a+') ~= kind then return true end
    end
  end
  return false
end

local function look_at(name)
  local state, leases = name .. ':state', name .. ':leases'
  local found = redis.call('HMGET', state, 'rest_until', last, 'latency', turn, 'delay', 'delay_until', 'seen', 'kind')
  local others = redis.call('ZCARD', leases)
  if others > 0 and redis.call('ZREMRANGEBYSCORE', leases, '-inf', now) > 0 then
    others = redis.call('ZCARD', leases)
  end
  local stated = tonumber(found[5]) or 0
  local delay = math.min(stated, longest_delay)
  local between = found[8] ~= kind and math.max(apart, delay) or delay
  return {
    state = state, leases = leases, full = is_full(leases, others, delay), delay = delay,
    stated = (tonumber(found[6]) or 0) > now and stated or -1,
    rest = (tonumber(found[1]) or 0) - now, last = tonumber(found[2]) or 0, turn = tonumber(found[4]) or 0,
    quiet = math.min((tonumber(found[7]) or 0) + between, now + between) - now,
    gap = math.max(spacing, delay, math.min((tonumber(found[3]) or 0) * ARGV[6], tonumber(ARGV[7]))),
    slack = delay > 0 and 0 or slack,
  }
end

for visit in string.gmatch(ARGV[8], '[^\\n]+') do
  local wait, resting, our_turn, scopes = 0, 0, 0, {}
  for name in string.gmatch(visit, '%S+') do
    local scope = known[name] or look_at(name)
    known[name] = scope
    scopes[#scopes + 1] = scope
    scope.starts = math.min(math.max(scope.last + scope.gap, now - scope.slack), now + scope.gap)
    if scope.rest > 0 then resting = 1 end
    wait = math.max(wait, scope.rest, scope.starts - now, scope.quiet)
    if scope.full then wait = math.max(wait, spacing, scope.delay, 1000) end
  end
  if wait > 0 then
    our_turn = now + wait
    for _, scope in ipairs(scopes) do
      if scope.turn > now then our_turn = math.max(our_turn, scope.turn + math.max(spacing, scope.delay, 1)) end
    end
    for _, scope in ipairs(scopes) do scope.turn, scope.waited = our_turn, true end
    our_turn = math.ceil(our_turn - now)
  else
    for _, scope in ipairs(scopes) do scope.last, scope.entered = scope.starts, true end
  end
  answers[#answers + 1] = math.ceil(wait)
  answers[#answers + 1] = resting
  answers[#answers + 1] = our_turn
  answers[#answers + 1] = scopes[1].stated
end

for _, scope in pairs(known) do
  if scope.waited then redis.call('HSET', scope.state, turn, scope.turn) end
  if scope.entered then
    redis.call('HSET', scope.state, last, scope.last, 'seen', now, 'kind', kind)
    redis.call('ZADD', scope.leases, now + lease, ARGV[1])
    redis.call('PEXPIRE', scope.leases, lease)
  end
  redis.call('PEXPIRE', scope.state, 691200000)
end
return table.concat(answers, ' ')
"""

# ARGV: weight of an answer time, and by line the visits: milliseconds it took (-1: nobody went), token, scopes.
LEAVE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local weight = tonumber(ARGV[1])
local latency, kind, left = {}, {}, {}
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
      kind[scope] = string.match(token, '^%a+')
    end
  end
end
for scope, took in pairs(latency) do
  redis.call('HSET', scope .. ':state', 'latency', took, 'seen', now, 'kind', kind[scope])
  redis.call('PEXPIRE', scope .. ':state', 691200000)
end
"""

# KEYS: state of the host. ARGV: its Crawl-delay, and for how long that is known, in milliseconds. Its robots.txt was
# asked for just now, which is a visit of a kind of its own.
LEARN = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'delay', ARGV[1], 'delay_until', now + ARGV[2], 'seen', now, 'kind', 'robots')
redis.call('PEXPIRE', KEYS[1], 691200000)
"""

# KEYS: state of the host. ARGV: milliseconds of rest. A rest is never shortened.
REST = """
local time = redis.call('TIME')
local rest_until = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
if rest_until > tonumber(redis.call('HGET', KEYS[1], 'rest_until') or 0) then
  redis.call('HSET', KEYS[1], 'rest_until', rest_until)
end
redis.call('PEXPIRE', KEYS[1], 691200000)
"""
