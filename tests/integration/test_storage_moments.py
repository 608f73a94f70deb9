"""Moments and lists of ids in both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import literal, select, text
from sqlalchemy.exc import StatementError

from models import Feed
from models.base import UtcDateTime
from tests.conftest import NOW
from worker.storage.db.database import Database
from worker.storage.db.id_lists import is_one_of
from worker.storage.feeds import feed_rows

MOMENTS = (
    datetime(2026, 3, 2, 12, 0, tzinfo=UTC),
    datetime(2026, 3, 2, 12, 0, 0, 7, tzinfo=UTC),
    datetime(1999, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))),
)


def test_moments_come_back_as_utc(database: Database) -> None:
    with database.reading() as session:
        for moment in MOMENTS:
            found = session.scalar(select(literal(moment, UtcDateTime)))
            assert (found, found.tzinfo) == (moment, UTC)
        assert session.scalar(select(literal(None, UtcDateTime))) is None


def test_sqlite_keeps_moments_as_the_driver_wrote_them(sqlite: Database) -> None:
    """Rows of older versions stay comparable as text."""
    with sqlite.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://a.example/")], now=MOMENTS[2])
        assert session.scalar(text("SELECT added_at FROM feeds")) == "1998-12-31 22:30:00.000000"


def test_a_naive_moment_is_refused(sqlite: Database) -> None:
    with sqlite.reading() as session, pytest.raises(StatementError, match="naive"):
        session.scalar(select(literal(datetime(2026, 3, 2), UtcDateTime)))


@pytest.mark.parametrize("wanted", [[], [2], [3, 1, 99]])
def test_rows_by_a_list_of_ids(database: Database, wanted: list[int]) -> None:
    with database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed(f"https://{name}.example/") for name in "abc"], now=NOW)
        found = session.scalars(select(Feed.id).where(is_one_of(Feed.id)), {"ids": wanted}).all()
        assert sorted(found) == sorted({1, 2, 3}.intersection(wanted))
