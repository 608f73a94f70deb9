from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker.cli.moments import parse_since
from worker.errors import ConfigurationError

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "ago"),
    [("12h", timedelta(hours=12)), ("30d", timedelta(days=30)), (" 4 w", timedelta(weeks=4)), ("0d", timedelta())],
)
def test_so_long_ago(text: str, ago: timedelta) -> None:
    assert parse_since(text, now=NOW) == NOW - ago


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T06:00:00-06:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
    ],
)
def test_a_date_or_moment(text: str, moment: datetime) -> None:
    assert parse_since(text, now=NOW) == moment


@pytest.mark.parametrize(
    "text", ["", "30", "a month", "30y", "100000w", "2026-13-01", "-3d", "9" * 5_000 + "d", "9999-12-31T23:59-12:00"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="since is"):
        parse_since(text, now=NOW)
