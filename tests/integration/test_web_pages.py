"""The web pages, as browsers, mail programs, mail scanners and monitoring services ask for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import CapturingLogger

from tests.conftest import NOW
from tests.integration.stored import DAY, discover, send, subscribe
from tests.integration.web_client import Answer, WebClient
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.articles import article_rows
from worker.storage.db import migrations, ticks
from worker.storage.digests import mail_hosts, outbox, subscribers
from worker.storage.digests.mail_hosts import MailHostRecord
from worker.storage.digests.outbox import DeliveryResult
from worker.storage.feeds import feed_rows, polls
from worker.storage.feeds.feed_rows import NewFeed
from worker.storage.feeds.polls import Poll
from worker.web.app import make_status_web, make_web

HOSTILE = '<script>alert("1")</script> & Sons'


@pytest.fixture
def deps(tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path), now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.database.close()


@pytest.fixture
def client(deps: Deps) -> WebClient:
    return WebClient(make_web(deps))


@pytest.fixture
def owner(deps: Deps) -> WebClient:
    return WebClient(make_status_web(deps))


def is_hardened(answer: Answer) -> bool:
    headers = answer.headers
    policy = headers["content-security-policy"]
    return (
        all(part in policy for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"))
        and headers["x-content-type-options"] == "nosniff"
        and headers["referrer-policy"] == "no-referrer"
        and headers["cache-control"] == "no-store"
        and "noindex" in headers["x-robots-tag"]
        and "set-cookie" not in headers
        and "location" not in headers
    )


def test_the_status_of_an_empty_installation(owner: WebClient) -> None:
    answer = owner.get("/")
    assert answer.status == 200
    assert "No feed is watched yet" in answer.text
    assert "The clock is not ticking" in answer.text
    assert is_hardened(answer)


def test_the_readers_pages_have_no_status(deps: Deps, client: WebClient, owner: WebClient) -> None:
    with deps.transaction() as session:
        feed_rows.add_feeds(session, [NewFeed("https://source.example/", outlet="Source")], now=NOW)
    for path in ("/", "//", "/?x", "/status", "/metrics"):
        answer = client.get(path)
        assert answer.status == 404, path
        assert "ource" not in answer.text.replace("resource", "")
        assert is_hardened(answer)
    assert "Source" in owner.get("/").text
    assert owner.get("/metrics").status == 200


@pytest.mark.parametrize("path", ["/subscribe", "/archive/x", "/manage/x", "/unsubscribe/x", "/topics/x/feed.atom"])
def test_the_owners_pages_have_nothing_of_the_readers(owner: WebClient, path: str) -> None:
    assert "There is no page at this address" in owner.get(path).text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8081", 200), ("localhost:9000", 200), ("LOCALHOST", 200), ("rebound.example", 400),
        ("127.0.0.1.rebound.example:8081", 400), ("", 400),
    ],
)  # fmt: skip
def test_the_owners_pages_open_under_no_name_of_others(owner: WebClient, host: str, status: int) -> None:
    for path in ("/", "/health", "/metrics", "/nothing/"):
        answer = owner.get(path, host=host)
        assert (answer.status == 400) is (status == 400), path
        assert is_hardened(answer)


def test_a_feed_without_a_name_is_shown_without_its_key(deps: Deps, owner: WebClient) -> None:
    with deps.transaction() as session:
        feed_rows.add_feeds(
            session, [NewFeed("https://paper.example/private/8f14e45fceea167a5a36/rss?key=word")], now=NOW
        )
    shown = owner.get("/").text
    assert "https://paper.example/private/" in shown
    assert "8f14e45fceea167a5a36" not in shown
    assert "key=word" not in shown


def test_the_status_page_shows_trouble_and_escapes_what_strangers_wrote(deps: Deps, owner: WebClient) -> None:
    reason = "<img src=x> no answer"
    with deps.transaction() as session:
        new = [NewFeed(f"https://{n}.example/", outlet=name) for n, name in enumerate(["Aardvark", HOSTILE])]
        feed_rows.add_feeds(session, new, now=NOW - timedelta(hours=3))
        bad = next(feed.id for feed in feed_rows.list_feeds(session) if feed.name == HOSTILE)
        for hour in range(3):
            at = NOW - timedelta(hours=3 - hour)
            polls.save_poll(session, bad, Poll(at, "failed", NOW + DAY, code="timeout", reason=reason))
        for name in ("feeds", "digests"):
            ticks.save_tick(session, name, now=NOW)
        article_rows.save_failed(session, discover(session, f"https://n.example/{HOSTILE}"), "it broke its process")
        missed = discover(session, "https://n.example/missed")
        article_rows.save_fetched(session, missed, now=NOW, feed_only=True, reason="answered 404")
        mail_hosts.save_mail_host(session, MailHostRecord("mx.example:25", 3, NOW, "hung up on to@news.example"))
        delivery = send(session, subscribe(session))
        outbox.save_outcome(session, delivery, DeliveryResult("dead", "550 <to@news.example> is unknown"), now=NOW)
    answer = owner.get("/")
    assert answer.status == 200
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; Sons" in answer.text
    assert "3 polls in a row failed, for 3 hours: &lt;img src=x&gt; no answer" in answer.text
    assert answer.text.index("failing") < answer.text.index("Aardvark"), "feeds in trouble come first"
    for said in (
        "running",
        "it broke its process",
        "answered 404",
        "Mails dead",
        "550 &lt;t…@news.example&gt; is unknown",
        "Readers active",
        "mx.example:25 (3 failures, until 12:00 UTC)",
    ):
        assert said in answer.text
    assert "to@news.example" not in answer.text, "whoever can see the page need not see who subscribes"
    assert "not ticking" not in answer.text


def test_health_follows_the_clock(deps: Deps, client: WebClient) -> None:
    def health() -> tuple[int, bool]:
        answer = client.get("/health")
        assert is_hardened(answer)
        return answer.status, json.loads(answer.text)["ok"]

    assert health() == (503, False)
    with deps.transaction() as session:
        for name in ("feeds", "digests"):
            ticks.save_tick(session, name, now=NOW)
    assert health() == (200, True)
    deps.now = lambda: NOW + timedelta(hours=1)
    assert health() == (503, False)


def test_health_says_which_part_is_ill(deps: Deps, client: WebClient) -> None:
    with deps.transaction() as session:
        for name in ("feeds", "digests"):
            ticks.save_tick(session, name, now=NOW)
        mail_hosts.save_mail_host(session, MailHostRecord("mx.example:25", 3, NOW, "535 no such user as me@n.example"))
    answer = client.get("/health?verbose")
    said = json.loads(answer.text)
    assert (answer.status, said["ok"]) == (503, False)
    assert said["parts"]["mail"] == {"ok": False, "ill": ["mail server"]}
    assert said["parts"]["feeds"] == said["parts"]["clock"] == {"ok": True, "ill": []}
    assert "me@n.example" not in answer.text, "the page is anybody's"
    assert client.get("/health/ready").status == client.get("/health/live").status == 200


def test_a_missing_database_is_one_line_on_every_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = CapturingLogger()
    monkeypatch.setattr("worker.web.app.log", log)
    monkeypatch.setattr("worker.web.health.log", log)
    deps = Deps(load_settings(folder=tmp_path), now=lambda: NOW)
    client, owner = WebClient(make_web(deps)), WebClient(make_status_web(deps))
    token = deps.sign("unsubscribe", {"subscription": 1})
    archive = deps.sign("archive", {"digest": [1, "scheduled", NOW.isoformat()]})
    for asked, url in ((owner, "/"), (client, f"/unsubscribe/{token}"), (client, f"/archive/{archive}")):
        answer = asked.get(url)
        assert answer.status == 503, url
        assert "<h1>The database cannot be used</h1>" in answer.text
        assert "no such table" not in answer.text, "why is for the log, not for whoever looks"
        assert is_hardened(answer)
    assert client.post(f"/unsubscribe/{token}").status == 503
    health = client.get("/health")
    assert health.status == 503
    assert json.loads(health.text) == {"ok": False, "reason": "the database cannot be used"}
    assert json.loads(client.get("/health?verbose").text)["parts"] == {"database": {"ok": False}}
    assert client.get("/health/ready").status == 503
    assert client.get("/health/live").status == 200, "the process itself answers"
    assert len(log.calls) == 7
    assert all("run 'storywatch db upgrade'" in call.kwargs["reason"] for call in log.calls)
    deps.database.close()


@pytest.fixture
def subscription(deps: Deps) -> int:
    with deps.transaction() as session:
        return subscribe(session, schedule="daily at 07:00")


def is_active(deps: Deps, subscription: int) -> bool:
    with deps.reading() as session:
        found = subscribers.read_subscription(session, subscription)
    assert found is not None
    assert found.active is (found.state == "active")
    return found.active


def test_a_get_of_the_unsubscribe_link_changes_nothing(deps: Deps, client: WebClient, subscription: int) -> None:
    url = f"/unsubscribe/{deps.sign('unsubscribe', {'subscription': subscription})}"
    for method in ("GET", "HEAD", "GET"):
        answer = client.ask(method, url)
        assert answer.status == 200
        assert is_hardened(answer)
        assert is_active(deps, subscription), "mail scanners follow every link"
    assert "US–Mexico migration: every day at 07:00" in answer.text
    assert '<form method="post">' in answer.text


@pytest.mark.parametrize("body", [b"List-Unsubscribe=One-Click", b""])
def test_a_post_ends_the_subscription_at_once(deps: Deps, client: WebClient, subscription: int, body: bytes) -> None:
    url = f"/unsubscribe/{deps.sign('unsubscribe', {'subscription': subscription})}"
    for _ in range(2):
        answer = client.post(url, body)
        assert answer.status == 200, "no redirect (RFC 8058, 3.1)"
        assert is_hardened(answer)
        assert not is_active(deps, subscription)
    assert "has ended" in client.get(url).text


def test_other_tokens_are_refused(deps: Deps, client: WebClient, subscription: int) -> None:
    good = deps.sign("unsubscribe", {"subscription": subscription})
    for token in (good[:-1], good[:-2] + "AA", "x", "x" * 3000, deps.sign("archive", {"subscription": subscription})):
        for method in ("GET", "POST"):
            answer = client.ask(method, f"/unsubscribe/{token}")
            assert answer.status == 404, token
            assert "use the one in your mail" in answer.text
            assert is_hardened(answer)
    assert is_active(deps, subscription)


def test_the_link_of_who_was_forgotten_says_so(deps: Deps, client: WebClient, subscription: int) -> None:
    url = f"/unsubscribe/{deps.sign('unsubscribe', {'subscription': subscription})}"
    with deps.transaction() as session:
        subscribers.remove_subscriber(session, "reader@news.example")
        another = subscribe(session, "another@news.example")
    assert "has ended" in client.get(url).text
    assert client.post(url).status == 200
    assert is_active(deps, another), "and it does not become the link of whoever comes next"


def test_the_archive_opens_by_its_own_token_only(deps: Deps, client: WebClient, subscription: int) -> None:
    def archive(owner: int, end: datetime = NOW, kind: str = "scheduled") -> Answer:
        token = deps.sign("archive", {"digest": [owner, kind, end.isoformat()]})
        answer = client.get(f"/archive/{token}")
        assert is_hardened(answer)
        return answer

    with deps.transaction() as session:
        other = subscribe(session, "other@news.example")
        send(session, subscription, html="<p>mine</p>")
        send(session, other, html="<p>theirs</p>")
    assert archive(subscription).text == "<p>mine</p>"
    assert archive(other).text == "<p>theirs</p>"
    assert archive(subscription, NOW + DAY).status == 404
    assert archive(subscription, kind="manual").status == 404
    assert archive(999).status == 404
    unsubscribe = deps.sign("unsubscribe", {"subscription": subscription})
    for token in (unsubscribe, "forged", deps.sign("archive", {"digest": "no list"})):
        answer = client.get(f"/archive/{token}")
        assert answer.status == 404
        assert "mine" not in answer.text


def test_what_is_not_there_and_what_breaks_are_hardened_too(
    deps: Deps, client: WebClient, owner: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer in (client.get("/favicon.ico"), client.get("/archive/"), owner.post("/")):
        assert answer.status in {404, 405}
        assert is_hardened(answer)
    assert "<script" not in client.get("/<script>").text

    def break_down() -> datetime:
        raise ZeroDivisionError

    monkeypatch.setattr(deps, "now", break_down)
    with pytest.raises(ZeroDivisionError):
        owner.get("/")
    assert owner.last.status == 500
    assert is_hardened(owner.last)


@pytest.mark.parametrize("path", ["/subscribe/", "/health//", "/health/live/?x=1"])
def test_a_slash_too_much_leads_to_our_own_address_whatever_host_is_named(client: WebClient, path: str) -> None:
    answer = client.ask("GET", path, host="evil.example")
    assert answer.status == 307
    assert answer.headers["location"].startswith("http://127.0.0.1:8080/")
