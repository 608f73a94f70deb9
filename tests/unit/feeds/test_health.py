from datetime import UTC, datetime, timedelta

import pytest

from worker.errors import FetchReason
from worker.feeds import FeedFacts, FeedState, assess, describe_rhythm

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def facts(gap: timedelta = timedelta(hours=6), silent: timedelta = timedelta(0), **more: object) -> FeedFacts:
    times = tuple(NOW - silent - gap * number for number in range(20))
    known = {
        "first_polled": NOW - 60 * DAY,
        "last_success": NOW,
        "last_new_entry": times[0],
        "entry_times": times,
    }
    return FeedFacts(**(known | more))  # type: ignore[arg-type]


def test_a_feed_in_its_rhythm_is_healthy() -> None:
    health = assess(facts(), now=NOW)
    assert (health.state, health.reason, health.persistent) == (
        FeedState.HEALTHY,
        "about 4 entries a day",
        False,
    )


def test_one_failed_poll_is_no_state() -> None:
    health = assess(facts(failures=1, last_error_text="timed out\nafter 10 s"), now=NOW)
    assert health.state is FeedState.HEALTHY
    assert health.reason.endswith("the last poll failed: timed out after 10 s")


@pytest.mark.parametrize(
    ("gap", "silent", "state"),
    [
        (timedelta(minutes=20), 2 * DAY, FeedState.HEALTHY),
        (timedelta(minutes=20), 4 * DAY, FeedState.SILENT),
        (DAY, 5 * DAY, FeedState.HEALTHY),
        (DAY, 8 * DAY, FeedState.SILENT),
        (30 * DAY, 100 * DAY, FeedState.HEALTHY),
        (30 * DAY, 200 * DAY, FeedState.SILENT),
    ],
)
def test_silence_is_measured_by_the_feeds_rhythm(gap: timedelta, silent: timedelta, state: FeedState) -> None:
    health = assess(facts(gap, silent), now=NOW)
    assert health.state is state
    assert health.persistent is (state is FeedState.SILENT)
    if state is FeedState.SILENT:
        assert health.reason.startswith(f"nothing new for {silent.days} days")


def test_a_weekly_pause_is_no_silence() -> None:
    times = tuple(NOW - timedelta(days=day) for day in (10, 11, 12, 18, 19, 20, 26, 27))
    assert assess(facts(entry_times=times, last_new_entry=times[0]), now=NOW).state is FeedState.HEALTHY


def test_a_feed_that_never_had_an_entry_is_silent_after_a_month() -> None:
    empty = {"entry_times": (), "last_new_entry": None}
    assert assess(facts(first_polled=NOW - 20 * DAY, **empty), now=NOW).state is FeedState.HEALTHY
    assert assess(facts(first_polled=NOW - 31 * DAY, **empty), now=NOW).state is FeedState.SILENT


def test_a_feed_not_yet_polled_is_new() -> None:
    assert assess(FeedFacts(), now=NOW).state is FeedState.NEW
    assert assess(FeedFacts(failures=1, last_error_text="no such host"), now=NOW).reason.endswith("no such host")


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (FetchReason.BLOCKED, FeedState.BLOCKED),
        ("robots", FeedState.BLOCKED),
        ("throttled", FeedState.BLOCKED),
        ("timeout", FeedState.FAILING),
        ("html_page", FeedState.FAILING),
        ("", FeedState.FAILING),
    ],
)
def test_failures_in_a_row_are_trouble(reason: str, state: FeedState) -> None:
    health = assess(facts(failures=4, last_error_reason=reason, last_success=NOW - timedelta(hours=5)), now=NOW)
    assert (health.state, health.persistent) == (state, False)
    assert "4 polls in a row failed, for 5 hours" in health.reason


def test_trouble_of_days_is_persistent() -> None:
    assert assess(facts(failures=9, last_success=NOW - 3 * DAY), now=NOW).persistent
    assert assess(facts(failures=9, last_success=None, first_polled=NOW - 4 * DAY), now=NOW).persistent


def test_the_weightiest_state_is_told() -> None:
    everything = facts(failures=9, moved_to="https://new.example/", truncated=True, gone=True)
    assert assess(everything, now=NOW).state is FeedState.GONE
    moved = assess(facts(moved_to="https://new.example/", truncated=True), now=NOW)
    assert (moved.state, moved.reason) == (FeedState.MOVED, "it has moved to https://new.example/")
    assert assess(facts(truncated=True), now=NOW).state is FeedState.TRUNCATED


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((0, 0.5, 1), "about 2 entries a day"),
        ((0, 2, 4, 6), "about 4 entries a week"),
        ((0, 10, 20), "about 3 entries a month"),
        ((0, 40, 80), "about one entry in 40 days"),
        ((3,), "no rhythm known yet"),
        ((), "no rhythm known yet"),
        ((1, 1, 1), "no rhythm known yet"),
    ],
)
def test_describes_a_rhythm(days: tuple[float, ...], words: str) -> None:
    assert describe_rhythm(tuple(NOW - timedelta(days=day) for day in days), NOW) == words


def test_pages_that_give_less_than_they_did_are_a_state_and_lasting_ones_belong_into_the_digest() -> None:
    decay = {"decay": "6 of its last 6 pages gave no whole article (0 of 40 before)"}
    fresh = assess(facts(decayed_since=NOW - DAY, **decay), now=NOW)
    assert fresh.state is FeedState.TRUNCATED
    assert fresh.reason == f"for 1 day, {decay['decay']}: a redesign or a wall?"
    assert not fresh.persistent
    assert assess(facts(decayed_since=NOW - 3 * DAY, **decay), now=NOW).persistent
    assert assess(facts(gone=True, **decay), now=NOW).state is FeedState.GONE
