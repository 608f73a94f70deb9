"""Whatever the answer: a next moment that is not in the past, not before it was asked for, and an end to trying."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.unit.records import article, claimed_feed, delivery, subscription
from worker.delivery.due_plan import plan_due
from worker.delivery.retry_rules import as_delivery_result, give_up_sending
from worker.digests import DigestSubscriber
from worker.errors import FetchError, FetchReason
from worker.feeds import PollHistory
from worker.intake.page_retries import next_page_try
from worker.intake.poll_schedule import PollAnswer, as_poll
from worker.net import FetchedResource, NotModified, SendOutcome, SendResult, Validators
from worker.retry import MAIL_RETRIES, PAGE_RETRIES

DAY = timedelta(days=1)
BECOMES = {"pending": "sending", "sending": "resending", "unknown": "resending"}  # as storage marks a claim
jitters = st.floats(-1, 1)
waits = st.none() | st.timedeltas(timedelta(0), DAY)
faults = st.builds(
    FetchError,
    st.sampled_from(FetchReason),
    st.text(max_size=20),
    transient=st.booleans(),
    status=st.none() | st.integers(100, 599),
    retry_after=waits,
)
found = st.builds(
    FetchedResource,
    url=st.just("https://news.example/feed"),
    status=st.just(200),
    content_type=st.just(""),
    body=st.sampled_from([b"", b"one", b"two"]),
    validators=st.just(Validators()),
    max_age=waits,
)
unchanged = st.builds(
    NotModified, url=st.just("https://news.example/feed"), validators=st.just(Validators()), max_age=waits
)
schedules = st.sampled_from(["instant", "hourly", "daily at 07:30", "weekdays at 23:59", "weekly on monday at 02:30"])
zones = st.sampled_from(["UTC", "America/Mexico_City", "America/Tijuana", "Europe/Madrid", "Australia/Lord_Howe"])
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(faults | found | unchanged, st.integers(0, 50), jitters)
def test_a_poll_is_followed_by_one_within_a_day_and_not_before_it_was_asked_for(
    answer: PollAnswer, failures: int, jitter: float
) -> None:
    poll = as_poll(claimed_feed(history=PollHistory(failures=failures)), answer, now=NOW, jitter=jitter)
    asked = answer.retry_after if isinstance(answer, FetchError) else answer.max_age
    assert (poll.outcome == "failed") == isinstance(answer, FetchError)
    assert timedelta(minutes=5) <= poll.next_poll_at - NOW <= DAY
    assert poll.next_poll_at - NOW >= (asked or timedelta())


@given(found, jitters)
def test_a_body_is_new_once(answer: FetchedResource, jitter: float) -> None:
    first = as_poll(claimed_feed(), answer, now=NOW, jitter=jitter)
    second = as_poll(claimed_feed(body_hash=first.body_hash), answer, now=NOW, jitter=jitter)
    assert (first.outcome, second.outcome) == ("new", "unchanged")


@given(faults, st.integers(1, 20), jitters)
def test_a_page_is_tried_again_only_where_it_may_help_and_only_so_often(
    error: FetchError, attempts: int, jitter: float
) -> None:
    again = next_page_try(article(attempts=attempts), error, now=NOW, jitter=jitter)
    asked = error.retry_after or timedelta()
    assert (again is not None) == (error.transient and attempts < PAGE_RETRIES.attempts and asked <= timedelta(hours=4))
    assert again is None or again - NOW >= asked


@given(st.lists(st.sampled_from([*SendResult, None]), min_size=40, max_size=40), jitters)
def test_every_delivery_comes_to_an_end_and_may_arrive_twice_at_most(
    answers: list[SendResult | None], jitter: float
) -> None:
    """Whatever the server says try after try; None is a process that died while it sent."""
    state, now, may_have_arrived = "pending", NOW, 0
    for attempts, said in enumerate(answers, start=1):
        row = delivery(attempts=attempts, was=state)
        result = give_up_sending(row)
        if result is None:
            may_have_arrived += said in {SendResult.SENT, SendResult.UNKNOWN, None}
            assert may_have_arrived <= 2
        if result is None and said is None:
            state = BECOMES[state]
            continue
        if result is None:
            result = as_delivery_result(row, SendOutcome(said), now=now, jitter=jitter)  # type: ignore[arg-type]
        assert (result.next_try is None) == (result.state in {"sent", "dead"})
        if result.next_try is None:
            assert attempts <= MAIL_RETRIES.attempts + 1
            return
        assert result.next_try - now >= timedelta(minutes=10 if said is SendResult.UNKNOWN else 1)
        state, now = result.state, result.next_try
    raise AssertionError("it would have gone on")


@given(schedules, zones, moments, st.timedeltas(-40 * DAY, 40 * DAY), st.timedeltas(timedelta(0), 40 * DAY))
def test_a_due_digest_has_a_window_in_the_past_and_a_next_one_in_the_future(
    schedule: str, zone: str, now: datetime, overdue: timedelta, silence: timedelta
) -> None:
    due = now - overdue
    person = DigestSubscriber("reader@news.example", "", "en", zone)
    wanted = subscription(schedule=schedule, subscriber=person, next_due_at=due, window_start=due - silence)
    plan = plan_due(wanted, now=now)
    assert (plan is None) == (due > now)
    if plan is not None:
        assert plan.period.start <= plan.period.end <= now < plan.next_due
