from datetime import UTC, datetime, timedelta

import pytest

from worker.feeds import PollBounds, PollHints, PollHistory, PollOutcome, next_poll_at

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)  # a Friday
HOUR = timedelta(hours=1)


UNKNOWN = PollHistory()
UNCHANGED = PollOutcome("unchanged")


def wait(history: PollHistory = UNKNOWN, outcome: PollOutcome = UNCHANGED, jitter: float = 0.0) -> timedelta:
    return next_poll_at(history, outcome, now=NOW, jitter=jitter) - NOW


def every(gap: timedelta, *, silent: timedelta = timedelta(0)) -> PollHistory:
    return PollHistory(tuple(NOW - silent - gap * number for number in range(1, 51)))


def test_a_new_feed_is_polled_after_half_an_hour() -> None:
    assert wait() == timedelta(minutes=30)


def test_a_feed_that_stays_empty_is_polled_less_and_less() -> None:
    waits = [wait(PollHistory(first_polled=NOW - timedelta(days=days))) for days in (0, 1, 3, 30)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=24)


@pytest.mark.parametrize(
    ("gap", "low", "high"),
    [
        (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=6)),
        (HOUR, timedelta(minutes=8), timedelta(minutes=14)),
        (timedelta(hours=2.4), timedelta(minutes=24), timedelta(minutes=33)),
        (timedelta(days=1), 3 * HOUR, 5 * HOUR),
        (timedelta(days=30), 24 * HOUR, 24 * HOUR),
    ],
)
def test_follows_the_feeds_own_rhythm(gap: timedelta, low: timedelta, high: timedelta) -> None:
    assert low <= wait(every(gap)) <= high


def test_silence_lengthens_the_wait() -> None:
    assert wait(every(HOUR, silent=timedelta(days=20))) > 4 * wait(every(HOUR))


def test_entries_published_at_once_count_as_one() -> None:
    batches = tuple(NOW - timedelta(days=day, seconds=second) for day in range(1, 6) for second in range(10))
    assert wait(PollHistory(batches)) > 2 * HOUR


def test_entries_dated_ahead_do_not_count() -> None:
    ahead = PollHistory(tuple(NOW + timedelta(minutes=minute) for minute in range(1, 50)))
    assert wait(ahead) == wait()


@pytest.mark.parametrize(
    ("hints", "outcome"),
    [
        (PollHints(ttl=3 * HOUR), PollOutcome("unchanged")),
        (PollHints(update_every=3 * HOUR), PollOutcome("new")),
        (PollHints(), PollOutcome("unchanged", max_age=3 * HOUR)),
        (PollHints(), PollOutcome("failed", asked=3 * HOUR)),
    ],
)
def test_hints_are_heeded_even_against_jitter(hints: PollHints, outcome: PollOutcome) -> None:
    history = PollHistory(every(timedelta(minutes=10)).entry_times, hints=hints)
    assert wait(history, outcome, jitter=-1) == 3 * HOUR


def test_no_hint_is_heeded_beyond_a_day() -> None:
    assert wait(PollHistory(hints=PollHints(ttl=timedelta(days=365)))) == 24 * HOUR
    assert wait(outcome=PollOutcome("failed", asked=timedelta(days=9_999))) == 24 * HOUR


def test_failures_back_off_to_a_day_and_never_stop() -> None:
    waits = [wait(PollHistory(failures=failures), PollOutcome("failed")) for failures in (0, 1, 2, 8, 10_000)]
    assert waits == [
        timedelta(minutes=5),
        timedelta(minutes=10),
        timedelta(minutes=20),
        timedelta(minutes=5) * 256,
        24 * HOUR,
    ]


def test_a_failure_is_tried_again_in_minutes_whatever_the_feed_usually_asks_for() -> None:
    history = PollHistory(hints=PollHints(ttl=HOUR, update_every=3 * HOUR))
    assert wait(history, PollOutcome("failed", max_age=5 * HOUR)) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("gap", "fresh_for", "waited"),
    [
        (timedelta(minutes=18), timedelta(days=30), HOUR),
        (timedelta(minutes=18), timedelta(days=1), HOUR),
        (timedelta(minutes=18), 4 * HOUR, 4 * HOUR),
        (timedelta(minutes=4), HOUR, HOUR),
        (timedelta(days=1), timedelta(days=2), 24 * HOUR),
        (timedelta(days=60), timedelta(days=30), 24 * HOUR),
    ],
)
def test_a_freshness_that_the_feed_belies_is_heeded_for_an_hour(
    gap: timedelta, fresh_for: timedelta, waited: timedelta
) -> None:
    assert wait(every(gap), PollOutcome("unchanged", max_age=fresh_for)) == waited


def test_the_owner_has_the_last_word_but_for_what_a_host_asks_for() -> None:
    def bounded(outcome: PollOutcome, history: PollHistory = UNKNOWN) -> timedelta:
        bounds = PollBounds(timedelta(minutes=10), HOUR)
        return next_poll_at(history, outcome, now=NOW, jitter=0, bounds=bounds) - NOW

    assert bounded(UNCHANGED, every(timedelta(seconds=30))) == timedelta(minutes=10)
    assert bounded(UNCHANGED, every(timedelta(days=30))) == HOUR
    assert bounded(PollOutcome("unchanged", max_age=5 * HOUR)) == HOUR
    assert bounded(UNCHANGED, PollHistory(hints=PollHints(ttl=5 * HOUR))) == HOUR
    assert bounded(PollOutcome("failed", asked=5 * HOUR)) == 5 * HOUR
    assert bounded(PollOutcome("failed"), PollHistory(failures=20)) == 24 * HOUR, "a dead host is not kept awake"


def test_a_feeds_own_bounds_go_before_the_general_ones() -> None:
    usual = PollBounds(timedelta(minutes=30), 2 * HOUR)
    assert usual.of_feed(None, None) == usual
    assert usual.of_feed(HOUR, None) == PollBounds(HOUR, 2 * HOUR)
    assert usual.of_feed(5 * HOUR, None) == PollBounds(5 * HOUR, 5 * HOUR)
    assert usual.of_feed(None, timedelta(minutes=10)) == PollBounds(timedelta(minutes=10), timedelta(minutes=10))


def test_skipped_hours_and_days_are_waited_out() -> None:
    hours = PollHistory(hints=PollHints(skip_hours=frozenset({10, 11, 12})))
    assert NOW + wait(hours) == datetime(2026, 11, 20, 13, tzinfo=UTC)
    friday = PollHistory(hints=PollHints(skip_days=frozenset({4})))
    assert NOW + wait(friday) == datetime(2026, 11, 21, tzinfo=UTC)
    all_week = PollHistory(hints=PollHints(skip_days=frozenset({4, 5, 6})))
    assert wait(all_week) == 24 * HOUR


def test_skipped_hours_are_hours_of_utc() -> None:
    zoned = NOW.astimezone(tz=datetime.strptime("-0500", "%z").tzinfo)
    history = PollHistory(hints=PollHints(skip_hours=frozenset({10, 11})))
    assert next_poll_at(history, PollOutcome("new"), now=zoned, jitter=0) == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_jitter_shifts_by_a_tenth() -> None:
    assert wait(jitter=1) == timedelta(minutes=33)
    assert wait(jitter=-1) == timedelta(minutes=27)


@pytest.mark.parametrize(("now", "jitter"), [(NOW, 1.5), (NOW, float("nan")), (NOW.replace(tzinfo=None), 0)])
def test_wrong_arguments_are_refused(now: datetime, jitter: float) -> None:
    with pytest.raises(ValueError, match="jitter"):
        next_poll_at(PollHistory(), PollOutcome("new"), now=now, jitter=jitter)
