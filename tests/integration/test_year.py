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
    assert end.stored < outcome.articles / 2, "what is older than a month is gone"
    assert 0 < end.keys <= later.keys, "and known, for as long as a feed lists it"


def mail(*paths: str) -> bytes:
    message = EmailMessage()
    message["To"] = "daily@news.example"
    message.set_content("\n".join(f"http://courier.example{path}" for path in paths))
    return message.as_bytes()


def test_what_comes_twice_or_not_at_all_is_found() -> None:
    told = Told(["daily@news.example"])
    told.take([mail("/2026/03/01/strike-0", "/2026/03/01/strike-0"), mail("/2026/03/02/strike-0")])
    assert list(told.twice()) == []
    published = [Report("strike-0", "courier", NOON - timedelta(days=n), "Ferry", (), is_news=True) for n in range(3)]
    assert list(told.missing(published, {"daily@news.example": NOON + timedelta(days=1)})) == [
        "daily@news.example was not told of /2026/02/28/strike-0"
    ]
    assert list(told.missing(published, {"daily@news.example": NOON - timedelta(days=2)})) == []
    told.take([mail("/2026/03/02/strike-0")])
    assert list(told.twice()) == ["daily@news.example was told 2 times of /2026/03/02/strike-0"]


def test_a_size_that_goes_on_growing_is_not_flat() -> None:
    assert is_flat([Measured(size, 0, 0) for size in (10, 50, 90, 100, 101, 99, 104, 102)])
    assert not is_flat([Measured(float(size), 0, 0) for size in range(10, 90, 10)])
