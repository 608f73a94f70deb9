"""Zones as dates name them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.zone_names import find_zone

SUMMER, WINTER = datetime(2026, 7, 1), datetime(2026, 1, 1)


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("Z", 0), ("GMT", 0), ("CEST", 2), ("cet", 1), ("IST", 5.5), ("CDT", -5), ("+0200", 2), ("-05:30", -5.5),
        ("GMT+7", 7), ("UTC-3", -3), ("UTC +05:45", 5.75), ("+02", 2),
    ],
)  # fmt: skip
def test_an_offset_or_a_name_has_its_hours(written: str, hours: float) -> None:
    zone = find_zone(written)
    assert zone is not None
    assert zone.utcoffset(SUMMER) == timedelta(hours=hours)


def test_a_name_of_two_zones_is_told_by_the_language() -> None:
    for name, language, hours in (("CST", "zh-CN", 8), ("CST", "es-MX", -6), ("IST", "he", 2), ("IST", None, 5.5)):
        zone = find_zone(name, language)
        assert zone is not None
        assert zone.utcoffset(WINTER) == timedelta(hours=hours)


def test_a_place_has_the_time_of_the_season() -> None:
    zone = find_zone("Europe/Madrid")
    assert zone is not None
    assert (zone.utcoffset(WINTER), zone.utcoffset(SUMMER)) == (timedelta(hours=1), timedelta(hours=2))


@pytest.mark.parametrize("written", ["", "XQT", "Mars/Base", "../etc/passwd", "America/", "+3000", "GMT+99", "a/\0"])
def test_what_is_no_zone_is_none(written: str) -> None:
    assert find_zone(written) is None


@given(st.text(max_size=60))
def test_any_text_is_a_zone_or_none(written: str) -> None:
    find_zone(written)
