"""Topics that have fallen silent against their own rhythm: a query broken by an edit, or sources that tell nothing.

A topic's time is counted in the matches that are expected of it: each weekday brings what it brought in the weeks
before, in proportion less where the last week brought less, and ever less where that had been less than the one before.
So a quiet weekend is short, and most topics whose event is over may fall silent. A silence is one when it is long by
that count, longer than any that the topic has had, and more than a day. A topic is not judged before it has weeks and
matches enough to know its rhythm by. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from worker.delivery.diagnosis import Ailment

LOOK_BACK = timedelta(weeks=8)
"""How far back a topic's rhythm is measured."""

LEAST = timedelta(days=1)
"""The shortest silence there is: night and day bring matches alike by no count."""

_LEAST_KNOWN = timedelta(weeks=4)
_FEWEST, _FEWEST_LATELY = 24, 4  # matches in all, and in the last week; fewer are no rhythm
_BURST = timedelta(hours=1)  # what matches within it tells of one thing
_EXPECTED = 8.0  # where they come by chance, as many at least fail to come once in three thousand times
_LONGER = 2.0  # than the longest silence before: news comes in bursts
_WEEK = timedelta(weeks=1)
_FASTEST = 0.5  # of what a week brings comes in the next: what seems to wane faster has met with something
_DAY = timedelta(days=1)


def silent_topics(
    matched: Mapping[str, Sequence[datetime]], *, watched_since: datetime, now: datetime
) -> Iterator[Ailment]:
    """What is silent of the topics, each with the moments of its matches within `LOOK_BACK` (aware UTC).

    No silence begins before `watched_since`, since when the service has been up.
    """
    for topic, moments in matched.items():
        if is_silent(moments, watched_since=watched_since, now=now):
            said = f"topic {topic} has matched nothing since {max(moments):%Y-%m-%d %H:%M} UTC, against its rhythm"
            yield Ailment("topics", f"topic {topic} silent", f"{said}: was it edited?", is_severe=False)


def is_silent(moments: Sequence[datetime], *, watched_since: datetime, now: datetime) -> bool:
    """Whether the topic should have matched something by now."""
    known = _apart(moment for moment in moments if now - LOOK_BACK <= moment <= now)
    if len(known) < _FEWEST or known[-1] - known[0] < _LEAST_KNOWN or _within(known, _WEEK) < _FEWEST_LATELY:
        return False
    begun = max(known[-1], watched_since)
    if now - begun < LEAST:
        return False
    rates = _rates(known)
    longest = max(_expected(rates, before, after) for before, after in pairwise(known))
    return _expected(rates, begun, now, waning=_waning(known)) > max(_EXPECTED, _LONGER * longest)


def _apart(moments: Iterable[datetime]) -> list[datetime]:
    """The moments in order, each burst of them once."""
    found: list[datetime] = []
    for moment in sorted(moments):
        if not found or moment - found[-1] > _BURST:
            found.append(moment)
    return found


def _within(known: Sequence[datetime], span: timedelta) -> int:
    return sum(moment > known[-1] - span for moment in known)


def _rates(known: Sequence[datetime]) -> Mapping[int, float]:
    """Matches a day by weekday, over the whole time that is known; slowed where the last of it brought less."""
    first, last = known[0], known[-1]
    days = Counter(day.weekday() for day in _days(first, last))
    found = Counter(moment.weekday() for moment in known)
    rates = {weekday: found[weekday] / days[weekday] for weekday in days}
    slowed = min(1.0, _within(known, _WEEK) / max(_expected(rates, last - _WEEK, last), 1.0))
    return {weekday: rate * slowed for weekday, rate in rates.items()}


def _days(first: datetime, last: datetime) -> Iterable[datetime]:
    return (first + step * _DAY for step in range((last.date() - first.date()).days + 1))


def _waning(known: Sequence[datetime]) -> float:
    """What a week brings of what the one before brought, where that is less: news of an event dies away."""
    last = _within(known, _WEEK)
    return min(1.0, max(_FASTEST, (last + 1) / (_within(known, 2 * _WEEK) - last + 1)))


def _expected(rates: Mapping[int, float], start: datetime, end: datetime, *, waning: float = 1.0) -> float:
    """How many matches that time should bring, a part of a day in proportion; each week `waning` of the last."""
    total, at = 0.0, start
    while at < end:
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
        until = min(midnight, end)
        total += rates.get(at.weekday(), 0.0) * ((until - at) / _DAY) * waning ** ((at - start) / _WEEK)
        at = until
    return total
