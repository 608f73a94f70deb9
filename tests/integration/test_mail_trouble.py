"""Addresses that bounce, servers that fail, and the rate they are given mail at."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.integration import inline
from tests.integration.test_crash_safety import Post, add_delivery, delivery
from worker.delivery.deliver import deliver
from worker.net import SendOutcome, SendResult, SendStage
from worker.pipeline import STEPS
from worker.setup.deps import Deps
from worker.storage.db.database import Database
from worker.storage.digests import due_times, mail_hosts, subscribers
from worker.storage.reports import overview

NOBODY = SendOutcome(SendResult.REFUSED, "mx answered 550 5.1.1 no such user", 550, SendStage.RECIPIENT)
SPAM = SendOutcome(SendResult.REFUSED, "mx answered 554 5.7.1 spam", 554, SendStage.FINAL_DOT)
DENIED = SendOutcome(SendResult.REFUSED, "mx answered 550 5.7.1 relaying denied", 550, SendStage.RECIPIENT)
FULL = SendOutcome(SendResult.REFUSED, "mx answered 552 5.2.2 mailbox full", 552, SendStage.RECIPIENT)
TAKEN = SendOutcome(SendResult.SENT, "250 ok", 250, SendStage.FINAL_DOT)
AWAY = SendOutcome(SendResult.RETRY, "mx:25 at connect: refused", None, SendStage.CONNECT)
HOST = "mx.example:25"


@pytest.fixture
def deps(database: Database, tmp_path: Path) -> Deps:
    mail = {"host": "mx.example", "port": 25, "sender": "storywatch@news.example", "per_minute": 60}
    deps = Deps(inline.settings_for(tmp_path, database.url, "unix:///nowhere", mail=mail), jitter=lambda: 0.0)
    deps.database, deps.now = database, lambda: NOW
    deps.naps = []  # type: ignore[attr-defined]
    deps.sleep = deps.naps.append  # type: ignore[attr-defined]
    return deps


def at(deps: Deps, moment: datetime) -> None:
    deps.now = lambda: moment


def send(deps: Deps, address: str, *answers: SendOutcome) -> str:
    """Send as many digests to that address as there are answers, a day apart; return its state."""
    for answer in answers:
        delivery_id = add_delivery(deps.database, address, deps.now())
        deps.channels.mail.mailer = Post(answer)
        deliver(deps, delivery_id)
        at(deps, deps.now() + timedelta(days=1))
    with deps.reading() as session:
        found = subscribers.find_subscription(session, f"{address}@news.example")
    assert found is not None
    return found.state


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([NOBODY], "bounced"),
        ([FULL] * 4, "active"),
        ([FULL] * 5, "bounced"),
        ([FULL] * 4 + [TAKEN] + [FULL] * 4, "active"),
        ([SPAM] * 6, "active"),
        ([DENIED] * 6, "active"),
    ],
)
def test_an_address_that_bounces_gets_no_more(deps: Deps, answers: list[SendOutcome], state: str) -> None:
    assert send(deps, "ana", *answers) == state
    with deps.reading() as session:
        found = subscribers.find_subscription(session, "ana@news.example")
        assert found is not None
        assert (found.reason or "") == (answers[-1].detail if state == "bounced" else "")
        assert found.is_served(deps.now()) == (state == "active")
        due = due_times.due_subscriptions(session, now=deps.now(), limit=10)
        assert due == ([found.id] if state == "active" else [])


def test_what_still_waits_for_an_address_that_bounced_goes_no_more(deps: Deps) -> None:
    waiting = add_delivery(deps.database, "ana", NOW - timedelta(days=1))
    assert send(deps, "ana", NOBODY) == "bounced"
    deps.channels.mail.mailer = Post()
    deliver(deps, waiting)
    row = delivery(deps.database, waiting)
    assert (row.state, row.reason) == ("dead", "bounced")


def test_a_mailbox_that_is_put_off_for_a_day_bounces_softly_once(deps: Deps) -> None:
    later = SendOutcome(SendResult.RETRY, "mx answered 452 4.2.2 over quota", 452, SendStage.RECIPIENT)
    delivery_id = add_delivery(deps.database, "ana")
    deps.channels.mail.mailer = Post(*[later] * 14)
    for hours in range(48):
        at(deps, NOW + timedelta(hours=hours))
        deliver(deps, delivery_id)
    assert delivery(deps.database, delivery_id).state == "dead"
    assert deps.channels.mail.mailer.sent == 14
    assert send(deps, "ana", *[FULL] * 3) == "active"
    assert send(deps, "ana", FULL) == "bounced"


def test_a_server_that_keeps_failing_is_left_alone(deps: Deps) -> None:
    ids = [add_delivery(deps.database, f"reader{n}") for n in range(6)]
    deps.channels.mail.mailer = Post(AWAY, AWAY, AWAY)
    for delivery_id in ids:
        deliver(deps, delivery_id)
    assert deps.channels.mail.mailer.sent == 3, "the others are not tried"
    rows = [delivery(deps.database, delivery_id) for delivery_id in ids]
    assert [row.attempts for row in rows] == [1, 1, 1, 0, 0, 0]
    assert {row.state for row in rows} == {"pending"}
    assert not STEPS["deliver"].find_due(deps, 10)
    with deps.reading() as session:
        (trouble,) = overview.read_overview(session).mail_hosts
    assert (trouble.what, trouble.reason) == (f"{HOST} (3 failures, until 12:01 UTC)", AWAY.detail)

    at(deps, NOW + timedelta(minutes=1))
    assert len(STEPS["deliver"].find_due(deps, 10)) == 6
    deps.channels.mail.mailer = Post(AWAY)
    deliver(deps, ids[5])
    with deps.reading() as session:
        assert mail_hosts.read_mail_host(session, HOST).rest_until == NOW + timedelta(minutes=3), "longer each time"

    at(deps, NOW + timedelta(minutes=3))
    deps.channels.mail.mailer = Post(*[TAKEN] * 6)
    for delivery_id in ids:
        deliver(deps, delivery_id)
    assert {delivery(deps.database, delivery_id).state for delivery_id in ids[:5]} == {"sent"}
    with deps.reading() as session:
        assert overview.read_overview(session).mail_hosts == ()


def test_a_refusal_is_no_failure_of_the_server(deps: Deps) -> None:
    for n, answer in enumerate([AWAY, AWAY, NOBODY, AWAY, AWAY, SPAM, AWAY]):
        send(deps, f"reader{n}", answer)
    with deps.reading() as session:
        assert mail_hosts.read_mail_host(session, HOST).failures == 1


def test_messages_keep_to_the_rate(deps: Deps) -> None:
    deps.channels.mail.mailer = Post(*[TAKEN] * 4)
    for n in range(3):
        deliver(deps, add_delivery(deps.database, f"reader{n}"))
    assert deps.naps == [timedelta(seconds=n) for n in range(3)]  # type: ignore[attr-defined]
    at(deps, NOW + timedelta(minutes=1))
    deliver(deps, add_delivery(deps.database, "late"))
    assert deps.naps[-1] == timedelta(), "a silence saves up no turns and costs none"  # type: ignore[attr-defined]


def test_nobody_else_takes_what_waits_for_its_turn(deps: Deps) -> None:
    deps.settings = deps.settings.model_copy(
        update={"mail": deps.settings.mail.model_copy(update={"per_minute": 0.05})}
    )
    deps.channels.mail.mailer = Post(*[TAKEN] * 2)
    deliver(deps, add_delivery(deps.database, "first"))
    slow = add_delivery(deps.database, "second")

    def wait_long(wait: timedelta) -> None:
        assert wait == timedelta(minutes=20) > deps.delivery_lease
        at(deps, deps.now() + wait)
        assert not STEPS["deliver"].find_due(deps, 9)

    deps.sleep = wait_long
    deliver(deps, slow)
    assert (deps.channels.mail.mailer.sent, delivery(deps.database, slow).state) == (2, "sent")
