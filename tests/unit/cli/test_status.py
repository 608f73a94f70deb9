from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.cli.status import size_of, status_form, warnings
from worker.service.status import DiskUse, Status, TopicsBehind
from worker.storage.reports.overview import Overview
from worker.storage.topics.retags import ChangedTopic

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def status(*late: str, changed: tuple[ChangedTopic, ...] = ()) -> Status:
    overview = Overview(
        articles={}, feed_only=0, documents={}, stories=0, subscribers={}, deliveries={}, oldest_waiting=None,
        failed_articles=(), missed_pages=(), failed_deliveries=(), mail_hosts=(),
        ticks={"feeds": NOW - timedelta(minutes=30)},
    )  # fmt: skip
    return Status(
        version="1", now=NOW, database="", outbox="", mail="", web="", status_page="", overview=overview,
        feeds={}, feed_troubles=(),
        late_jobs=late, topics=TopicsBehind(changed, ()), disk=DiskUse(4_096, None, None),
    )  # fmt: skip


def test_a_service_that_runs_needs_no_words() -> None:
    assert warnings(status()) == ()


def test_a_clock_that_stopped_is_named() -> None:
    first, second = warnings(status("feeds", "digests"))
    assert "'feeds' ran last: 30 min ago" in first
    assert "'digests' ran last: never" in second


def test_machines_are_told_the_same_lines() -> None:
    found = status("feeds", changed=(ChangedTopic("boats", 3, NOW),))
    form = status_form(found)
    assert form["warnings"] == warnings(found)
    assert "storywatch topics retag boats" in form["warnings"][1]
    assert set(form) == {
        "version", "now", "database", "outbox", "mail", "web", "status_page", "overview", "feeds", "feed_troubles",
        "warnings", "disk",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 bytes"), (4_096, "4 kB"), (12_600_000, "13 MB"), (4_560_000_000, "4.6 GB"), (-2e6, "-2 MB")],
)
def test_sizes_are_said_in_their_largest_unit(size: float, said: str) -> None:
    assert size_of(size) == said


def test_how_long_the_disk_lasts_is_known_where_the_database_grows() -> None:
    assert DiskUse(9, 10e6, 10**9).days_left == 100
    assert [DiskUse(9, growth, free).days_left for growth, free in ((None, 9), (0, 9), (-1.0, 9), (1.0, None))] == [
        None, None, None, None,
    ]  # fmt: skip
