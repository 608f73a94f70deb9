"""A topic is called silent when it is, and hardly ever when it is not."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from worker.delivery.topic_silence import LOOK_BACK, is_silent

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LONG_AGO = NOW - 999 * DAY
WEEK = (1.0, 1.0, 1.0, 1.0, 0.9, 0.4, 0.3)  # what a weekday brings, as newspapers do
seeds = st.integers(0, 10**9)


def drawn(lot: Random, a_day: float, *, until: datetime = NOW, burst: float = 1.0) -> list[datetime]:
    """Matches by chance over eleven weeks: more on working days and by day; with `burst`, several at once."""
    found, at = [], until - LOOK_BACK - 21 * DAY
    while at < until:
        hour = a_day / 24 * WEEK[at.weekday()] * (1.6 if 7 <= at.hour < 22 else 0.1) / burst
        at += HOUR
        while lot.random() < hour:
            hour -= 1
            found += [at + lot.random() * HOUR for _ in range(1 + int(lot.expovariate(1 / burst)) if burst > 1 else 1)]
    return [moment for moment in found if moment < until]


def is_called(moments: list[datetime], now: datetime = NOW) -> bool:
    return is_silent(moments, watched_since=LONG_AGO, now=now)


def test_no_alarm_where_a_topic_goes_on_as_ever() -> None:
    """Of 300 topics of every size and burstiness, looked at twice a day for three weeks."""
    lot, called = Random(5), 0
    for number in range(300):
        moments = drawn(lot, (0.3, 1, 4, 12, 40)[number % 5], burst=(1.0, 3.0, 8.0)[number % 3])
        looks = [NOW - step * 12 * HOUR for step in range(42)]
        called += any(is_called([moment for moment in moments if moment <= look], look) for look in looks)
    assert called <= 1


@given(seeds, st.sampled_from([4, 12, 40]))
def test_a_topic_that_stops_is_called_silent_within_days(seed: int, a_day: int) -> None:
    stopped = drawn(Random(seed), a_day, until=NOW - 21 * DAY)
    assert is_called(stopped)
    if a_day >= 12:
        assert is_called(drawn(Random(seed), a_day, until=NOW - 7 * DAY))


@given(seeds, st.floats(0, 27.9), st.integers(1, 60))
def test_a_young_topic_is_never_called_silent(seed: int, age: float, silent: int) -> None:
    begun = NOW - (age + silent) * DAY
    moments = [moment for moment in drawn(Random(seed), 20) if begun <= moment <= NOW - silent * DAY]
    assert not is_called(moments)


@given(st.lists(st.floats(0, 56), max_size=23))
def test_a_rare_topic_is_never_called_silent(ages: list[float]) -> None:
    assert not is_called([NOW - age * DAY for age in ages])


@given(seeds, st.floats(0, 23.9))
def test_less_than_a_day_is_no_silence(seed: int, hours: float) -> None:
    last = NOW - hours * HOUR
    assert not is_called([*drawn(Random(seed), 40, until=last), last])


@given(seeds, st.integers(1, 20))
def test_what_the_service_did_not_see_is_no_silence(seed: int, days: int) -> None:
    moments = drawn(Random(seed), 40, until=NOW - days * DAY)
    assert not is_silent(moments, watched_since=NOW - 23 * HOUR, now=NOW)


def test_a_topic_whose_event_is_over_mostly_may_fall_silent() -> None:
    """Of 40 topics that brought 40 matches a day and ever fewer, half as many after five days or eight."""
    called = 0
    for number in range(40):
        lot, keeps = Random(number), (0.87, 0.917)[number % 2]
        hours = (NOW - LOOK_BACK + hour * HOUR for hour in range(56 * 24))
        moments = [
            at for hour, at in enumerate(hours) for _ in range(9) if lot.random() < 40 / 24 / 9 * keeps ** (hour / 24)
        ]
        called += any(is_called([one for one in moments if one <= at], at) for at in (NOW - n * DAY for n in range(20)))
    assert called < 10


def test_a_quiet_weekend_is_none() -> None:
    """Nothing on Saturdays and Sundays, as ever: on Sunday evening nobody is told."""
    sunday = datetime(2026, 3, 1, 22, tzinfo=NOW.tzinfo)
    days = [sunday - step * DAY for step in range(1, 56)]
    moments = [day - hour * HOUR for day in days if day.weekday() < 5 for hour in range(10)]
    assert not is_called(moments, sunday)
    assert is_called(moments, sunday + 3 * DAY)
