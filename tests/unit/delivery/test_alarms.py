"""When an operator is told: once when something lasts, once when it is over."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from worker.delivery.alarms import change_alarms
from worker.delivery.diagnosis import Ailment
from worker.storage.reports.alarms import AlarmRecord

MINUTE = timedelta(minutes=1)
DISK = Ailment("disk", "disk", "91 % full")


def told(minutes: str) -> list[tuple[int, str]]:
    """What the operator is told, minute by minute: `x` is one in which the disk is nearly full."""
    known: dict[str, AlarmRecord] = {}
    said = []
    for minute, sign in enumerate(minutes):
        change = change_alarms(known, [DISK] if sign == "x" else [], now=NOW + minute * MINUTE)
        known = change.alarms
        said += [(minute, "begun") for _ in change.begun] + [(minute, "ended") for _ in change.ended]
    return said


def test_what_lasts_is_told_once_and_its_end_once() -> None:
    assert told("xxxxxxxx" + "." * 15) == [(3, "begun"), (17, "ended")]


def test_what_is_short_is_not_told() -> None:
    assert told("xx" + "." * 20) == []


def test_what_comes_and_goes_is_told_once() -> None:
    assert told("xxxx...x...x.....x" + "." * 12) == [(3, "begun"), (27, "ended")]


def test_what_comes_back_later_is_told_again() -> None:
    assert [what for _, what in told(("xxxx" + "." * 12) * 2)] == ["begun", "ended"] * 2


@given(st.text("x.", max_size=80))
def test_begun_and_ended_take_turns(minutes: str) -> None:
    said = [what for _, what in told(minutes)]
    assert said == ["begun", "ended"] * (len(said) // 2) + ["begun"] * (len(said) % 2)


def test_the_words_are_the_latest() -> None:
    first = change_alarms({}, [DISK], now=NOW)
    later = change_alarms(first.alarms, [Ailment("disk", "disk", "95 % full")], now=NOW + 5 * MINUTE)
    (begun,) = later.begun
    assert (begun.said, begun.since, later.alarms["disk"].told) == ("95 % full", NOW, True)
