"""The demo: the service on the sample site alone, and when its digest is written."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE, Settings, load_settings
from worker.storage.digests import subscribers
from worker.storage.feeds import feed_rows
from worker.storage.reports import overview

SUBSCRIBER = "reader@demo.example"
_CALM = 3  # looks in a row without anything to do, before the digest is asked for

_CONFIGURATION = """\
# Written by 'storywatch demo': everything below this folder can be thrown away.
log_level = "warning"
{feeds}
[[subscribers]]
address = "{subscriber}"
name = "Demo reader"
schedule = "daily at 07:00"

[fetch]
allow_private_hosts = [{hosts}]
spacing_seconds = 0
per_host = 8
timeout_seconds = 4

[mail]
sender = "storywatch@demo.example"
postal_address = "Storywatch demo, 1 Example Street"

[web]
port = {port}

[analyze]
limit_seconds = 8

[clock]
feeds_seconds = 1
pages_seconds = 1
digests_seconds = 1
sweep_seconds = 2
lease_seconds = 10
"""
_FEED = """
[[feeds]]
url = "{url}"
outlet = "{outlet}"
language = "{language}"
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the demo is: what still waits, what is done, and the digest once it is written."""

    waiting: int
    articles: int
    digest: Path | None


def configure(place: Path, feeds: tuple[tuple[str, str, str], ...], base_urls: tuple[str, ...]) -> Settings:
    """Write the demo's configuration, make it the one in force for this process and its children."""
    hosts = ", ".join(f'"{url.partition("://")[2]}"' for url in base_urls)
    text = _CONFIGURATION.format(
        feeds="".join(_FEED.format(outlet=name, url=url, language=spoken) for name, url, spoken in feeds),
        hosts=hosts, subscriber=SUBSCRIBER, port=_free_port(),
    )  # fmt: skip
    path = place.absolute() / "storywatch.toml"
    path.write_text(text, encoding="utf-8")
    os.environ[CONFIG_VARIABLE] = str(path)
    return load_settings()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class DemoWatch:
    """Looks at the database from outside: asks for the digest once everything has been read."""

    def __init__(self, settings: Settings) -> None:
        self._deps = Deps(settings)
        self._calm = 0
        self._asked = False

    def finished(self) -> bool:
        """Whether the digest is there; asks for it when all the work that comes before is done."""
        progress = self.look()
        self._calm = self._calm + 1 if progress.articles and not progress.waiting else 0
        if self._calm >= _CALM and not self._asked:
            with self._deps.transaction() as session:
                subscribers.make_due(session, SUBSCRIBER, now=self._deps.now())
            self._asked = True
        return progress.digest is not None

    def look(self) -> Progress:
        """Return how far the demo is."""
        with self._deps.reading() as session:
            seen = overview.read_overview(session)
            due = feed_rows.due_feeds(session, now=self._deps.now(), limit=100)
        unfinished = seen.articles.get("discovered", 0) + seen.articles.get("fetched", 0)
        waiting = len(due) + seen.documents.get("pending", 0) + unfinished
        written = sorted(self._deps.settings.outbox_folder.glob("*.eml"))
        return Progress(waiting, sum(seen.articles.values()), written[0] if written else None)
