from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.months import named_month
from worker.text.written_dates import find_dates

DAY = datetime(2026, 8, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "3 de agosto de 2026", "lunes 3 de agosto del 2026",
       "agosto 3, 2026", "3 ago 2026", "03-ago-2026", "3/ago/2026",
        "3 de agosto, 2026", "segunda-feira, 3 de agosto de 2026", "1er mars puis 3 août 2026", "3. August 2026",
        "Montag, 3. Aug. 2026",
        "lunedì 3 agosto 2026", "August 3, 2026", "Aug. 3rd, 2026", "2026 August 3", "2026-08-03",
        "2026/8/3", "2026. 8. 3.", "2026年8月3日", "2026년 8월 3일", "03.08.2026", "3.8.26", "03/08/2026", "03-08-2026",
    ],
)  # fmt: skip
def test_a_day_is_found_however_it_is_written(text: str) -> None:
    assert [found.moment for found in find_dates(text)] == [DAY]


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("3 de agosto de 2026 | 18:04 hs.", 18, 4),
        ("3 de agosto de 2026 a las 6:04 p. m.", 18, 4),
        ("3/8/2026 às 10h30", 10, 30),
        ("3 août 2026 à 8 h 05", 8, 5),
        ("3. August 2026, 18.04 Uhr", 18, 4),
        ("3 ago 2026 - 20:50 CEST", 18, 50),
        ("Mon Aug 03 2026 10:30:00 GMT-0600 (CST)", 16, 30),
        ("Mon Aug 3 10:30:00 CST 2026", 16, 30),
        ("Mon, 03 Aug 2026 10:30:00 -0600", 16, 30),
        ("10:45 GMT, 3 August 2026", 10, 45),
        ("2026-08-03T10:00:00.000+0000", 10, 0),
        ("Aug. 3, 2026, noon", 12, 0),
        ("August 3, 2026, midnight", 0, 0),
        ("Aug. 3, 2026, 6 p.m.", 18, 0),
        ("Mon, 03 Aug 2026 10:30:00 GMT+7", 3, 30),
        ("Mon, 03 Aug 2026 10:30:00 -06", 16, 30),
        ("2026-08-03 10:30:00 America/Mexico_City", 16, 30),
        ("2026-08-03T10:30:00 [Europe/Madrid]", 8, 30),
        ("2026-08-02 24:00", 0, 0),
    ],
)
def test_the_clock_beside_it_is_read(text: str, hour: int, minute: int) -> None:
    assert [found.moment for found in find_dates(text)] == [DAY.replace(hour=hour, minute=minute)]


def test_day_and_month_that_could_change_places_are_given_both_ways() -> None:
    (found,) = find_dates("03/04/2026")
    assert (found.moment, found.swapped) == (datetime(2026, 4, 3, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC))
    (found,) = find_dates("03/04/2026 6:15 PM", month_first=True)
    assert found.moment == datetime(2026, 3, 4, 18, 15, tzinfo=UTC)
    (found,) = find_dates("20/07/2026", month_first=True)
    assert (found.moment, found.swapped) == (datetime(2026, 7, 20, tzinfo=UTC), None)


def test_the_weekday_beside_it_says_which_of_two_readings_is_meant() -> None:
    (sunday,) = find_dates("Sun, 03/08/2026 - 10:30")
    (monday,) = find_dates("lunes, 03/08/2026 - 10:30")
    (segunda,) = find_dates("segunda-feira 03/08/2026 10:30", month_first=True)
    assert (sunday.moment.month, sunday.swapped) == (3, None)
    assert (monday.moment.month, monday.swapped) == (8, None)
    assert segunda.moment == monday.moment


def test_a_zone_that_nobody_knows_is_named_and_taken_as_utc() -> None:
    (found,) = find_dates("Mon, 03 Aug 2026 10:30:00 XQT")
    assert (found.moment, found.unknown_zone) == (DAY.replace(hour=10, minute=30), "XQT")
    (known,) = find_dates("Mon, 03 Aug 2026 10:30:00 CST", language="zh")
    assert (known.moment, known.unknown_zone) == (DAY.replace(hour=2, minute=30), "")


def test_each_of_two_dates_keeps_its_own_clock() -> None:
    first, second = find_dates("Publicado: 2 de julio de 2026 10h30 | Actualizado: 9 jul 2026")
    assert first.moment == datetime(2026, 7, 2, 10, 30, tzinfo=UTC)
    assert second.moment == datetime(2026, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["market 3, 2026", "version 1.2.2026.4", "31/02/2026", "room 12", "3 de agosto", "", "0/0/2026", "1-2 to 2026"],
)
def test_other_figures_are_no_dates(text: str) -> None:
    assert list(find_dates(text)) == []


@given(st.text(alphabet="0123456789/-.: ,aàgostADEMZuUhH年月日", max_size=400))
def test_whatever_stands_there_nothing_is_raised(text: str) -> None:
    for found in find_dates(text, month_first=len(text) % 2 == 0):
        assert found.moment.tzinfo is UTC
        assert 0 <= found.start < found.end <= len(text)


def test_a_month_within_a_text_is_named_in_full_or_by_its_beginning() -> None:
    assert [named_month(name) for name in ("Sept", "mär", "Mrz", "fév", "agos", "ottobre")] == [9, 3, 3, 2, 8, 10]
    assert [named_month(name) for name in ("market", "decide", "ma", "")] == [None] * 4
