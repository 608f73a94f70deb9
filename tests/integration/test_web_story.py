"""A whole story for the reader of a digest, by the link in the mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, match, subscribe, tell
from tests.integration.test_web_pages import is_hardened
from tests.integration.web_client import WebClient
from worker import digests
from worker.delivery.composing import compose
from worker.digests import StoryKey
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.digests import subscribers
from worker.web.app import make_web


@pytest.fixture
def deps(tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path), now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.database.close()


def test_the_mails_link_to_more_reports_leads_to_all_of_them(deps: Deps) -> None:
    with deps.transaction() as session:
        number = subscribe(session, language="es")
        story = None
        for report in range(9):
            text = f"Migrants crossed at gate {report}. The ferry number {report * 7} was full on day {report}."
            article = analyze(session, f"https://news.example/{report}", text=text)
            story = tell(session, article, "ferry", story_id=story)
            match(session, article)
    with deps.reading() as session:
        reader = subscribers.read_subscription(session, number)
        assert reader is not None
        composed = compose(deps, session, reader, digests.Period(NOW - DAY, NOW))
    assert composed is not None
    link = re.search(r'href="http://127\.0\.0\.1:8080(/s/[^"/]+)"[^>]*>\+3 ', composed.html)
    assert link is not None
    answer = WebClient(make_web(deps)).get(link[1])
    assert (answer.status, is_hardened(answer)) == (200, True)
    assert "9 notas" in answer.text
    assert answer.text.count('<li id="article-') == 9
    assert "/desk" not in answer.text


def test_a_link_to_what_is_gone_or_forged_tells_nothing(deps: Deps) -> None:
    client = WebClient(make_web(deps))
    with deps.transaction() as session:
        number, alone = subscribe(session), analyze(session, "https://news.example/a")
    for article in (alone, 999):
        assert client.get(f"/s/{deps.story_key(StoryKey(number, article, TOPIC), lasts=DAY)}").status == 404
    assert client.get(f"/s/{deps.story_key(StoryKey(999, alone, TOPIC), lasts=DAY)}").status == 404
    assert client.get(f"/s/{deps.story_key(StoryKey(number, alone, TOPIC), lasts=-DAY)}").status == 410
    assert client.get("/s/forged").status == 404
