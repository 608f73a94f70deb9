"""The health page: what is ill first, in words, and green only for what is well."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient
from tests.integration.desk.hostile import SCRIPTS, Harm
from tests.integration.stored import send, subscribe
from worker.delivery.diagnosis import Ailment
from worker.setup.deps import Deps
from worker.storage.db import ticks
from worker.storage.digests import outbox
from worker.storage.digests.outbox import DeliveryResult
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed
from worker.web.desk.health.advice import advise
from worker.web.speech import speak


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage("/"))(10**12, 10**11, 9 * 10**11)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)


def tick(deps: Deps) -> None:
    with deps.transaction() as session:
        for job in ("feeds", "digests", "watch"):
            ticks.save_tick(session, job, now=deps.now())


def test_green_only_what_is_well(deps: Deps, editor: DeskClient) -> None:
    assert "nothing is fetched or mailed" in editor.get("/desk/health").text
    tick(deps)
    page = editor.get("/desk/health").text
    assert "All is well." in page
    assert "said good" in page


def test_what_is_ill_stands_first_with_what_to_do(deps: Deps, editor: DeskClient) -> None:
    tick(deps)
    with deps.transaction() as session:
        feed_rows.add_feeds(
            session, [NewFeed(f"https://{n}.example/feed", title=SCRIPTS[n]) for n in range(6)], now=NOW
        )
        for one in feed_rows.list_feeds(session)[:2]:
            for _ in range(3):
                feed_rows.save_unreadable(session, one.id, code="x", reason=SCRIPTS[0], next_poll_at=NOW)
        delivery = send(session, subscribe(session))
        outbox.save_outcome(session, delivery, DeliveryResult("dead", SCRIPTS[0]), now=NOW)
    page = editor.get("/desk/health").text
    assert "said good" not in page
    assert page.index("1 mail could not be delivered") < page.index("2 feeds need a look") < page.index("All numbers")
    assert Harm(page).found == []


def test_without_redis_it_says_so(deps: Deps, editor: DeskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis import Redis

    monkeypatch.setitem(vars(deps), "redis", Redis.from_url("unix:///nowhere.sock"))
    page = editor.get("/desk/health").text
    assert "Redis cannot be reached" in page
    assert "said bad" in page


@pytest.mark.parametrize(
    "name",
    [
        "clock",
        "clock jumped",
        "disk",
        "mail refused",
        "webhook refused",
        "mail server",
        "no feed read",
        "feeds failing",
    ],
)
def test_every_ailment_has_words_and_what_to_do(name: str) -> None:
    for language in ("en", "es", "pt"):
        said = advise(Ailment("x", name, "found"), speak(language))
        assert said.title != "found"
        assert said.act


def test_the_ailments_are_those_that_are_diagnosed() -> None:
    import inspect

    from worker.delivery import diagnosis

    named = set(re.findall(r'Ailment\("\w+", "([^"]+)"', inspect.getsource(diagnosis)))
    assert all(advise(Ailment("x", name, "found"), speak("en")).act for name in named)
    assert len(named) == 8
    silent = advise(Ailment("topics", "topic x silent", "found", is_severe=False), speak("en"))
    assert (silent.title, silent.is_severe) == ("A topic has fallen silent", False)
