"""The web pages in another language: whole, and nothing of them left in English."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, send, subscribe
from tests.integration.web_client import WebClient
from worker import __version__
from worker.digests import Muted, StoryKey, catalog_for
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.digests import mutes
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed
from worker.web.app import make_status_web, make_web

GOLDEN = Path(__file__).parents[1] / "golden" / "web"
NAMES = re.compile(r"Storywatch|Atom|JSON Feed|English|UTC|Example|Read (?=https:)", re.IGNORECASE)
"""What is called the same in every language."""
CLDR_WORDS = (
    "lun, ",
    " mar ",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "Español",
    "Português",
)
"""What Babel and the table of languages say in Spanish."""


class Shown(HTMLParser):
    """The words that a page shows or has read out, a line for each piece; not the places of the time zones."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"style", "optgroup", "code"} or given.get("lang") == "en":
            self._inside.append(tag)
        self.lines += [text for name in ("aria-label", "title", "placeholder") if (text := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._inside:
            self.lines.append(" ".join(data.split()))


@pytest.fixture
def deps(tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, web={"subscribe": True}), now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.database.close()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    catalog_for.cache_clear()
    yield
    catalog_for.cache_clear()


def shown_pages(deps: Deps, language: str) -> dict[str, list[str]]:
    """What each page shows somebody who reads that language."""
    with deps.transaction() as session:
        reader = subscribe(session, language=language, zone="America/Sao_Paulo")
        lapsed = subscribe(session, "b@c.example", language=language, schedule="instant except 22:00-07:00")
        article = analyze(session, "https://news.example/a")
        mutes.save_muted(session, reader, Muted(("Example",), (article,)))
        send(session, reader)
        feed_rows.add_feeds(session, [NewFeed("https://source.example/", outlet="Example")], now=NOW)
    key = deps.story_key(StoryKey(reader, article, TOPIC), lasts=DAY)
    asked = {
        "address": "new@news.example", "zone": "UTC", "topics": [TOPIC], "schedule": "weekly on monday at 07:00",
        "language": language,
    }  # fmt: skip
    readers, owners = WebClient(make_web(deps)), WebClient(make_status_web(deps))
    paths = {
        "manage": f"/manage/{deps.sign('manage', {'subscription': reader}, lasts=DAY)}",
        "expired": f"/manage/{deps.sign('manage', {'subscription': reader}, lasts=-DAY)}",
        "unsubscribe": f"/unsubscribe/{deps.sign('unsubscribe', {'subscription': lapsed})}",
        "relevant": f"/s/{key}/yes",
        "mute": f"/s/{key}/mute",
        "past": f"/archives/{deps.sign('archives', {'subscription': reader})}",
        "subscribe": "/subscribe",
        "confirm": f"/confirm/{deps.sign('confirm', asked)}",
        "nothing": "/nothing",
    }
    shown = {name: Shown(readers.get(path, accept_language=language).text).lines for name, path in paths.items()}
    return {**shown, "status": Shown(owners.get("/", accept_language=language).text).lines}


def test_pages_in_portuguese(deps: Deps) -> None:
    """`UPDATE_GOLDEN=1` and the path of this file write the pages' words anew; read them before you keep them."""
    pages = shown_pages(deps, "pt")
    text = "\n\n".join("\n".join((f"== {name}", *lines)) for name, lines in pages.items()) + "\n"
    text = text.replace(__version__, "VERSION")
    path = GOLDEN / "pages.pt.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_no_sentence_stands_outside_the_catalogs(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a language that writes every sentence in Greek letters, whatever is Latin was not asked of the catalog."""
    monkeypatch.setattr("worker.digests.catalog._translations", lambda *_: Disguised())
    with deps.reading() as session:
        deps.topics_in_use.renew(session)
    titles = [title for topic in deps.topics_in_use.known for _, title in topic.titles]
    for name, lines in shown_pages(deps, "es").items():
        for line in lines:
            bare = NAMES.sub("", line)
            for title in (*titles, *CLDR_WORDS):
                bare = bare.replace(title, "")
            assert not re.search(r"[a-z]{3}", re.sub(r"\S+[@/.]\S*", "", bare)), f"{name}: {line!r} is in no catalog"


class Disguised(NullTranslations):
    """Says every sentence in Greek letters, but for the names of its values."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(%\(\w+\)s)", message)
        return "".join(part if part.startswith("%(") else re.sub("[A-Za-z]", "ψ", part) for part in parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid2)
