"""The desk in the hands of a person: in Chromium, without JavaScript, from the link to the last button."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.browser import HERE, NODE_FOLDER, chromium, node_package, require, run_node
from tests.integration.stored import analyze, match, tell
from tests.integration.test_hostile_in_browser import served
from worker.sample_site import SampleServer, serve
from worker.scouting.look_for_feed import look_for_feed
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.step import Wakeups
from worker.storage.db import migrations
from worker.storage.digests import subscribers
from worker.storage.feeds import feed_rows
from worker.storage.people import person_rows
from worker.storage.topics import labels
from worker.web.app import make_status_web
from worker.web.desk.entrance.links import new_link


@pytest.fixture
def site() -> Iterator[SampleServer]:
    with serve(datetime.now(UTC)) as server:
        yield server


@pytest.fixture
def deps(tmp_path: Path, site: SampleServer) -> Iterator[Deps]:
    hosts = [url.partition("://")[2] for url in site.base_urls.values()]
    fetch = {"allow_private_hosts": hosts, "spacing_seconds": 0}
    deps = Deps(load_settings(folder=tmp_path, fetch=fetch), sleep=lambda _: None)
    migrations.upgrade(deps.database)
    yield deps
    deps.database.close()


def test_a_person_labels_adds_previews_pauses_forgets_and_watches(deps: Deps, site: SampleServer) -> None:
    require(chromium(), "Debian's chromium")
    require(node_package("playwright-core"), "npm's playwright-core")
    workers = list[threading.Thread]()

    def work(wakeups: Wakeups) -> None:
        """As a worker does: somewhere else, while the page is asked for again."""
        for step, number in wakeups:
            if step == "look_for_feed":
                workers.append(threading.Thread(target=look_for_feed, args=(deps, number)))
                workers[-1].start()

    now = deps.now()
    with deps.transaction() as session:
        article = analyze(session, "https://news.example/ferry", published=now)
        tell(session, article, "ferry", published=now, now=now)
        match(session, article)
        owner = person_rows.add_person(session, "owner@desk.example", "owner", now=now)
        link = new_link(session, owner.id, "", now=now)
    home = next(url for url in site.base_urls.values() if site.feeds[0][1].startswith(url))
    with served(deps, lambda _: make_status_web(deps, work)) as (base, _asked):
        pause = (now + timedelta(days=30)).date().isoformat()
        job = {"link": base + link, "site": home, "pause": pause, "modules": str(NODE_FOLDER), "chromium": chromium()}
        told = {one["step"]: one for one in json.loads(run_node(HERE / "use_desk.mjs", json.dumps(job), seconds=120))}
    for worker in workers:
        worker.join()
    assert {step: one["said"] for step, one in told.items() if one["said"]} == {
        "label": "Kept: it counts for the topic.", "add a reader": "Added.", "pause": "Saved.", "resume": "Saved.",
        "forget": "Forgotten.", "watch": "Added.", "pause the feed": "Saved.",
    }  # fmt: skip
    assert told["skip"]["path"] == "#main"
    assert told["preview"]["path"].endswith("/preview")
    assert "1 story" in told["preview"]["heading"]
    assert told["come back"]["path"] == "/desk/login"
    with deps.reading() as session:
        assert subscribers.list_subscriptions(session) == []
        assert [one.who for one in labels.labels_of(session, "us-mexico-migration")] == ["owner@desk.example"]
        (feed,) = feed_rows.list_feeds(session)
    assert (feed.url, feed.facts.paused) == (site.feeds[0][1], True)
