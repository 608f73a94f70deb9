"""A page tells any moment, also those that no zone has."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from worker.digests import catalog_for
from worker.web.moments import tell_moment

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(("America/New_York", "Asia/Tokyo", "UTC")))
def test_every_moment_can_be_told(moment: datetime, zone: str) -> None:
    assert tell_moment(moment, now=NOW, zone=ZoneInfo(zone), say=catalog_for("en"))
