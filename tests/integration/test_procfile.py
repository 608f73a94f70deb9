"""The Procfile's processes on PostgreSQL, Redis and SMTP, with everything that may be there twice there twice."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import ROOT
from tests.integration.processes import storywatch, wait_until
from worker.sample_site import serve
from worker.service import demo
from worker.storage.db.database import Database
from worker.storage.digests import subscribers
from worker.storage.reports import overview

pytestmark = pytest.mark.slow


class Inbox:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        del server, session
        self.messages.append(bytes(envelope.content or b""))
        return "250 OK"


def lines() -> dict[str, list[str]]:
    """The Procfile: by name, the arguments of `storywatch`."""
    found = {}
    for line in (ROOT / "Procfile").read_text().splitlines():
        name, _, command = line.partition(": ")
        program, *arguments = command.split()
        assert program == "storywatch"
        found[name] = arguments
    return found


def count(database: Database) -> tuple[int, int]:
    """How many articles are done, and how many are not."""
    with database.reading() as session:
        states = dict(overview.read_overview(session).articles)
    done = states.pop("analyzed", 0)
    return done, sum(states.values())


def test_two_of_everything_send_one_digest(
    tmp_path: Path, postgres_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYWATCH_CONFIG", "")  # restored afterwards: the demo's configure() sets it
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    mail = Controller(inbox, hostname="127.0.0.1", port=port)
    mail.start()
    database = Database(postgres_url)
    with ExitStack() as stack, serve(datetime.now(UTC)) as site:
        stack.callback(mail.stop)
        stack.callback(database.close)
        demo.configure(tmp_path, site.feeds, tuple(site.base_urls.values()))
        variables = {
            "DATABASE_URL": postgres_url, "REDIS_URL": redis_url, "STORYWATCH_SECRET": "one secret for all of them",
            "STORYWATCH_MAIL__HOST": "127.0.0.1", "STORYWATCH_MAIL__PORT": str(port),
            "STORYWATCH_MAIL__SECURITY": "none", "STORYWATCH_CONFIG": str(tmp_path / "storywatch.toml"),
        }  # fmt: skip
        processes = lines()
        with storywatch(*processes.pop("release"), folder=tmp_path, **variables) as release:
            assert release.wait(60) == 0, (tmp_path / "db.log").read_text()
        for name, arguments in processes.items():
            for _ in range(1 if name == "web" else 2):
                stack.enter_context(storywatch(*arguments, folder=tmp_path, **variables))
        assert wait_until(lambda: count(database) == (len(site.site.urls), 0), seconds=90), count(database)
        with database.transaction() as session:
            subscribers.make_due(session, demo.SUBSCRIBER, now=datetime.now(UTC))
        assert wait_until(lambda: bool(inbox.messages), seconds=30)
        assert not wait_until(lambda: len(inbox.messages) > 1, seconds=4), "the digest came twice"
        with database.reading() as session:
            assert overview.read_overview(session).deliveries == {"sent": 1}
    message = message_from_bytes(inbox.messages[0], policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    assert "+3 reprints" in body.get_content()
    assert message["To"].addresses[0].addr_spec == demo.SUBSCRIBER
