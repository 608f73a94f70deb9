"""What becomes of a delivery when its channel has answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.unit.records import delivery
from worker.delivery.retry_rules import as_delivery_result, as_unknown_channel, give_up_sending
from worker.net import SendOutcome, SendResult
from worker.retry import LATE_RETURNS, MAIL_RETRIES, REFUSED_RETURNS
from worker.storage.digests.outbox import DeliveryResult

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def result(
    sent: SendResult, *, attempts: int = 1, was: str = "pending", jitter: float = 0, blames_us: bool = False,
    age: timedelta = timedelta(),
) -> DeliveryResult:  # fmt: skip
    row = delivery(attempts=attempts, was=was, created_at=NOW - age)
    outcome = SendOutcome(sent, "the server's words")
    return as_delivery_result(row, outcome, now=NOW, jitter=jitter, blames_us=blames_us)


def test_a_message_that_was_taken_is_sent() -> None:
    assert result(SendResult.SENT, attempts=9) == DeliveryResult("sent")


def test_a_message_that_was_refused_for_good_is_dead_at_once() -> None:
    assert result(SendResult.REFUSED) == DeliveryResult(
        "dead", "the server's words", returns=REFUSED_RETURNS, refused=True
    )


@pytest.mark.parametrize("said", [SendResult.REFUSED, SendResult.RETRY])
@pytest.mark.parametrize("attempts", [1, MAIL_RETRIES.attempts, 99])
def test_a_refusal_that_the_operator_must_mend_uses_up_no_try(said: SendResult, attempts: int) -> None:
    for age, wait in ((timedelta(), MINUTE), (20 * MINUTE, 10 * MINUTE), (3 * DAY, 30 * MINUTE)):
        again = result(said, attempts=attempts, blames_us=True, age=age)
        assert (again.state, again.next_try, again.counted) == ("pending", NOW + wait, False)
    over = result(said, attempts=attempts, blames_us=True, age=5 * DAY)
    assert (over.state, over.reason) == ("dead", "given up after 5 days: the server's words")
    assert over.returns is LATE_RETURNS


@pytest.mark.parametrize("said", [SendResult.REFUSED, SendResult.RETRY, SendResult.UNKNOWN])
def test_what_a_dead_digest_told_is_told_again_unless_it_may_have_arrived(said: SendResult) -> None:
    certain = result(said, attempts=MAIL_RETRIES.attempts)
    doubtful = result(said, attempts=MAIL_RETRIES.attempts, was="unknown")
    assert doubtful.returns is None
    if said is SendResult.UNKNOWN:
        assert certain.state == "unknown"
    else:
        assert (certain.state, certain.returns is None) == ("dead", False)


def test_a_digest_that_no_server_takes_is_told_again_twice_and_keeps_no_others_back() -> None:
    moments = [REFUSED_RETURNS.next_try(deaths, now=NOW) for deaths in (1, 2, 3)]
    assert moments == [NOW + 15 * MINUTE, NOW + 30 * MINUTE, None]
    assert LATE_RETURNS.next_try(500, now=NOW) == NOW + 4 * HOUR


def test_a_delivery_by_a_channel_that_nobody_knows_ends_and_is_told_again() -> None:
    assert as_unknown_channel(delivery(), "no such channel") == DeliveryResult(
        "dead", "no such channel", returns=LATE_RETURNS
    )
    assert as_unknown_channel(delivery(was="sending"), "no such channel").returns is None


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
    assert give_up_sending(last) is None
    over = give_up_sending(delivery(attempts=MAIL_RETRIES.attempts + 1, was="sending"))
    assert over == DeliveryResult("dead", f"given up after {MAIL_RETRIES.attempts} tries")


def test_a_delivery_whose_process_died_twice_is_left_alone() -> None:
    over = give_up_sending(delivery(attempts=3, was="resending"))
    assert over is not None
    assert (over.state, over.next_try) == ("dead", None)
