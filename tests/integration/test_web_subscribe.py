"""Subscribing through the web: nothing before the owner of the address says yes, nothing told to anybody else."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, subscribe
from tests.integration.test_web_manage import sent_out
from tests.integration.test_web_pages import is_hardened
from tests.integration.web_client import Answer, FormReader, WebClient
from worker.delivery.deliver import deliver
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.digests import forgetting, outbox, subscribers
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.web.app import make_web

ADDRESS = "new@news.example"
BASE = "http://127.0.0.1:8080"


@pytest.fixture
def deps(tmp_path: Path, redis_url: str) -> Iterator[Deps]:
    settings = load_settings(folder=tmp_path, redis_url=redis_url, web={"subscribe": True})
    deps = Deps(settings, now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.redis.close()
    deps.database.close()


@pytest.fixture
def client(deps: Deps) -> WebClient:
    return WebClient(make_web(deps))


def ask(client: WebClient, address: str = ADDRESS, *, by: str = "127.0.0.1", **changes: object) -> Answer:
    fields = {**FormReader(client.get("/subscribe").text).fields, "address": address, "zone": "Europe/Madrid"}
    return client.submit("/subscribe", {**fields, **changes}, client=by)


def everybody(deps: Deps) -> list[SubscriptionRecord]:
    with deps.reading() as session:
        return subscribers.list_subscriptions(session)


def link_in(message: bytes, path: str) -> str:
    """The one address of ours in the mail, as text and as HTML have it."""
    parsed = email.message_from_bytes(message, policy=email.policy.strict)
    text = parsed.get_body(("plain",)).get_content()
    (found,) = [line for line in text.splitlines() if line.startswith(f"{BASE}{path}")]
    assert found in parsed.get_body(("html",)).get_content()
    return found.removeprefix(BASE)


def test_it_is_off_unless_configured(tmp_path: Path) -> None:
    deps = Deps(load_settings(folder=tmp_path), now=lambda: NOW)
    client = WebClient(make_web(deps))
    assert client.get("/subscribe").status == 404
    assert client.submit("/subscribe", {"address": ADDRESS}).status == 404


def test_from_the_form_to_the_first_digest(deps: Deps, client: WebClient) -> None:
    answer = ask(client, rhythm="weekdays", at="06:30", language="es")
    assert answer.status == 200
    assert is_hardened(answer)
    assert "a mail is on its way" in answer.text
    assert ADDRESS not in answer.text
    assert everybody(deps) == [], "nothing is stored before the owner of the address says yes"
    (letter,) = sent_out(deps)
    assert (letter.channel, letter.recipient) == ("email", ADDRESS)
    link = link_in(letter.message, "/confirm/")
    for method in ("GET", "HEAD", "GET"):
        shown = client.ask(method, link)
        assert shown.status == 200
        assert is_hardened(shown)
        assert everybody(deps) == [], "mail scanners follow every link"
    assert "de lunes a viernes a las 06:30" in shown.text
    welcome = client.post(link)
    assert welcome.status == 200
    assert "La suscripción está hecha" in welcome.text
    (one,) = everybody(deps)
    assert (one.subscriber.address, one.subscriber.zone, one.subscriber.language) == (ADDRESS, "Europe/Madrid", "es")
    assert (one.schedule, one.topics, one.state) == ("weekdays at 06:30", (TOPIC,), "active")
    (own_page,) = [href for href in FormReader(welcome.text).links if "/manage/" in href]
    assert client.get(own_page.removeprefix(BASE)).status == 200


def test_the_mail_goes_out_like_any_other(deps: Deps, client: WebClient) -> None:
    ask(client)
    with deps.reading() as session:
        (delivery,) = outbox.waiting_deliveries(session, now=NOW, limit=9)
    assert deliver(deps, delivery) == ()
    (path,) = deps.settings.outbox_folder.glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.strict)
    assert not message.defects
    assert [message[name] for name in ("To", "Subject", "Auto-Submitted")] == [
        ADDRESS, "Confirm your Storywatch digest", "auto-generated"
    ]  # fmt: skip
    assert path.read_bytes().isascii()


def test_who_is_subscribed_already_is_told_by_mail_only(deps: Deps, client: WebClient) -> None:
    with deps.transaction() as session:
        subscribe(session, ADDRESS, schedule="hourly")
    known, unknown = ask(client, ADDRESS.upper()), ask(client, "other@news.example")
    assert (known.status, known.text) == (unknown.status, unknown.text)
    letters = {letter.recipient: letter.message for letter in sent_out(deps)}
    assert client.get(link_in(letters[ADDRESS], "/manage/")).status == 200
    assert link_in(letters["other@news.example"], "/confirm/")


def test_a_link_works_once_and_brings_nobody_back_who_has_left(deps: Deps, client: WebClient) -> None:
    ask(client, at="06:30")
    (letter,) = sent_out(deps)
    link = link_in(letter.message, "/confirm/")
    assert client.post(link).status == 200
    (one,) = everybody(deps)
    with deps.transaction() as session:
        subscribe(session, ADDRESS, schedule="hourly")
    assert client.post(link).status == 200
    assert everybody(deps)[0].schedule == "hourly", "an old link does not undo what was chosen since"
    with deps.transaction() as session:
        subscribers.unsubscribe(session, one.id, reason="asked to")
    again = client.post(link)
    assert again.status == 410
    assert "This link was used before" in again.text
    (left,) = everybody(deps)
    assert (left.active, left.state) == (False, "unsubscribed")


def test_who_has_left_or_was_forgotten_comes_back_by_a_new_mail(deps: Deps, client: WebClient) -> None:
    with deps.transaction() as session:
        subscription_id = subscribe(session, ADDRESS)
        subscribers.unsubscribe(session, subscription_id, reason="asked to")
        forgetting.forget_person(session, ADDRESS, deps.person_key, now=NOW)
    for begun in (1, 2):
        ask(client, at="06:30")
        letter = sent_out(deps)[-1]
        assert client.post(link_in(letter.message, "/confirm/")).status == 200
        (back,) = everybody(deps)
        assert (back.active, back.state, back.schedule) == (True, "active", "daily at 06:30"), begun
        with deps.transaction() as session:
            assert not forgetting.is_forgotten(session, deps.person_key(ADDRESS))
            subscribers.unsubscribe(session, back.id, reason="asked to")


def test_one_address_gets_few_mails_and_no_answer_tells(deps: Deps, client: WebClient) -> None:
    answers = {ask(client, by=f"127.0.0.{n}").text for n in range(1, 7)}
    assert len(answers) == 1
    assert len(sent_out(deps)) == 3


def test_one_mailbox_gets_few_mails_however_it_is_written(deps: Deps, client: WebClient) -> None:
    written = ["reader@news.example", "reader+a@news.example", "Reader+B+c@NEWS.example", "reader+d@news.example"]
    answers = {ask(client, address, by=f"127.0.0.{n}").text for n, address in enumerate(written, 1)}
    assert len(answers) == 1
    assert [letter.recipient for letter in sent_out(deps)] == written[:3]
    assert ask(client, "reader@other.example", by="127.0.0.9").status == 200
    assert [letter.recipient for letter in sent_out(deps)] == ["reader@other.example"]


def test_one_client_may_not_ask_for_many(deps: Deps, client: WebClient) -> None:
    seen = [ask(client, f"reader{n}@news.example", by=f"2001:db8::{n}").status for n in range(12)]
    assert seen == [200] * 10 + [429] * 2, "a network of IPv6 addresses is one client"
    assert ask(client, "more@news.example", by="2001:db8:1::1").status == 200
    assert len(sent_out(deps)) == 11


def test_without_the_counter_no_mail_is_sent(deps: Deps, tmp_path: Path) -> None:
    away = Deps(
        load_settings(folder=tmp_path, redis_url="unix:///nowhere.sock", web={"subscribe": True}), now=lambda: NOW
    )
    assert ask(WebClient(make_web(away))).status == 503
    assert sent_out(deps) == []
    away.redis.close()
    away.database.close()


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "a@b", "a@b.example\r\nBcc: c@d.example", "<script>@x.example", "a b@c.example",
        "x" * 300 + "@y.example", "=?utf-8?q?a=0d=0aBcc?=@x.example", "ñ@news.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_shown_harmless(deps: Deps, client: WebClient, address: str) -> None:
    answer = ask(client, address)
    assert answer.status == 422
    assert "That is no mail address" in answer.text
    assert "<script" not in answer.text
    assert sent_out(deps) == []


def test_other_tokens_subscribe_nobody(deps: Deps, client: WebClient) -> None:
    good = {"address": ADDRESS, "topics": [TOPIC], "schedule": "hourly", "zone": "UTC", "language": "en"}
    expired = deps.sign("confirm", good, lasts=-DAY)
    gone = deps.sign("confirm", {**good, "topics": ["given-up"]})
    for token, status in ((expired, 410), (gone, 410), ("forged", 404), (deps.sign("manage", good), 404)):
        for method in ("GET", "POST"):
            answer = client.ask(method, f"/confirm/{token}")
            assert answer.status == status
            assert is_hardened(answer)
    assert everybody(deps) == []


def test_a_form_of_another_site_sends_nothing(deps: Deps, client: WebClient) -> None:
    fields = {**FormReader(client.get("/subscribe").text).fields, "address": ADDRESS}
    assert client.submit("/subscribe", {**fields, "form": ""}).status == 400
    assert client.submit("/subscribe", fields, sec_fetch_site="cross-site").status == 400
    deps.now = lambda: NOW + timedelta(hours=13)
    assert client.submit("/subscribe", fields).status == 400
    assert sent_out(deps) == []
