from __future__ import annotations

from datetime import UTC, datetime, timedelta

from worker.cli.status import status_form, warnings
from worker.service.status import Status, TopicsBehind
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
        version="1", now=NOW, database="", outbox="", mail="", web="", overview=overview, feeds={}, feed_troubles=(),
        late_jobs=late, topics=TopicsBehind(changed, ()),
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
        "version", "now", "database", "outbox", "mail", "web", "overview", "feeds", "feed_troubles", "warnings",
    }  # fmt: skip
