"""A channel that nobody has heard of: one file, here the first half of this one, and one row of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Self

import pytest
from pydantic import BaseModel, SecretStr

from tests.conftest import NOW
from tests.integration.cli_site import json_of
from tests.integration.stored import DAY, analyze, match, tell
from tests.integration.web_client import WebClient
from worker import channels
from worker.channels.channel import Channel, ChannelContext, DeclaredReader, Payload
from worker.channels.tables import ReadingSetting, Table
from worker.delivery.deliver import deliver
from worker.delivery.plan_digests import plan_digests
from worker.digests import Digest, DigestLinks
from worker.errors import ConfigurationError
from worker.net import Bounce, SendOutcome, SendResult
from worker.setup import settings
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.storage.db import migrations
from worker.storage.digests import due_times, mail_hosts, subscribers
from worker.storage.reports import overview
from worker.web.app import make_status_web


class LedgerSettings(Table):
    """`[ledger]`: where the book lies, and the word that opens it."""

    shelf: str = "oak"
    token: SecretStr = SecretStr("")


class BookSetting(ReadingSetting):
    """`[[books]]`: a book that is written into."""

    title: str


class LedgerTables(BaseModel):
    ledger: LedgerSettings = LedgerSettings()
    books: tuple[BookSetting, ...] = ()


class Ledger(Channel):
    """Writes a line for each story into a list that stands for the outside."""

    name: ClassVar[str] = "ledger"
    preview: ClassVar[str] = "digest.ledger"
    by_file_alone: ClassVar[bool] = True
    lines: ClassVar[list[tuple[str, bytes]]] = []
    answers: ClassVar[list[SendOutcome]] = []

    def __init__(self, tables: LedgerTables) -> None:
        self._tables = tables

    @classmethod
    def open(cls, tables: LedgerTables, context: ChannelContext) -> Self:
        return cls(tables)

    @property
    def host(self) -> str:
        return f"{self._tables.ledger.shelf}:1"

    def readers(self) -> Sequence[DeclaredReader]:
        return [
            DeclaredReader(self.name, f"book:{one.title}", one.title, f"book {one.title}", one, timedelta(hours=2))
            for one in self._tables.books
        ]

    def payload(self, digest: Digest, links: DigestLinks, templates: Mapping[str, str]) -> Payload:
        lines = [story.articles[0].title for section in digest.sections for story in section.stories]
        return Payload("\n".join(lines).encode(), f"{len(lines)} lines")

    def send(self, message: bytes, *, sender: str, recipient: str) -> SendOutcome:
        self.lines.append((recipient, message))
        return self.answers.pop(0)

    def bounce(self, outcome: SendOutcome) -> Bounce | None:
        return Bounce.HARD if outcome.result is SendResult.REFUSED else None

    def destination(self, message: bytes, recipient: str) -> str:
        return f"{recipient} on {self._tables.ledger.shelf}"


class Settings(LedgerTables, settings.Settings):
    """What inheriting from `ChannelTables` does for a channel that has its row."""


BOOKS = '[ledger]\nshelf = "pine"\n[[books]]\ntitle = "harbour"\nschedule = "instant every 5 minutes"\n'
SENT = SendOutcome(SendResult.SENT)


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deps:
    monkeypatch.setattr(channels, "CHANNELS", (*channels.CHANNELS, Ledger.open))
    monkeypatch.setattr(settings, "Settings", Settings)
    monkeypatch.setattr(Ledger, "lines", [])
    monkeypatch.setattr(Ledger, "answers", [])
    (tmp_path / "storywatch.toml").write_text(BOOKS)
    monkeypatch.setenv(settings.CONFIG_VARIABLE, str(tmp_path / "storywatch.toml"))
    return started()


def started() -> Deps:
    deps = Deps(settings.load_settings(), now=lambda: NOW, jitter=lambda: 0.0)
    migrations.upgrade(deps.database)
    reconcile(deps)
    return deps


def without_channels(deps: Deps) -> Deps:
    """Forget the channels that were opened, as a worker that starts again does."""
    deps.__dict__.pop("channels", None)
    return deps


def publish(deps: Deps) -> str:
    url = "https://news.example/a"
    with deps.transaction() as session:
        article = analyze(session, url, published=NOW)
        tell(session, article, "ferry", published=NOW, now=NOW - timedelta(hours=1))
        match(session, article)
    return url


def plan(deps: Deps) -> int:
    deps.now = lambda: NOW + timedelta(minutes=20)
    with deps.reading() as session:
        due = due_times.due_subscriptions(session, now=deps.now(), limit=9)
    (wakeup,) = plan_digests(deps, *due)
    return wakeup.row_id


def test_it_is_declared_planned_delivered_and_explained(
    deps: Deps, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = publish(deps)
    (listed,) = json_of(capsys, "subscribers", "list")
    assert (listed["address"], listed["channel"], listed["name"]) == ("book:harbour", "ledger", "harbour")
    assert listed["since"] == (NOW - timedelta(hours=2)).isoformat()

    Ledger.answers.append(SENT)
    deliver(deps, delivery := plan(deps))
    assert Ledger.lines == [("book:harbour", f"Read {url}".encode())]
    with deps.reading() as session:
        assert overview.delivery_state(session, delivery) == ("sent", None)

    explained = json_of(capsys, "explain", url)
    (fate,) = explained["subscribers"]
    assert (fate["address"], fate["told"]) == ("book:harbour", True)
    assert "sent" in fate["reason"]
    deps.database.close()


def test_it_is_previewed_and_sent_by_hand_in_its_own_form(
    deps: Deps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = publish(deps)
    monkeypatch.setattr("worker.cli.digest.open_installation", lambda: deps)
    json_of(capsys, "digest", "preview", "book:harbour", "--out", str(tmp_path / "out"))
    assert (tmp_path / "out" / "digest.ledger").read_text() == f"Read {url}"
    assert (tmp_path / "out" / "digest.txt").read_text() == "1 lines"
    page = (tmp_path / "out" / "digest.html").read_text()
    assert url in page
    assert "unsubscribe" not in page, "its readers are no persons with pages of their own"

    Ledger.answers.append(SENT)
    sent = json_of(capsys, "digest", "send", "book:harbour")
    assert (sent["stories"], sent["state"], sent["where"]) == (1, "sent", "book:harbour on pine")
    assert WebClient(make_status_web(deps)).get("/").status == 200
    deps.database.close()


def test_its_own_refusals_and_its_own_host_count(deps: Deps) -> None:
    publish(deps)
    delivery = plan(deps)
    Ledger.answers += [SendOutcome(SendResult.RETRY, "no ink"), SendOutcome(SendResult.REFUSED, "burnt")]
    deliver(deps, delivery)
    with deps.reading() as session:
        assert overview.delivery_state(session, delivery) == ("pending", "no ink")
        assert mail_hosts.read_mail_host(session, "pine:1").failures == 1
    deps.now = lambda: NOW + DAY / 2
    deliver(deps, delivery)
    with deps.reading() as session:
        assert overview.delivery_state(session, delivery) == ("dead", "burnt")
        book = subscribers.find_subscription(session, "book:harbour")
    assert book is not None
    assert (book.state, book.reason) == ("bounced", "burnt")
    deps.database.close()


def test_a_delivery_of_a_channel_that_is_gone_ends_and_says_so(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(deps)
    delivery = plan(deps)
    monkeypatch.setattr(channels, "CHANNELS", channels.CHANNELS[:-1])
    deliver(without_channels(deps), delivery)
    with deps.reading() as session:
        state, reason = overview.delivery_state(session, delivery)
    assert (state, Ledger.lines) == ("dead", [])
    assert reason is not None
    assert "there is no channel 'ledger'" in reason
    deps.database.close()


def test_a_delivery_waits_while_the_channels_cannot_be_opened(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(tables: LedgerTables, context: ChannelContext) -> Ledger:
        raise ConfigurationError("the shelf is not there")

    publish(deps)
    delivery = plan(deps)
    there = channels.CHANNELS
    monkeypatch.setattr(channels, "CHANNELS", (*there[:-1], closed))
    with pytest.raises(ConfigurationError, match="the shelf is not there"):
        deliver(without_channels(deps), delivery)
    with deps.reading() as session:
        assert overview.delivery_state(session, delivery) == ("pending", None)
    monkeypatch.setattr(channels, "CHANNELS", there)
    Ledger.answers.append(SENT)
    deliver(without_channels(deps), delivery)
    with deps.reading() as session:
        assert overview.delivery_state(session, delivery) == ("sent", None)
    deps.database.close()


def test_what_is_taken_out_of_the_file_ends(
    deps: Deps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "storywatch.toml"
    path.write_text(path.read_text().replace('"harbour"', '"canal"'))
    started().database.close()
    states = {one["address"]: one["state"] for one in json_of(capsys, "subscribers", "list")}
    assert states == {"book:canal": "active", "book:harbour": "unsubscribed"}
    deps.database.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[ledger]\nshelves = 2", "setting 'ledger.shelves' does not exist"),
        ("[[books]]\nlanguage = 'en'", "setting 'books.0.title'"),
        ("[[books]]\ntitle = 'a'\ntopics = ['no-such']", "book a: topic 'no-such' is not in use"),
        ("[ledger]\ntoken = 'hunter2'", "sets 'ledger.token': secrets come from the environment"),
    ],
)
def test_its_wrong_settings_are_named_and_its_secrets_refused(deps: Deps, tmp_path: Path, text: str, said: str) -> None:
    deps.database.close()
    (tmp_path / "storywatch.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=said) as caught:
        started()
    assert "hunter2" not in str(caught.value)


def test_its_secret_comes_from_the_environment_and_is_not_shown(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    deps.database.close()
    monkeypatch.setenv("STORYWATCH_LEDGER__TOKEN", "hunter2")
    loaded = settings.load_settings()
    assert isinstance(loaded, Settings)
    assert loaded.ledger.token.get_secret_value() == "hunter2"
    monkeypatch.delenv("STORYWATCH_LEDGER__TOKEN")
    monkeypatch.setenv("STORYWATCH_LEDGER", '{"token": ["hunter2"]}')
    with pytest.raises(ConfigurationError, match="a secret value") as caught:
        settings.load_settings()
    assert "hunter2" not in str(caught.value)
