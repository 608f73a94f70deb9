"""What follows from an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.unit.records import article, claimed_feed, delivery, feed, subscription
from worker import outcomes
from worker.errors import FetchError, FetchReason
from worker.feeds import FeedEntry, ParsedFeed, PollHints, PollHistory
from worker.net import FetchedResource, NotModified, SendOutcome, SendResult, Validators
from worker.retry import MAIL_RETRIES, PAGE_RETRIES
from worker.storage.db.hashes import bytes_hash
from worker.storage.feeds.polls import Poll

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BODY = b"<rss/>"
FOUND = FetchedResource(
    "https://news.example/feed", 200, "application/rss+xml", BODY, Validators('"v2"', "Mon"), elapsed=MINUTE
)
REGULAR = PollHistory(entry_times=tuple(NOW - hours * HOUR for hours in range(20)))


def poll(answer: outcomes.FeedAnswer, **known: object) -> Poll:
    return outcomes.as_poll(claimed_feed(**known), answer, now=NOW, jitter=0)


def fault(reason: FetchReason, *, transient: bool = True, **more: object) -> FetchError:
    return FetchError(reason, "it could not be had", transient=transient, **more)  # type: ignore[arg-type]


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
    assert waits == [10 * MINUTE, 80 * MINUTE, 24 * HOUR]
    assert poll(FOUND, **known).outcome == "unchanged"
    changed = poll(FOUND, unreadable=True, body_hash="another", history=PollHistory(failures=20))
    assert (changed.outcome, changed.next_poll_at < NOW + HOUR) == ("new", True), "it may be readable now"
    after = outcomes.next_poll_of_unreadable(feed(history=PollHistory(failures=3)), now=NOW, jitter=0)
    assert after == NOW + 80 * MINUTE
    later = feed(history=PollHistory(), next_poll_at=NOW + HOUR)
    assert outcomes.next_poll_of_unreadable(later, now=NOW, jitter=0) == NOW + HOUR, "its host asked for so much"


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
    assert waits == [10 * MINUTE, 20 * MINUTE, 40 * MINUTE, DAY]


@pytest.mark.parametrize("reason", FetchReason)
def test_only_gone_is_gone(reason: FetchReason) -> None:
    assert poll(fault(reason)).gone == (reason is FetchReason.GONE)


def test_the_freshness_a_server_gives_is_waited_for() -> None:
    fresh = NotModified(FOUND.url, Validators(), max_age=6 * HOUR)
    assert poll(fresh, history=REGULAR).next_poll_at == NOW + 6 * HOUR


def test_after_reading_the_document_its_own_wish_counts() -> None:
    slow = ParsedFeed("News", "", (), hints=PollHints(ttl=5 * HOUR))
    after = outcomes.next_poll_after_reading(feed(history=REGULAR), slow, 0, now=NOW, jitter=0)
    assert after == NOW + 5 * HOUR


def test_after_reading_the_dates_of_the_entries_count() -> None:
    busy = ParsedFeed("News", "", tuple(entry(NOW - minutes * MINUTE) for minutes in range(50)))
    quiet = ParsedFeed("News", "", tuple(entry(NOW - days * DAY) for days in range(50)))
    soon, late = (outcomes.next_poll_after_reading(feed(), parsed, 50, now=NOW, jitter=0) for parsed in (busy, quiet))
    assert soon == NOW + 5 * MINUTE
    assert late > NOW + 3 * HOUR


def test_reading_never_brings_a_poll_forward_that_the_server_asked_to_wait() -> None:
    busy = ParsedFeed("News", "", tuple(entry(NOW - minutes * MINUTE) for minutes in range(50)))
    waiting = feed(next_poll_at=NOW + 9 * HOUR)
    assert outcomes.next_poll_after_reading(waiting, busy, 50, now=NOW, jitter=0) == NOW + 9 * HOUR


def entry(published: datetime) -> FeedEntry:
    return FeedEntry("Title", "https://news.example/a", "a", published=published)


def test_a_page_that_will_never_come_is_not_asked_for_again() -> None:
    lasting = fault(FetchReason.NOT_FOUND, transient=False)
    assert outcomes.next_page_try(article(), lasting, now=NOW, jitter=0) is None


def test_a_page_is_asked_for_again_until_its_tries_are_over() -> None:
    passing = fault(FetchReason.TIMEOUT)
    last = PAGE_RETRIES.attempts
    assert outcomes.next_page_try(article(attempts=1), passing, now=NOW, jitter=0) == NOW + PAGE_RETRIES.first
    assert outcomes.next_page_try(article(attempts=last - 1), passing, now=NOW, jitter=0) is not None
    assert outcomes.next_page_try(article(attempts=last), passing, now=NOW, jitter=0) is None


def test_a_page_waits_as_long_as_its_host_asks_but_not_until_it_is_no_news() -> None:
    patient = fault(FetchReason.THROTTLED, retry_after=4 * HOUR)
    resting = fault(FetchReason.THROTTLED, retry_after=4 * HOUR + MINUTE)
    assert outcomes.next_page_try(article(), patient, now=NOW, jitter=-1) == NOW + 4 * HOUR
    assert outcomes.next_page_try(article(), resting, now=NOW, jitter=-1) is None


@pytest.mark.parametrize(("age", "again"), [(6 * HOUR, True), (6 * HOUR + MINUTE, False)])
def test_a_page_that_gets_old_is_not_asked_for_again(age: timedelta, again: bool) -> None:
    old = article(discovered_at=NOW - age)
    assert (outcomes.next_page_try(old, fault(FetchReason.TIMEOUT), now=NOW, jitter=0) is not None) is again


def test_a_digest_is_not_due_before_its_time() -> None:
    assert outcomes.plan_due(subscription(next_due_at=NOW + MINUTE), now=NOW) is None


def test_a_due_digest_covers_what_came_since_the_last_and_names_the_next() -> None:
    seven = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # 07:00 in Mexico City
    wanted = subscription(next_due_at=seven, window_start=seven - DAY)
    plan = outcomes.plan_due(wanted, now=seven + 20 * MINUTE)
    assert plan is not None
    assert (plan.period.start, plan.period.end, plan.next_due) == (seven - DAY, seven, seven + DAY)


def test_missed_digests_become_one() -> None:
    seven = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    wanted = subscription(next_due_at=seven, window_start=seven - DAY)
    plan = outcomes.plan_due(wanted, now=seven + 2 * DAY + HOUR)
    assert plan is not None
    assert (plan.period.start, plan.period.end, plan.next_due) == (seven - DAY, seven + 2 * DAY, seven + 3 * DAY)


def result(sent: SendResult, *, attempts: int = 1, was: str = "pending", jitter: float = 0) -> outcomes.DeliveryResult:
    row = delivery(attempts=attempts, was=was)
    return outcomes.as_delivery_result(row, SendOutcome(sent, "the server's words"), now=NOW, jitter=jitter)


def test_a_message_that_was_taken_is_sent() -> None:
    assert result(SendResult.SENT, attempts=9) == outcomes.DeliveryResult("sent")


def test_a_message_that_was_refused_for_good_is_dead_at_once() -> None:
    assert result(SendResult.REFUSED) == outcomes.DeliveryResult("dead", "the server's words")


def test_a_message_that_was_put_off_goes_out_again_until_its_tries_are_over() -> None:
    again = result(SendResult.RETRY)
    assert (again.state, again.reason, again.next_try) == ("pending", "the server's words", NOW + MINUTE)
    over = result(SendResult.RETRY, attempts=MAIL_RETRIES.attempts)
    assert (over.state, over.next_try) == ("dead", None)
    assert over.reason == f"given up after {MAIL_RETRIES.attempts} tries: the server's words"


@pytest.mark.parametrize("attempts", [1, 2, 7])
def test_a_message_of_unknown_fate_goes_out_once_more_however_often_it_was_put_off_before(attempts: int) -> None:
    again = result(SendResult.UNKNOWN, attempts=attempts, jitter=-1)
    assert (again.state, again.next_try) == ("unknown", NOW + 10 * MINUTE)


@pytest.mark.parametrize("was", ["unknown", "sending"])
def test_a_message_of_unknown_fate_twice_is_left_alone(was: str) -> None:
    over = result(SendResult.UNKNOWN, attempts=2, was=was)
    assert (over.state, over.next_try) == ("dead", None)


def test_a_doubt_is_not_made_certain_by_a_later_try_that_failed() -> None:
    again = result(SendResult.RETRY, attempts=2, was="unknown")
    assert (again.state, again.next_try) == ("unknown", NOW + 2 * MINUTE)


def test_a_delivery_that_kills_its_process_does_not_go_out_for_ever() -> None:
    last = delivery(attempts=MAIL_RETRIES.attempts, was="sending")
    assert outcomes.give_up_sending(last) is None
    over = outcomes.give_up_sending(delivery(attempts=MAIL_RETRIES.attempts + 1, was="sending"))
    assert over == outcomes.DeliveryResult("dead", f"given up after {MAIL_RETRIES.attempts} tries")


def test_a_delivery_whose_process_died_twice_is_left_alone() -> None:
    over = outcomes.give_up_sending(delivery(attempts=3, was="resending"))
    assert over is not None
    assert (over.state, over.next_try) == ("dead", None)
