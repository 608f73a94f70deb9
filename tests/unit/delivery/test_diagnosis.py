"""What is wrong with an installation, told from its numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.conftest import NOW
from worker.delivery.diagnosis import PARTS, DiskRoom, diagnose
from worker.storage.db.ticks import JUMPED, WATCHED_SINCE
from worker.storage.reports.vital_signs import VitalSigns

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WELL = VitalSigns({WATCHED_SINCE: NOW - 9 * HOUR}, 40, 2, NOW - MINUTE, None, {})
ROOMY = DiskRoom("/data", 100_000_000_000, 50_000_000_000)


def ill(signs: VitalSigns = WELL, *disks: DiskRoom, late: tuple[str, ...] = ()) -> list[tuple[str, bool]]:
    found = diagnose(signs, disks or (ROOMY,), late_jobs=late, now=NOW)
    assert {one.part for one in found} <= set(PARTS)
    return [(one.name, one.is_severe) for one in found]


def test_a_service_that_works_is_well() -> None:
    assert ill() == []


@pytest.mark.parametrize(
    ("free", "found"),
    [
        (10_100_000_000, []),
        (9_900_000_000, [("disk", False)]),
        (100_000_000, [("disk", True)]),
        (0, [("disk", True)]),
    ],
)
def test_a_disk_is_said_to_be_filling_before_it_is_full(free: int, found: list[tuple[str, bool]]) -> None:
    assert ill(WELL, replace(ROOMY, free=free)) == found
    assert ill(WELL, DiskRoom("/none", 0, 0)) == []


def test_mail_is_ill_when_its_server_wants_something_of_us_or_is_away() -> None:
    assert ill(replace(WELL, blamed="535 no")) == [("mail refused", True)]
    assert ill(replace(WELL, resting={"mx:25": "refused"})) == [("mail server", True)]


@pytest.mark.parametrize(
    ("last_read", "since", "found"),
    [
        (NOW - 59 * MINUTE, NOW - 9 * HOUR, []),
        (NOW - 61 * MINUTE, NOW - 9 * HOUR, [("no feed read", True)]),
        (None, NOW - 2 * HOUR, [("no feed read", True)]),
        (NOW - 9 * HOUR, NOW - 59 * MINUTE, []),  # the service was away, and has not had its hour yet
        (NOW - 9 * HOUR, None, []),
    ],
)
def test_feeds_that_are_due_have_an_hour_in_which_one_is_read(
    last_read: datetime | None, since: datetime | None, found: list[object]
) -> None:
    ticks = {WATCHED_SINCE: since} if since else {}
    signs = replace(WELL, last_read=last_read, ticks=ticks, oldest_due=NOW - 61 * MINUTE)
    assert ill(signs) == found
    assert ill(replace(signs, feeds=0, failing_feeds=0)) == []


@pytest.mark.parametrize(
    ("feeds", "vain", "vain_for", "is_ill"),
    [
        (40, 0, None, False),  # none was due: each is polled once a day
        (40, 1, 3 * HOUR, False),  # that one is broken
        (40, 3, 61 * MINUTE, True),
        (40, 9, 59 * MINUTE, False),
        (1, 1, 61 * MINUTE, True),
        (1, 1, MINUTE, False),
    ],
)
def test_slow_feeds_are_well_until_some_were_polled_in_vain_for_an_hour(
    feeds: int, vain: int, vain_for: timedelta | None, is_ill: bool
) -> None:
    signs = replace(
        WELL, feeds=feeds, last_read=NOW - 5 * HOUR, oldest_due=NOW + HOUR, vain_feeds=vain,
        vain_since=None if vain_for is None else NOW - vain_for,
    )  # fmt: skip
    assert ill(replace(signs, failing_feeds=0)) == ([("no feed read", True)] if is_ill else [])


def test_a_webhook_that_refuses_us_is_not_the_mail_server() -> None:
    assert ill(replace(WELL, shut_out="401 no")) == [("webhook refused", False)]


@pytest.mark.parametrize(("failing", "feeds", "is_ill"), [(9, 40, False), (10, 40, True), (2, 4, False), (3, 4, True)])
def test_a_quarter_of_the_feeds_may_fail(failing: int, feeds: int, is_ill: bool) -> None:
    found = ill(replace(WELL, failing_feeds=failing, feeds=feeds))
    assert found == ([("feeds failing", False)] if is_ill else [])


def test_the_clock_is_ill_when_it_stands_and_for_an_hour_after_it_jumped() -> None:
    assert ill(late=("feeds",)) == [("clock", True)]
    for ago, found in ((5 * MINUTE, [("clock jumped", False)]), (61 * MINUTE, []), (-61 * MINUTE, [])):
        assert ill(replace(WELL, ticks={JUMPED: NOW - ago})) == found
