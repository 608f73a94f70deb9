"""Our own pages as a phone and a desktop show them, light and dark: readable, within the window, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from tests.browser import Page, open_pages
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, send, subscribe, tell
from tests.integration.test_hostile_in_browser import is_harmless, served
from worker.digests import Muted, StoryKey
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.digests import mutes
from worker.web.app import make_status_web

LOOKS = ((360, True), (800, False))


@pytest.fixture
def deps(tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, web={"subscribe": True}), now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.database.close()


def paths(deps: Deps) -> dict[str, str]:
    with deps.transaction() as session:
        reader = subscribe(session, zone="America/Mexico_City")
        lector = subscribe(session, "lector@news.example", language="es", schedule="instant except 22:00-07:00")
        article = analyze(session, "https://news.example/a")
        tell(session, article, "ferry")
        mutes.save_muted(session, lector, Muted(("Example",), (article,)))
        send(session, reader)
    key = deps.story_key(StoryKey(lector, article, TOPIC), lasts=DAY)
    asked = {"address": "new@news.example", "zone": "Europe/Madrid", "topics": [TOPIC], "schedule": "hourly"}
    return {
        "settings": f"/manage/{deps.sign('manage', {'subscription': reader}, lasts=DAY)}",
        "ajustes": f"/manage/{deps.sign('manage', {'subscription': lector}, lasts=DAY)}",
        "expired": f"/manage/{deps.sign('manage', {'subscription': reader}, lasts=-timedelta(1))}",
        "unsubscribe": f"/unsubscribe/{deps.sign('unsubscribe', {'subscription': lector})}",
        "feedback": f"/s/{key}/no",
        "mute": f"/s/{key}/mute",
        "story": f"/s/{key}",
        "past": f"/archives/{deps.sign('archives', {'subscription': reader})}",
        "subscribe": "/subscribe",
        "confirm": f"/confirm/{deps.sign('confirm', asked)}",
        "nothing": "/nothing",
    }


def test_every_page_can_be_read_and_used_by_everybody(deps: Deps) -> None:
    with served(deps) as (base, asked), served(deps, make_status_web) as (owners, _):
        # Each page in one of the two looks, turn about: an audit of a form with every time zone takes seconds.
        opened = [
            Page(name, url=base + path, width=width, dark=dark, audit=True)
            for (name, path), (width, dark) in zip(paths(deps).items(), cycle(LOOKS), strict=False)
        ]
        status = Page("status", url=owners, width=360, dark=True, audit=True)
        seen = open_pages([status, *opened])
    for page in seen:
        assert is_harmless(page)
        assert (page.overflow, page.violations) == (0, ()), page.name
    assert len(set(asked) - {"/favicon.ico"}) == len(opened), "and it asked for nothing else"
