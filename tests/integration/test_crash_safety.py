"""What must hold when a process dies, is late, or two do the same at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Article, Delivery, Feed, Story
from tests.conftest import NOW
from tests.integration import inline
from worker import net
from worker.analysis import judgement
from worker.analysis.analyze_article import analyze_article
from worker.delivery.deliver import deliver
from worker.digests import Period
from worker.errors import FetchError, FetchReason
from worker.intake.fetch_page import fetch_page
from worker.net import FetchedResource, SendOutcome, SendResult, Validators
from worker.setup.deps import Deps
from worker.storage.articles import article_rows, discoveries
from worker.storage.articles.discoveries import NewArticle
from worker.storage.db.database import Database
from worker.storage.digests import outbox, subscribers
from worker.storage.feeds import feed_rows, polls
from worker.storage.feeds.feed_rows import NewFeed

LEASE = timedelta(seconds=90)
PAGE = (
    b"<html><body><article><h1>Ferries</h1><p>"
    + b"The ferry sails again on Monday. " * 20
    + b"</p></article></body></html>"
)


class Pages:
    """A fetcher that answers everything with what it was given, and can be made to do something first."""

    def __init__(self, answer: FetchError | bytes, before: Callable[[], None] = lambda: None) -> None:
        self.answer, self.before, self.asked = answer, before, 0

    def fetch(self, url: str, validators: Validators | None = None, **_: object) -> FetchedResource:
        self.asked += 1
        self.before()
        if isinstance(self.answer, FetchError):
            raise self.answer
        return FetchedResource(url, 200, "text/html", self.answer, Validators())


class Post:
    """A mailer that says what it was told to say, one answer a message."""

    def __init__(self, *answers: SendResult | SendOutcome) -> None:
        self.answers, self.sent = list(answers), 0

    def send(self, message: bytes, *, sender: str, recipient: str) -> SendOutcome:
        self.sent += 1
        answer = self.answers.pop(0)
        return answer if isinstance(answer, SendOutcome) else SendOutcome(answer, "said so")


class Granted:
    def known(self, url: str) -> net.Manners:
        return net.Manners(net.Permission.GRANTED)

    ask = known


@pytest.fixture
def deps(database: Database, tmp_path: Path) -> Deps:
    deps = Deps(inline.settings_for(tmp_path, database.url, "unix:///nowhere"), jitter=lambda: 0.0)
    deps.now = lambda: NOW
    deps.database, deps.hosts, deps.robots = database, net.NoHostLimits(), Granted()  # type: ignore[assignment]
    return deps


def add_article(database: Database, name: str = "a", **values: object) -> int:
    url = f"https://news.example/{name}"
    new = NewArticle(key=url, url=url, entry_id=url, title="Ferries", body="<p>Text.</p>", published=NOW)
    with database.transaction() as session:
        (found,) = discoveries.discover(session, None, "Example", [replace(new, **values)], now=NOW)  # type: ignore[arg-type]
    return found.id


def article(database: Database, article_id: int) -> Article:
    with database.reading() as session:
        row = session.get_one(Article, article_id)
        session.expunge_all()
    return row


def test_a_fetch_that_is_late_writes_nothing(deps: Deps) -> None:
    article_id = add_article(deps.database)

    def meanwhile() -> None:
        deps.now = lambda: NOW + 2 * LEASE
        deps.fetcher = Pages(PAGE)
        assert fetch_page(deps, article_id)
        assert analyze_article(deps, article_id) == ()

    deps.fetcher = Pages(PAGE, before=meanwhile)
    assert fetch_page(deps, article_id) == ()
    assert article(deps.database, article_id).state == "analyzed"


def test_a_late_analysis_does_not_develop_the_story_twice(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    article_id = add_article(deps.database)
    deps.fetcher = Pages(PAGE)
    fetch_page(deps, article_id)
    judge = judgement.judge

    def slowly(*given: object, **values: object) -> object:
        monkeypatch.setattr("worker.analysis.analyze_article.judge", judge)
        deps.now = lambda: NOW + 2 * LEASE
        analyze_article(deps, article_id)
        return judge(*given, **values)  # type: ignore[arg-type]

    monkeypatch.setattr("worker.analysis.analyze_article.judge", slowly)
    analyze_article(deps, article_id)
    with deps.reading() as session:
        assert [(story.size, story.revision) for story in session.scalars(select(Story))] == [(1, 1)]


def test_a_page_whose_fetch_always_breaks_off_ends_with_the_feeds_text(deps: Deps) -> None:
    article_id = add_article(deps.database)
    for n in range(20):
        deps.now = lambda n=n: NOW + n * 2 * LEASE  # type: ignore[misc]
        with deps.transaction() as session:  # claimed, and the process dies
            article_rows.claim_article(session, article_id, state="discovered", now=deps.now(), lease=LEASE)
        if article(deps.database, article_id).attempts >= 6:
            break
    deps.now = lambda: NOW + timedelta(days=1)
    assert fetch_page(deps, article_id)
    row = article(deps.database, article_id)
    assert (row.state, row.feed_only) == ("fetched", True)
    assert "broke off" in str(row.reason)


def test_a_poll_that_always_breaks_off_is_tried_less_and_less_and_says_so(deps: Deps) -> None:
    inline.watch(deps, NewFeed("https://news.example/feed"))
    claims, now = 0, NOW
    while now < NOW + timedelta(days=2):
        with deps.transaction() as session:
            for feed_id in feed_rows.due_feeds(session, now=now, limit=5):
                claims += polls.claim_feed(session, feed_id, now=now, lease=LEASE) is not None
        now += timedelta(seconds=30)
    assert claims <= 13
    with deps.reading() as session:
        assert "broke off" in str(session.scalar(select(Feed.error)))


def test_two_readers_of_overlapping_feeds_do_not_lock_each_other_out(database: Database) -> None:
    names = [f"https://news.example/{n}" for n in range(200)]
    news = [NewArticle(key=name, url=name, entry_id=name, title="", body="", published=NOW) for name in names]
    with database.transaction() as session:
        feed_rows.add_feeds(session, [NewFeed("https://news.example/1"), NewFeed("https://news.example/2")], now=NOW)
        one, two = feed_rows.due_feeds(session, now=NOW, limit=2)

    def read(feed_id: int, order: list[NewArticle]) -> int:
        with database.transaction() as session:
            return len(discoveries.discover(session, feed_id, "Example", order, now=NOW))

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(read, (one, two), (news, news[::-1])))
    assert max(found) == 200
    with database.reading() as session:
        assert len(list(session.scalars(select(Article.id)))) == 200


def test_a_host_that_asks_for_rest_is_recorded_and_its_articles_go_on_without_the_page(deps: Deps) -> None:
    class Resting(net.NoHostLimits):
        def enter(self, url: str) -> net.Busy:
            return net.Busy(timedelta(hours=12), resting=True)

    deps.hosts = Resting()
    deps.fetcher = Pages(PAGE)
    article_id = add_article(deps.database)
    assert fetch_page(deps, article_id)
    row = article(deps.database, article_id)
    assert row.feed_only
    assert "asked to be left alone" in str(row.reason)


def test_old_news_is_not_waited_for(deps: Deps) -> None:
    article_id = add_article(deps.database)
    deps.fetcher = Pages(FetchError(FetchReason.TIMEOUT, "too slow", transient=True))
    assert fetch_page(deps, article_id) == ()
    deps.now = lambda: NOW + timedelta(hours=7)
    assert fetch_page(deps, article_id)
    assert article(deps.database, article_id).feed_only


def test_whatever_a_page_provokes_is_recorded_with_the_article(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object, **__: object) -> object:
        raise RecursionError("too deep")

    article_id = add_article(deps.database)
    deps.fetcher = Pages(PAGE)
    fetch_page(deps, article_id)
    monkeypatch.setattr("worker.analysis.analyze_article.judge", burst)
    analyze_article(deps, article_id)
    row = article(deps.database, article_id)
    assert (row.state, row.reason) == ("failed", "reading it failed: RecursionError: too deep")


def test_a_late_failure_does_not_undo_what_another_has_finished(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    article_id = add_article(deps.database)
    deps.fetcher = Pages(PAGE)
    fetch_page(deps, article_id)
    judge = judgement.judge

    def late_and_broken(*_: object, **__: object) -> object:
        monkeypatch.setattr("worker.analysis.analyze_article.judge", judge)
        deps.now = lambda: NOW + 2 * LEASE
        analyze_article(deps, article_id)
        raise RecursionError("too deep")

    monkeypatch.setattr("worker.analysis.analyze_article.judge", late_and_broken)
    analyze_article(deps, article_id)
    assert article(deps.database, article_id).state == "analyzed"


def add_delivery(database: Database, name: str = "x", now: datetime = NOW) -> int:
    with database.transaction() as session:
        return add_delivery_in(session, name, now)


def add_delivery_in(session: Session, name: str, now: datetime = NOW) -> int:
    asked = subscribers.SubscriptionRequest(
        address=f"{name}@news.example", name="", language="en", zone="UTC", topics=("us-mexico-migration",),
        band="balanced", schedule="daily at 07:00", story_limit=25, send_empty=False,
        since=NOW - timedelta(days=1), first_due=NOW,
    )  # fmt: skip
    text = f"Subject: x\r\nMessage-ID: <{name}@news.example>\r\n\r\n" + "Two stories.\r\n" * 3
    message = outbox.NewDelivery("email", "s@news.example", asked.address, f"<{name}@news.example>", text.encode())
    subscription = subscribers.save_request(session, asked, now=NOW)
    period = Period(now - timedelta(days=1), now)
    return outbox.save_digest(
        session, subscription, "scheduled", period, html="", stories=[], delivery=message, now=now
    )


def delivery(database: Database, delivery_id: int) -> Delivery:
    with database.reading() as session:
        row = session.get_one(Delivery, delivery_id)
        session.expunge_all()
    return row


def run_for_days(deps: Deps, delivery_id: int, days: int = 3) -> None:
    for hours in range(days * 24):
        deps.now = lambda hours=hours: NOW + timedelta(hours=hours)  # type: ignore[misc]
        deliver(deps, delivery_id)


@pytest.mark.parametrize(
    ("answers", "sent", "state"),
    [
        ([SendResult.SENT], 1, "sent"),
        ([SendResult.REFUSED], 1, "dead"),
        ([SendResult.RETRY, SendResult.SENT], 2, "sent"),
        ([SendResult.UNKNOWN, SendResult.SENT], 2, "sent"),
        ([SendResult.UNKNOWN, SendResult.UNKNOWN], 2, "dead"),
        ([SendResult.UNKNOWN, SendResult.RETRY, SendResult.UNKNOWN], 3, "dead"),
        ([SendResult.RETRY, SendResult.UNKNOWN, SendResult.RETRY, SendResult.UNKNOWN], 4, "dead"),
    ],
)
def test_at_most_one_more_of_a_mail_whose_fate_is_unknown(
    deps: Deps, answers: list[SendResult], sent: int, state: str
) -> None:
    delivery_id = add_delivery(deps.database)
    deps.channels.mail.mailer = Post(*answers)
    run_for_days(deps, delivery_id)
    assert deps.channels.mail.mailer.sent == sent
    assert delivery(deps.database, delivery_id).state == state


def test_a_mail_worker_that_dies_twice_sends_no_third_time(deps: Deps) -> None:
    delivery_id = add_delivery(deps.database)
    for hours in range(2):
        with deps.transaction() as session:  # claimed, and the process dies
            moment = NOW + timedelta(hours=hours)
            assert outbox.claim_delivery(session, delivery_id, now=moment, lease=LEASE)
    deps.channels.mail.mailer = Post()
    deps.now = lambda: NOW + timedelta(hours=9)
    deliver(deps, delivery_id)
    row = delivery(deps.database, delivery_id)
    assert (row.state, row.reason) == ("dead", "sent twice, and whether it arrived is not known")


def test_who_unsubscribes_gets_nothing_more(deps: Deps) -> None:
    delivery_id = add_delivery(deps.database)
    deps.channels.mail.mailer = Post(SendResult.RETRY)
    deliver(deps, delivery_id)
    with deps.transaction() as session:
        found = subscribers.find_subscription(session, "x@news.example")
        assert found is not None
        subscribers.unsubscribe(session, found.id, reason="test")
    run_for_days(deps, delivery_id, days=1)
    assert (deps.channels.mail.mailer.sent, delivery(deps.database, delivery_id).state) == (1, "dead")


def test_who_unsubscribes_while_it_is_being_sent_gets_nothing_more(deps: Deps) -> None:
    delivery_id = add_delivery(deps.database)

    class PutsOff(Post):
        def send(self, message: bytes, *, sender: str, recipient: str) -> SendOutcome:
            with deps.transaction() as session:
                found = subscribers.find_subscription(session, recipient)
                assert found is not None
                subscribers.unsubscribe(session, found.id, reason="test")
            return super().send(message, sender=sender, recipient=recipient)

    deps.channels.mail.mailer = PutsOff(SendResult.RETRY, SendResult.SENT)
    run_for_days(deps, delivery_id, days=1)
    row = delivery(deps.database, delivery_id)
    assert (deps.channels.mail.mailer.sent, row.state, row.reason) == (1, "dead", "unsubscribed")
    assert row.finished_at


def test_what_unsubscribing_ended_is_cleared_away_too(deps: Deps) -> None:
    delivery_id = add_delivery(deps.database)
    with deps.transaction() as session:
        found = subscribers.find_subscription(session, "x@news.example")
        assert found is not None
        subscribers.unsubscribe(session, found.id, reason="test")
        assert outbox.prune_messages(session, before=NOW) == 0
        assert outbox.prune_messages(session, before=NOW + timedelta(seconds=1)) == 1
        waiting = add_delivery_in(session, "y")
        assert outbox.prune_messages(session, before=NOW + timedelta(days=99)) == 0, "what still waits is kept"
        assert waiting != delivery_id


def test_text_with_escapes_of_nul_survives(database: Database) -> None:
    article_id = add_article(database)
    said = ['"\\u0000" is a JavaScript escape', "a real \x00 goes", "half a pair \ud83d goes"]
    with database.transaction() as session:
        session.execute(update(Article).where(Article.id == article_id).values(authors=said))
    assert article(database, article_id).authors == [said[0], "a real  goes", "half a pair  goes"]


def test_the_signing_secret_comes_into_being_whole(tmp_path: Path) -> None:
    settings = inline.settings_for(tmp_path, "", "unix:///nowhere")
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: Deps(settings).secret, range(8)))
    assert len(found) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0
