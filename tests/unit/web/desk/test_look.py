"""What is new to a person, whenever they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.web.desk.today.look import Look, look_again

START = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = Look(0, None, 0, None)


def test_who_comes_first_has_nothing_that_is_new() -> None:
    assert look_again(FIRST, latest=40, now=START) == Look(40, None, 40, START)


def test_a_reload_keeps_what_was_new_and_the_next_visit_does_not() -> None:
    first = look_again(FIRST, latest=40, now=START)
    second = look_again(first, latest=50, now=START + timedelta(hours=8))
    assert (second.before, second.since) == (40, START)
    reloaded = look_again(second, latest=52, now=START + timedelta(hours=8, minutes=20))
    assert (reloaded.before, reloaded.since) == (40, START)
    assert look_again(reloaded, latest=60, now=START + timedelta(hours=20)).before == 52


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 50)), min_size=2, max_size=30))
def test_whatever_comes_is_new_in_one_look_at_least(visits: list[tuple[int, int]]) -> None:
    look, latest, now, seen = FIRST, 0, START, 0
    for minutes, news in visits:
        now, latest = now + timedelta(minutes=minutes), latest + news
        before = look
        look = look_again(look, latest=latest, now=now)
        if before.at is not None:
            assert look.before <= seen, "what came since the last visit is new"
        assert look.before <= look.latest == latest
        seen = latest
