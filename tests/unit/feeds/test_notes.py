"""What is said of how often a feed is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.feeds import FeedFacts, polling_notes

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BUSY = tuple(NOW - 18 * MINUTE * number for number in range(50))


def test_where_all_is_as_usual_nothing_is_said() -> None:
    assert polling_notes(FeedFacts(entry_times=BUSY, fresh_for=5 * MINUTE), now=NOW) == ()


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        (FeedFacts(crawl_delay=timedelta(seconds=10)), "its host asks for 10 seconds between visits (Crawl-delay)"),
        (
            FeedFacts(crawl_delay=HOUR),
            "its host asks for 1 hour between visits (Crawl-delay), of which 5 minutes are kept",
        ),
        (
            FeedFacts(entry_times=BUSY, fresh_for=30 * DAY),
            "its server calls it fresh for 30 days, which its entries belie: heeded for an hour",
        ),
        (
            FeedFacts(entry_times=BUSY, fresh_for=HOUR),
            "its server calls it fresh for 1 hour: to ask sooner, 'storywatch feeds set'",
        ),
        (FeedFacts(shortest=150 * MINUTE), "polls as you want them: at least 150 minutes apart"),
        (
            FeedFacts(shortest=90 * timedelta(seconds=1), longest=2 * DAY),
            "polls as you want them: at least 90 seconds apart, at most 2 days apart",
        ),
    ],
)
def test_what_is_unusual_is_said(facts: FeedFacts, note: str) -> None:
    assert polling_notes(facts, now=NOW) == (note,)
