"""The demo: the service on the sample site alone, and when its digest is written."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from worker.delivery import composing
from worker.service.reading_watch import Progress, ReadingWatch
from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE, Settings, load_settings
from worker.storage.digests import subscribers

SUBSCRIBER = "reader@demo.example"

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
postal_address = "{farewell}"

[web]
port = {port}
status_port = {status_port}

[analyze]
limit_seconds = 8

[clock]
feeds_seconds = 1
pages_seconds = 1
digests_seconds = 1
sweep_seconds = 2
lease_seconds = 10
"""
_FAREWELL = "A demo: its links lead somewhere while it runs, and 'storywatch demo --keep' leaves it open."
_FEED = """
[[feeds]]
url = "{url}"
outlet = "{outlet}"
language = "{language}"
"""


def configure(place: Path, feeds: tuple[tuple[str, str, str], ...], base_urls: tuple[str, ...]) -> Settings:
    """Write the demo's configuration, make it the one in force for this process and its children."""
    hosts = ", ".join(f'"{url.partition("://")[2]}"' for url in base_urls)
    text = _CONFIGURATION.format(
        feeds="".join(_FEED.format(outlet=name, url=url, language=spoken) for name, url, spoken in feeds),
        hosts=hosts, subscriber=SUBSCRIBER, port=_free_port(), status_port=_free_port(), farewell=_FAREWELL,
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
        self._reading = ReadingWatch(self._deps)
        self._asked = False

    def finished(self) -> bool:
        """Whether the digest is there; asks for it when all the work that comes before is done."""
        if self._reading.is_done() and not self._asked:
            with self._deps.transaction() as session:
                subscribers.make_due(session, SUBSCRIBER, now=self._deps.now())
            self._asked = True
        return self.digest is not None

    @property
    def digest(self) -> Path | None:
        """The digest's file, once it is written."""
        return next(iter(sorted(self._deps.settings.outbox_folder.glob("*.eml"))), None)

    def look(self) -> Progress:
        """Return how far the reading is."""
        return self._reading.look()

    def manage_link(self) -> str:
        """Return the address of the reader's own page."""
        with self._deps.reading() as session:
            known = subscribers.find_subscription(session, SUBSCRIBER)
        return composing.manage_link(self._deps, known.id) if known else ""
