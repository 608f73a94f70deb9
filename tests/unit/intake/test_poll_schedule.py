"""What follows from a feed's answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.unit.records import claimed_feed
from worker.errors import FetchError, FetchReason
from worker.feeds import PollBounds, PollHistory, next_poll_of_unreadable
from worker.intake.poll_schedule import PollAnswer, as_poll
from worker.net import FetchedResource, NotModified, Validators
from worker.storage.db.hashes import bytes_hash
from worker.storage.feeds.polls import Poll

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BODY = b"<rss/>"
FOUND = FetchedResource(
    "https://news.example/feed", 200, "application/rss+xml", BODY, Validators('"v2"', "Mon"), elapsed=MINUTE
)
REGULAR = PollHistory(entry_times=tuple(NOW - hours * HOUR for hours in range(20)))


def fault(reason: FetchReason, *, transient: bool = True, **more: object) -> FetchError:
    return FetchError(reason, "it could not be had", transient=transient, **more)  # type: ignore[arg-type]


def poll(answer: PollAnswer, **known: object) -> Poll:
    return as_poll(claimed_feed(**known), answer, now=NOW, jitter=0)


def test_a_changed_body_is_new_and_leaves_what_the_next_poll_needs() -> None:
    seen = poll(FOUND, body_hash="another")
    assert (seen.outcome, seen.status, seen.size, seen.elapsed) == ("new", 200, len(BODY), MINUTE)
    assert (seen.etag, seen.last_modified, seen.body_hash) == ('"v2"', "Mon", bytes_hash(BODY))
    assert (seen.code, seen.reason, seen.gone) == (None, None, False)


def test_the_same_body_again_is_as_unchanged_as_a_304() -> None:
    same = poll(FOUND, body_hash=bytes_hash(BODY))
    told = poll(NotModified(FOUND.url, Validators('"v1"')), body_hash="known")
    assert (same.outcome, same.status) == ("unchanged", 200)
    assert (told.outcome, told.status, told.size, told.body_hash) == ("unchanged", 304, 0, "known")


def test_what_cannot_be_read_is_polled_ever_less_and_counts_as_before_in_the_record() -> None:
    known = {"unreadable": True, "body_hash": bytes_hash(BODY)}
    waits = [poll(FOUND, history=PollHistory(failures=count), **known).next_poll_at - NOW for count in (0, 3, 20)]
    assert waits == [5 * MINUTE, 40 * MINUTE, 24 * HOUR]
    assert poll(FOUND, **known).outcome == "unchanged"
    changed = poll(FOUND, unreadable=True, body_hash="another", history=PollHistory(failures=20))
    assert (changed.outcome, changed.next_poll_at < NOW + HOUR) == ("new", True), "it may be readable now"
    after = next_poll_of_unreadable(PollHistory(failures=3), now=NOW, jitter=0)
    assert after == NOW + 40 * MINUTE


def test_a_move_is_passed_on() -> None:
    moved = FetchedResource("https://new.example/", 200, "", BODY, Validators(), moved_to="https://new.example/")
    assert poll(moved).moved_to == "https://new.example/"


def test_a_failed_poll_says_why_and_waits_as_long_as_asked() -> None:
    seen = poll(fault(FetchReason.THROTTLED, status=429, retry_after=3 * HOUR))
    assert (seen.outcome, seen.status, seen.code, seen.reason) == ("failed", 429, "throttled", "it could not be had")
    assert seen.next_poll_at == NOW + 3 * HOUR
    assert seen.body_hash is None, "storage keeps the hash that it has"


def test_failures_in_a_row_make_the_wait_longer() -> None:
    waits = [
        poll(fault(FetchReason.TIMEOUT), history=PollHistory(failures=count)).next_poll_at - NOW
        for count in (0, 1, 2, 30)
    ]
    assert waits == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, DAY]


@pytest.mark.parametrize("reason", FetchReason)
def test_only_gone_is_gone(reason: FetchReason) -> None:
    assert poll(fault(reason)).gone == (reason is FetchReason.GONE)


def test_the_freshness_a_server_gives_is_waited_for() -> None:
    fresh = NotModified(FOUND.url, Validators(), max_age=6 * HOUR)
    assert poll(fresh, history=REGULAR).next_poll_at == NOW + 6 * HOUR


def test_the_owners_wish_for_this_feed_goes_before_what_holds_in_general() -> None:
    fresh = NotModified(FOUND.url, Validators(), max_age=6 * HOUR)
    usual = PollBounds(longest=2 * HOUR)
    own = claimed_feed(history=REGULAR, longest=HOUR)
    assert as_poll(own, fresh, now=NOW, jitter=0, usual=usual).next_poll_at == NOW + HOUR
    general = as_poll(claimed_feed(history=REGULAR), fresh, now=NOW, jitter=0, usual=usual)
    assert (general.next_poll_at, general.fresh_for) == (NOW + 2 * HOUR, 6 * HOUR)
