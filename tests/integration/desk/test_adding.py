"""A feed added by its site's address: looked for by a worker, seen before it is watched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient
from tests.integration.desk.hostile import SCRIPTS, Harm
from worker.sample_site import SampleServer, serve
from worker.scouting.look_for_feed import due, look_for_feed
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.step import Wakeup, Wakeups
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows, feed_searches

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with serve(datetime.now(UTC)) as server:
        yield server


@pytest.fixture
def deps(tmp_path: Path, redis_url: str, site: SampleServer) -> Iterator[Deps]:
    hosts = [url.partition("://")[2] for url in site.base_urls.values()]
    settings = load_settings(
        folder=tmp_path, redis_url=redis_url, fetch={"allow_private_hosts": hosts, "spacing_seconds": 0}
    )
    deps = Deps(settings, sleep=lambda _: None)
    migrations.upgrade(deps.database)
    yield deps
    deps.redis.close()
    deps.database.close()


def ask(editor: DeskClient, woken: list[Wakeups], address: str) -> str:
    answer = editor.send("/desk/feeds/add", "/desk/feeds/add", address=address)
    page = answer.headers["location"]
    number = int(page.rpartition("/")[2])
    assert woken[-1] == (Wakeup("look_for_feed", number),)
    return page


def test_a_sites_address_leads_to_its_feed_which_is_seen_and_then_watched(
    deps: Deps, editor: DeskClient, woken: list[Wakeups], site: SampleServer
) -> None:
    outlet, feed, _ = site.feeds[0]
    home = next(url for url in site.base_urls.values() if feed.startswith(url))
    page = ask(editor, woken, home)
    waiting = editor.get(page)
    assert (waiting.headers["refresh"], "being looked for" in waiting.text) == ("3", True)
    assert editor.send(page="/desk/account", path=page, outlet=outlet).status == 404, "nothing is found yet"
    (number,) = due(deps, 9)
    look_for_feed(deps, number)
    assert list(due(deps, 9)) == []
    found = editor.get(page)
    assert "refresh" not in found.headers
    for said in ("What it lists now", "How its first page is read", "words kept"):
        assert said in found.text
    with deps.reading() as session:
        assert feed_rows.list_feeds(session) == [], "seen first"
    watched = editor.send(page, page, outlet=outlet)
    with deps.reading() as session:
        (one,) = feed_rows.list_feeds(session)
    assert (one.url, one.outlet) == (feed, outlet)
    assert watched.headers["location"] == f"/desk/feeds?said=added#feed-{one.id}"
    assert woken[-1] == (Wakeup("poll_feeds", one.id),)
    assert "It is watched already." in editor.get(page).text


def test_what_leads_nowhere_is_said_with_what_was_tried(deps: Deps, editor: DeskClient, woken: list[Wakeups]) -> None:
    page = ask(editor, woken, "http://127.0.0.1:9/nothing")
    look_for_feed(deps, int(page.rpartition("/")[2]))
    answer = editor.get(page)
    assert "no feed could be had" in answer.text
    assert 'value="http://127.0.0.1:9/nothing"' in answer.text
    assert "--force" not in answer.text


@pytest.mark.parametrize("address", ["", "no address at all", "file:///etc/passwd", "javascript:alert(1)", "x" * 9_000])
def test_what_is_no_address_is_not_looked_for(deps: Deps, editor: DeskClient, address: str) -> None:
    answer = editor.send("/desk/feeds/add", "/desk/feeds/add", address=address)
    assert (answer.status, Harm(answer.text).found) == (422, [])
    assert list(due(deps, 9)) == []


def test_hostile_feeds_are_shown_and_harmless(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        number = feed_searches.add_search(session, SCRIPTS[0], now=deps.now())
        assert number is not None
        entries = [{"title": one, "url": one, "published": ""} for one in SCRIPTS]
        page = {"url": SCRIPTS[3], "title": "x", "lines": [[one, one] for one in SCRIPTS], "words": 1, "fault": ""}
        others = [{"url": one, "title": one} for one in SCRIPTS]
        tried = [{"url": one, "why": one} for one in SCRIPTS]
        found = {"url": SCRIPTS[3], "title": SCRIPTS[0], "site": SCRIPTS[3], "language": SCRIPTS[0]}
        feed_searches.save_found(
            session, number, {**found, "entries": entries, "page": page, "others": others, "tried": tried}
        )
    answer = editor.get(f"/desk/feeds/add/{number}")
    assert (answer.status, Harm(answer.text).found) == (200, [])


def test_searches_are_claimed_kept_bounded_and_forgotten(database: Database) -> None:
    with database.transaction() as session:
        numbers = [feed_searches.add_search(session, f"a{n}.example", now=NOW) for n in range(21)]
        first = numbers[0]
        assert first is not None
        assert numbers[20] is None, "more than enough wait"
        assert len(feed_searches.waiting_searches(session, now=NOW, limit=9)) == 9
        held = feed_searches.claim_search(session, first, now=NOW, lease=HOUR)
        assert held is not None
        assert feed_searches.claim_search(session, first, now=NOW, lease=HOUR) is None
        assert feed_searches.is_held(session, held)
        feed_searches.save_failure(session, first, "no")
    with database.transaction() as session:
        failed = feed_searches.read_search(session, first)
        assert failed is not None
        assert (failed.state, failed.reason, failed.found) == ("failed", "no", {})
        assert not feed_searches.is_held(session, held)
        assert feed_searches.read_search(session, 999) is None
        assert feed_searches.prune_searches(session, before=NOW + HOUR) == 20


def test_a_search_that_kills_its_worker_is_given_up(deps: Deps, editor: DeskClient, woken: list[Wakeups]) -> None:
    page = ask(editor, woken, "http://127.0.0.1:9/nothing")
    number = int(page.rpartition("/")[2])
    for late in range(2):
        with deps.transaction() as session:
            assert feed_searches.claim_search(session, number, now=deps.now() + late * HOUR, lease=HOUR / 2)
    later = deps.now() + 3 * HOUR
    deps.now = lambda: later  # type: ignore[method-assign]
    look_for_feed(deps, number)
    assert "twice" in editor.get(page).text
