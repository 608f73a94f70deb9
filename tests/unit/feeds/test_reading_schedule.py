"""When a feed is polled next, now that it was read."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.conftest import NOW
from worker.feeds import FeedEntry, ParsedFeed, PollHints, PollHistory, merged_times, next_poll_after_reading

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REGULAR = PollHistory(entry_times=tuple(NOW - hours * HOUR for hours in range(20)))


def test_after_reading_the_document_its_own_hint_counts() -> None:
    slow = ParsedFeed("News", "", (), hints=PollHints(ttl=5 * HOUR))
    after = next_poll_after_reading(REGULAR, slow, planned=NOW, any_new=False, now=NOW, jitter=0)
    assert after == NOW + 5 * HOUR


def test_after_reading_the_dates_of_the_entries_count() -> None:
    busy = ParsedFeed("News", "", tuple(entry(NOW - minutes * MINUTE) for minutes in range(50)))
    quiet = ParsedFeed("News", "", tuple(entry(NOW - days * DAY) for days in range(50)))
    soon, late = (
        next_poll_after_reading(PollHistory(), parsed, planned=NOW, any_new=True, now=NOW, jitter=0)
        for parsed in (busy, quiet)
    )
    assert soon == NOW + 5 * MINUTE
    assert late > NOW + 3 * HOUR


def test_reading_never_brings_a_poll_forward_that_the_server_asked_to_wait() -> None:
    busy = ParsedFeed("News", "", tuple(entry(NOW - minutes * MINUTE) for minutes in range(50)))
    waiting = next_poll_after_reading(PollHistory(), busy, planned=NOW + 9 * HOUR, any_new=True, now=NOW, jitter=0)
    assert waiting == NOW + 9 * HOUR


def entry(published: datetime) -> FeedEntry:
    return FeedEntry("Title", "https://news.example/a", "a", published=published)


def test_what_is_new_without_a_date_came_out_now() -> None:
    undated = ParsedFeed("News", "", (FeedEntry("Title", "https://news.example/a", "a"),))
    assert merged_times([NOW - DAY], undated, NOW, any_new=True) == [NOW, NOW - DAY]
    assert merged_times([NOW - DAY], undated, NOW, any_new=False) == [NOW - DAY]
    dated = ParsedFeed("News", "", (entry(NOW - HOUR),))
    assert merged_times([], dated, NOW, any_new=True) == [NOW - HOUR]
