"""Some weeks of `python -m benchmarks.year`, a day of each: what is old goes, and nobody is told of it again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from benchmarks.year.__main__ import Measured, Plan, is_flat, run_year
from benchmarks.year.press import Amounts, Report
from benchmarks.year.telling import Told

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEKS = Plan(days=7, stride=7, after=1, a_day=30, amounts=Amounts(1, 1), shorten=40)


@pytest.mark.slow
def test_weeks_are_told_once_and_cleared_away(redis_url: str, tmp_path: Path) -> None:
    outcome = run_year(WEEKS, "sqlite", tmp_path, redis_url)
    assert outcome.findings == []
    assert outcome.mails >= 2 * WEEKS.days
    end, later = outcome.measured
    assert later.stored < end.stored < outcome.articles, "what is older than a month is gone"
    assert 0 < end.keys <= later.keys, "and known, for as long as a feed lists it"


def mail(*paths: str) -> bytes:
    message = EmailMessage()
    message["To"] = "daily@news.example"
    message.set_content("\n".join(path and f"http://{path}" for path in paths))
    return message.as_bytes()


def test_what_comes_twice_or_not_at_all_is_found() -> None:
    told = Told(["daily@news.example"])
    first, other = "courier.example/2026/03/01/strike-0", "courier.example/2026/03/02/strike-0"
    told.take([mail(first, first), mail(other), mail(first, first.replace("courier", "mirror"))])
    assert told.twice() == (), "another outlet's report is news"
    published = [Report("strike-0", "courier", NOON - timedelta(days=n), "Ferry", (), is_news=True) for n in range(3)]
    assert list(told.missing(published, {"daily@news.example": NOON + timedelta(days=1)})) == [
        "daily@news.example was not told of /2026/02/28/strike-0"
    ]
    assert list(told.missing(published, {"daily@news.example": NOON - timedelta(days=2)})) == []
    told.take([mail(other)])
    assert told.twice() == ("daily@news.example was told twice of /2026/03/02/strike-0",)


def test_a_story_that_is_told_again_for_a_new_report_names_the_known_ones_too() -> None:
    told = Told(["daily@news.example"])
    first, later = "courier.example/2026/03/01/strike-0", "mirror.example/2026/03/02/strike-1"
    told.take([mail(first), mail(first, later)])
    assert told.twice() == ()
    told.take([mail(first, "", later.replace("-1", "-2"))])
    assert told.twice() == ("daily@news.example was told twice of /2026/03/01/strike-0",), "beside another story's news"


def test_a_size_that_goes_on_growing_is_not_flat() -> None:
    assert is_flat([Measured(size, 0, 0) for size in (10, 50, 90, 100, 101, 99, 104, 102)])
    assert not is_flat([Measured(float(size), 0, 0) for size in range(10, 90, 10)])
