"""Webhooks through the same outbox as mail, to a real server on loopback; checked by the document's own code."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from models import ForgottenPerson
from tests.conftest import ROOT
from tests.docs import documents
from tests.integration.stored import DAY, analyze, match, tell
from tests.integration.web_client import WebClient
from worker.delivery.deliver import deliver
from worker.delivery.plan_digests import plan_digests
from worker.errors import ConfigurationError
from worker.net import AddressGuard, HttpFetcher, HttpLimits, SendResult, WebhookMailer, WebhookTarget
from worker.net.webhook import freeze
from worker.queue.housekeeping import keep_house
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.digests import due_times, outbox
from worker.storage.digests.forgetting import is_forgotten
from worker.storage.reports import overview
from worker.web.app import make_web

SECRET = "whsec_" + base64.b64encode(b"sixteen bytes or more").decode()
NOW = datetime.now(UTC).replace(microsecond=0)
HOSTILE = "<!channel> <script>alert(1)</script> & *bold*"


@dataclass
class Receiver:
    """What came, and what is answered: a status, or None for silence until the client gives up."""

    url: str = ""
    answer: int | None = 204
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    seen = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if seen.answer is None:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(seen.answer)
            if 300 <= seen.answer < 400:
                self.send_header("Location", f"{seen.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.url = f"http://127.0.0.1:{server.server_port}/hook/hidden-in-the-address"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield seen
    server.shutdown()
    server.server_close()
    thread.join()


def installed(folder: Path, webhook: dict[str, object], *, private: bool = True) -> Deps:
    (folder / "desk.secret").write_text(SECRET + "\n")
    settings = load_settings(
        folder=folder,
        fetch={"allow_private_hosts": ("127.0.0.1",) if private else ()},
        webhooks=[{"name": "desk", "secret_file": "desk.secret", **webhook}],
    )
    deps = Deps(settings, now=lambda: NOW, jitter=lambda: 0.0)
    migrations.upgrade(deps.database)
    reconcile(deps)
    with deps.transaction() as session:
        article = analyze(session, "https://news.example/a?b=1&c=|", title=HOSTILE, published=NOW)
        tell(session, article, "ferry", published=NOW, now=NOW + timedelta(minutes=1))
        match(session, article)
    deps.now = lambda: NOW + timedelta(minutes=20)
    return deps


def plan(deps: Deps) -> int:
    with deps.reading() as session:
        (due,) = due_times.due_subscriptions(session, now=deps.now(), limit=9)
    (wakeup,) = plan_digests(deps, due)
    assert plan_digests(deps, due) == (), "a second beat plans nothing"
    return wakeup.row_id


def state(deps: Deps, delivery: int) -> tuple[str, str | None]:
    with deps.reading() as session:
        return overview.delivery_state(session, delivery)


def is_from_storywatch(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """The function that docs/webhooks.md tells receivers to use."""
    (source,) = documents.blocks("python", [ROOT / "docs" / "webhooks.md"])
    room: dict[str, Any] = {}
    exec(compile(source, "docs/webhooks.md", "exec"), room)  # the document's own code is what is tested
    return bool(room["is_from_storywatch"](secret, headers, body))


def test_what_is_new_arrives_signed_and_once(tmp_path: Path, receiver: Receiver) -> None:
    deps = installed(tmp_path, {"url": receiver.url})
    deps.channels.of("webhook").mailer._now = lambda: datetime.fromtimestamp(time.time(), UTC)  # type: ignore[attr-defined]
    delivery = plan(deps)
    deliver(deps, delivery)
    assert state(deps, delivery) == ("sent", None)
    deliver(deps, delivery)
    ((headers, body),) = receiver.came
    assert headers["content-type"] == "application/json"
    assert is_from_storywatch(SECRET, headers, body)
    assert not is_from_storywatch(SECRET, headers, body + b" ")
    assert not is_from_storywatch("whsec_" + base64.b64encode(b"another secret, as long").decode(), headers, body)
    old = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
    assert not is_from_storywatch(SECRET, old, body)
    told = json.loads(body)
    assert (told["version"], told["kind"], told["id"]) == (1, "digest", headers["webhook-id"])
    ((story,),) = [topic["stories"] for topic in told["topics"]]
    assert (story["url"], story["new_reports"]) == ("https://news.example/a?b=1&c=%7C", 0)
    archive = told["archive"].removeprefix(deps.settings.web_url)
    page = WebClient(make_web(deps)).get(archive)
    assert page.status == 200
    assert "Unsubscribe" not in page.text
    deps.database.close()


def test_slack_gets_text_without_markup_of_strangers(tmp_path: Path, receiver: Receiver) -> None:
    (tmp_path / "slack.url").write_text(receiver.url)
    deps = installed(tmp_path, {"url_file": "slack.url", "form": "slack", "secret_file": None})
    with deps.transaction() as session:
        article = analyze(session, "https://news.example/<!here>|x>", published=NOW)
        tell(session, article, "other", published=NOW, now=NOW + timedelta(minutes=1))
        match(session, article)
    deliver(deps, plan(deps))
    ((headers, body),) = receiver.came
    text = json.loads(body)["text"]
    assert "webhook-signature" not in headers
    assert "*US–Mexico migration*" in text
    assert "<https://news.example/" in text
    assert "<!" not in text
    assert "<script" not in text
    deps.database.close()


@pytest.mark.parametrize(
    ("answer", "becomes"),
    [(500, "pending"), (404, "pending"), (429, "pending"), (302, "pending"), (410, "dead"), (None, "unknown")],
)
def test_what_becomes_of_an_answer(tmp_path: Path, receiver: Receiver, answer: int | None, becomes: str) -> None:
    deps = installed(tmp_path, {"url": receiver.url})
    receiver.answer = answer
    delivery = plan(deps)
    deliver(deps, delivery)
    was, reason = state(deps, delivery)
    assert was == becomes
    assert reason
    assert "hidden-in-the-address" not in reason
    assert len(receiver.came) == 1, "no redirect is followed, nothing is tried again at once"
    receiver.answer = 200
    later = deps.now() + timedelta(minutes=11)
    deps.now = lambda: later
    with deps.reading() as session:
        assert outbox.waiting_deliveries(session, now=later, limit=9) == ([delivery] if becomes != "dead" else [])
    deliver(deps, delivery)
    assert state(deps, delivery)[0] == ("dead" if becomes == "dead" else "sent")
    bodies = {body for _, body in receiver.came}
    ids = {headers["webhook-id"] for headers, _ in receiver.came}
    assert (len(bodies), len(ids)) == (1, 1), "the same bytes under the same id"
    deps.database.close()


def test_a_doubtful_one_goes_out_once_more_and_never_a_third_time(tmp_path: Path, receiver: Receiver) -> None:
    deps = installed(tmp_path, {"url": receiver.url})
    receiver.answer = None
    delivery = plan(deps)
    for minutes in (0, 11, 60, 600):
        later = NOW + timedelta(minutes=20 + minutes)
        deps.now = lambda later=later: later  # type: ignore[misc]
        deliver(deps, delivery)
    assert state(deps, delivery)[0] == "dead"
    assert len(receiver.came) == 2
    deps.database.close()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/{}", "http://127.0.0.1:{}/", "http://[::1/{}", "https://x.invalid/{}"]
)
@pytest.mark.parametrize("long", [1, 400])
def test_no_fault_tells_the_address(address: str, long: int) -> None:
    url = address.format("hidden" * long)
    fetcher = HttpFetcher(HttpLimits(), AddressGuard(("127.0.0.1",)), "Storywatch/0")
    mailer = WebhookMailer(fetcher, {"webhook:x": WebhookTarget(url)}, lambda: NOW)
    outcome = mailer.send(freeze(b"{}", delivery_id="1"), sender="", recipient="webhook:x")
    assert outcome.result is SendResult.RETRY
    assert outcome.detail
    assert "hid" not in outcome.detail


def test_private_addresses_are_refused_and_nothing_is_sent(tmp_path: Path, receiver: Receiver) -> None:
    deps = installed(tmp_path, {"url": receiver.url}, private=False)
    delivery = plan(deps)
    deliver(deps, delivery)
    assert state(deps, delivery)[0] == "pending", "surely not sent, and a person may allow it"
    assert receiver.came == []
    deps.database.close()


def test_neither_address_nor_secret_is_stored_or_shown(tmp_path: Path, receiver: Receiver) -> None:
    deps = installed(tmp_path, {"url": receiver.url})
    deliver(deps, plan(deps))
    deps.database.close()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert b"webhook:desk" in stored
    for hidden in (b"hidden-in-the-address", SECRET.encode(), b"sixteen bytes"):
        assert hidden not in stored
    assert "hidden-in-the-address" not in repr(deps.channels.of("webhook").mailer.__dict__["_targets"])
    deps.database.close()


def test_a_webhook_taken_out_of_the_file_is_told_nothing_more(tmp_path: Path, receiver: Receiver) -> None:
    deps = installed(tmp_path, {"url": receiver.url})
    without = Deps(load_settings(folder=tmp_path), now=lambda: NOW + DAY)
    for turn, due in ((without, 0), (deps, 1)):
        reconcile(turn)
        with turn.reading() as session:
            assert len(due_times.due_subscriptions(session, now=NOW + 2 * DAY, limit=9)) == due
    for one in (deps, without):
        one.database.close()


@pytest.mark.parametrize("has_key", [False, True])
def test_a_webhook_comes_back_however_long_it_was_out_of_the_file(
    tmp_path: Path, receiver: Receiver, has_key: bool
) -> None:
    deps = installed(tmp_path, {"url": receiver.url})
    without = Deps(load_settings(folder=tmp_path), now=lambda: NOW + DAY)
    reconcile(without)
    keep_house(without)  # from then on its time counts
    without.now = lambda: NOW + 60 * DAY
    assert keep_house(without)["people"] == 1
    with without.transaction() as session:
        assert not is_forgotten(session, deps.person_key("webhook:desk"))
        if has_key:  # as earlier versions and `subscribers forget` leave it
            session.add(ForgottenPerson(key=deps.person_key("webhook:desk"), forgotten_at=NOW))
    reconcile(deps)
    with deps.reading() as session:
        assert len(due_times.due_subscriptions(session, now=NOW + 61 * DAY, limit=9)) == 1
    for one in (deps, without):
        one.database.close()


@pytest.mark.parametrize(
    ("webhook", "said"),
    [
        ({}, "set either url or url_file"),
        ({"url": "https://h.example/", "url_file": "u"}, "set either url or url_file"),
        ({"url": "ftp://h.example/"}, "webhooks.0.url"),
        ({"url_file": "gone"}, "url_file .* cannot be read"),
        ({"url": "https://h.example/", "secret_file": "gone"}, "secret_file .* cannot be read"),
        ({"url": "https://h.example/", "secret_file": "short"}, "at least 16 bytes"),
        ({"url": "https://h.example/", "secret_file": "broken"}, "Base64"),
        ({"url": "https://h.example/", "topics": ["no-such"]}, "webhook desk: topic 'no-such' is not in use"),
        ({"url": "https://h.example/", "name": "Desk 1"}, "name"),
    ],
)
def test_a_wrong_webhook_stops_the_start(tmp_path: Path, webhook: dict[str, object], said: str) -> None:
    (tmp_path / "short").write_text("short")
    (tmp_path / "broken").write_text("whsec_not base64!!!")
    with pytest.raises(ConfigurationError, match=said):
        installed(tmp_path, webhook)
