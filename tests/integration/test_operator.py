"""The installation is looked at, and its operator gets a mail: on both databases."""

from __future__ import annotations

import email
import email.policy
import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models import Delivery, Feed, FeedPoll
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, discover, send, subscribe
from worker.delivery.operator import ClockWatch, examine, watch
from worker.net.webhook import unfreeze
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import ticks
from worker.storage.db.database import Database
from worker.storage.digests import mail_hosts, outbox
from worker.storage.digests.mail_hosts import MailHostRecord
from worker.storage.digests.outbox import DeliveryResult
from worker.storage.feeds import feed_rows
from worker.storage.reports.vital_signs import read_vital_signs
from worker.storage.topics import topic_rows
from worker.topics import Band, TopicMatch, builtin_topics

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def deps(database: Database, tmp_path: Path) -> Iterator[Deps]:
    settings = load_settings(folder=tmp_path, database_url=database.url, operator={"address": "me@news.example"})
    deps = Deps(settings, now=lambda: NOW)
    yield deps
    deps.database.close()


def look(deps: Deps, at: datetime, clock: ClockWatch, *, jump: timedelta = timedelta()) -> list[str]:
    """The subjects of what the operator was sent at that look, while the service's own jobs run."""
    deps.now = lambda: at
    with deps.transaction() as session:
        for name in ("feeds", "digests"):
            ticks.save_tick(session, name, now=at)
        before = session.scalars(select(Delivery.id)).all()
    watch(deps, clock=clock, elapsed=(at - jump).timestamp)
    with deps.transaction() as session:
        new = [one for one in outbox.waiting_deliveries(session, now=at, limit=9) if one not in before]
        letters = [outbox.claim_delivery(session, one, now=at, lease=HOUR) for one in new]
    assert all(letter is not None and letter.recipient == "me@news.example" for letter in letters)
    read = [email.message_from_bytes(letter.message, policy=email.policy.strict) for letter in letters if letter]
    return [str(message["Subject"]) for message in read]


def test_the_operator_is_told_once_and_when_it_is_over(deps: Deps) -> None:
    clock = ClockWatch()
    with deps.transaction() as session:
        mail_hosts.save_mail_host(session, MailHostRecord("mx.example:25", 3, NOW, "535 authentication failed"))
    said = [look(deps, NOW + n * MINUTE, clock) for n in range(8)]
    assert said == [[], [], [], ["Storywatch needs you: mail server"], [], [], [], []]
    with deps.transaction() as session:
        mail_hosts.save_mail_host(session, MailHostRecord("mx.example:25"))
    said = [look(deps, NOW + n * MINUTE, clock) for n in range(8, 20)]
    assert [one for one in said if one] == [["Storywatch is well again: mail server"]]


def test_a_topic_that_falls_silent_is_told_of(deps: Deps) -> None:
    with deps.transaction() as session:
        topic_rows.save_topics(session, [(topic, topic.source) for topic in builtin_topics()], now=NOW - 70 * DAY)
        ticks.save_tick(session, ticks.WATCHED_SINCE, now=NOW - 70 * DAY)
        for hours in range(0, 60 * 24, 5):
            article = discover(session, f"https://news.example/{hours}-")
            matched = TopicMatch(TOPIC, 0.9, Band.BALANCED, (), ())
            topic_rows.save_matches(session, article, [matched], now=NOW - 3 * DAY - hours * HOUR)
    named = [(one.name, one.is_severe) for one in examine(deps) if one.part == "topics"]
    assert named == [(f"topic {TOPIC} silent", False)]
    deps.now = lambda: NOW - 3 * DAY + 20 * HOUR
    assert not [one for one in examine(deps) if one.part == "topics"]


@pytest.mark.parametrize("form", ["json", "slack"])
def test_a_webhook_is_told_the_same(deps: Deps, tmp_path: Path, form: str) -> None:
    hook = {"name": "desk", "url": "https://desk.example/hook", "form": form}
    settings = load_settings(
        folder=tmp_path, database_url=deps.settings.database_url, webhooks=[hook], operator={"webhook": "desk"}
    )
    told, clock = Deps(settings, now=lambda: NOW), ClockWatch()
    with told.transaction() as session:
        mail_hosts.save_mail_host(session, MailHostRecord("mx.example:25", 3, NOW, "535 <b> no"))
    for minute in range(5):
        told.now = lambda minute=minute: NOW + minute * MINUTE  # type: ignore[misc]
        watch(told, clock=clock, elapsed=told.now().timestamp)
    with told.transaction() as session:
        (number,) = outbox.waiting_deliveries(session, now=NOW + HOUR, limit=9)
        delivery = outbox.claim_delivery(session, number, now=NOW + HOUR, lease=HOUR)
    told.database.close()
    assert delivery is not None
    assert (delivery.channel, delivery.recipient) == ("webhook", "webhook:desk")
    headers, body = unfreeze(delivery.message)
    said = json.loads(body)
    assert headers["webhook-id"] == delivery.message_id
    if form == "json":
        assert (said["kind"], said["version"], said["id"]) == ("operator", 1, delivery.message_id)
        assert "mail server" in said["subject"]
        assert any("535 <b> no" in line for line in said["lines"])
    else:
        assert said["text"].startswith("Storywatch needs you")
        assert "535 &lt;b&gt; no" in said["text"]


def test_without_an_address_nobody_is_written_to(deps: Deps) -> None:
    deps.settings = deps.settings.model_copy(update={"operator": type(deps.settings.operator)()})
    with deps.transaction() as session:
        mail_hosts.save_mail_host(session, MailHostRecord("mx.example:25", 3, NOW, "535"))
    clock = ClockWatch()
    assert [look(deps, NOW + n * MINUTE, clock) for n in range(5)] == [[]] * 5


def test_a_clock_that_was_set_is_noticed_and_a_service_that_was_away_has_its_hour(deps: Deps) -> None:
    clock = ClockWatch()
    with deps.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=NOW - 9 * HOUR)
        session.execute(update(Feed).values(last_success_at=NOW - 9 * HOUR))
    look(deps, NOW, clock)
    assert examine(deps) == (), "it has been away, and has not had its hour yet"
    look(deps, NOW + MINUTE, clock)
    look(deps, NOW + HOUR, clock, jump=HOUR - 2 * MINUTE)
    assert [one.name for one in examine(deps)] == ["clock jumped"]
    with deps.reading() as session:
        assert read_vital_signs(session).ticks["watched since"] == NOW + HOUR
    for n in range(1, 13):
        look(deps, NOW + HOUR + n * 6 * MINUTE, clock, jump=HOUR - 2 * MINUTE)
    assert [one.name for one in examine(deps)] == ["no feed read"]


def test_a_machine_that_slept_had_its_clock_set_by_nobody(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ClockWatch()
    for hours in (0, 8):
        deps.now = lambda hours=hours: NOW + hours * HOUR  # type: ignore[misc]
        asleep = {time.CLOCK_BOOTTIME: 1_000.0 + hours * 3600, time.CLOCK_MONOTONIC: 1_000.0}
        monkeypatch.setattr(time, "clock_gettime", asleep.__getitem__)
        watch(deps, clock=clock)
    assert "clock jumped" not in [one.name for one in examine(deps)]


def test_what_a_mail_server_holds_against_us_is_told_from_what_it_holds_against_a_mail(database: Database) -> None:
    with database.transaction() as session:
        delivery_id = send(session, subscribe(session))
        for counted, blamed in ((True, None), (False, "535 no")):
            outbox.claim_delivery(session, delivery_id, now=NOW, lease=HOUR)
            session.execute(update(Delivery).values(attempts=1))
            result = DeliveryResult("pending", "535 no", next_try=NOW, counted=counted)
            outbox.save_outcome(session, delivery_id, result, now=NOW)
            session.flush()
            assert read_vital_signs(session).blamed == blamed
        outbox.save_outcome(session, delivery_id, DeliveryResult("sent"), now=NOW)
        assert read_vital_signs(session).blamed is None


def test_what_a_webhook_holds_against_us_is_not_the_mail_servers(database: Database) -> None:
    with database.transaction() as session:
        send(session, subscribe(session))
        session.execute(update(Delivery).values(channel="webhook", attempts=0, reason="401 no"))
        signs = read_vital_signs(session)
        assert (signs.blamed, signs.shut_out) == (None, "401 no")
        session.execute(update(Delivery).values(channel="email"))
        signs = read_vital_signs(session)
        assert (signs.blamed, signs.shut_out) == ("401 no", None)


def test_polls_since_a_feed_was_had_were_in_vain(database: Database) -> None:
    with database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed(f"https://{n}.example/feed") for n in "ab"], now=NOW)
        assert read_vital_signs(session).vain_feeds == 0
        session.execute(update(Feed).values(last_success_at=NOW - 3 * HOUR, next_poll_at=NOW + HOUR))
        for feed_id, hours in ((1, 4), (1, 2), (1, 1), (2, 1)):
            at = NOW - hours * HOUR
            session.add(FeedPoll(feed_id=feed_id, at=at, outcome="failed"))
        session.flush()
        signs = read_vital_signs(session)
        assert (signs.vain_feeds, signs.vain_since, signs.oldest_due) == (2, NOW - 2 * HOUR, NOW + HOUR)
        ticks.save_tick(session, "watched since", now=NOW)
        assert read_vital_signs(session).vain_feeds == 0
