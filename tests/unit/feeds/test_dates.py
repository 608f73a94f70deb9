import time
from datetime import UTC, datetime

import pytest

from worker.feeds.dates import from_numbers, parse_date, within_reason

NOON = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-05T12:30:00Z",
        "2026-03-05T14:30:00+02:00",
        "2026-03-05 12:30",
        "2026-03-05T12:30:00.000000",
        "Thu, 5 Mar 2026 12:30:00 GMT",
        "Thu, 05 Mar 2026 07:30:00 -0500",
        "jue, 5 mar 2026 12:30:00 +0000",
        "jueves 5 de marzo de 2026 a las 12:30",
        "5 mars 2026 12:30:00",
        "5. März 2026, 12:30",
        "qui, 05 março 2026 09:30:00 -0300",
        "5-mrt-2026 12:30",
        "  Thu,\n 5 Mar 2026  12:30:00 +0000 ",
        "1772713800",
    ],
)
def test_reads_dates_as_feeds_write_them(text: str) -> None:
    assert parse_date(text) == NOON


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("1 janv. 2026", 1),
        ("1 août 2026", 8),
        ("1 juil. 2026", 7),
        ("1 juin 2026", 6),
        ("1 dez 2026", 12),
        ("1 ott 2026", 10),
        ("1 settembre 2026", 9),
        ("1 enero 2026", 1),
        ("1 okt 2026", 10),
        ("1 diciembre 2026", 12),
    ],
)
def test_knows_the_months_of_its_neighbours(text: str, month: int) -> None:
    assert parse_date(text) == datetime(2026, month, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "1989-12-31",
        "0001-01-01T00:00:00Z",
        "2100-01-01",
        "32 mar 2026",
        "5 foo 2026",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "1" * 5_000,
        "\0",
    ],
)
def test_what_is_no_date_or_absurd_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_turns_time_tuples_into_datetimes() -> None:
    assert from_numbers(tuple(time.gmtime(NOON.timestamp()))) == NOON
    assert from_numbers((2026, 13, 1, 0, 0, 0, 0, 0, 0)) is None
    assert from_numbers((1, 1, 1, 0, 0, 0, 0, 1, 0)) == datetime(1, 1, 1, tzinfo=UTC)
    assert within_reason(datetime(1, 1, 1, tzinfo=UTC)) is None
    assert within_reason(NOON) == NOON
    assert from_numbers(("a",) * 9) is None
    assert from_numbers(None) is None
