"""`storywatch demo`: the real service on an invented news world, without the internet."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from worker.errors import StorywatchError
from worker.setup.settings import CONFIG_VARIABLE, Settings, load_settings

SUBSCRIBER = "reader@demo.example"
_PATIENCE = 55.0  # seconds
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
lease_seconds = {lease}
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


def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Where to work; a new temporary folder where none is named.")
    ] = None,
) -> None:
    """Run the service on a bundled sample site until its digest is written, and say where it is."""
    from worker.sample_site import serve
    from worker.service.service import running_service
    from worker.setup.logs import configure_logs

    place = folder or Path(tempfile.mkdtemp(prefix="storywatch-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with serve(datetime.now(UTC)) as site:
        settings = configure(place, site.feeds, tuple(site.base_urls.values()))
        configure_logs(settings.log_level, settings.log_format)
        typer.echo(f"The sample site has {len(site.feeds)} feeds; working in {place}")
        with running_service(settings) as supervisor:
            watch = DemoWatch(settings)
            supervisor.watch(until=lambda: watch.finished() or time.monotonic() - started > _PATIENCE)
            progress = watch.look()
    if progress.digest is None:
        raise StorywatchError(f"no digest after {_PATIENCE:.0f} s, {progress.waiting} things still wait: see {place}")
    typer.echo(f"{progress.articles} articles read in {time.monotonic() - started:.0f} s")
    typer.echo(f"Digest: {progress.digest}")
    typer.echo(f"  page: {progress.digest.with_suffix('.html')}")


def configure(
    place: Path, feeds: tuple[tuple[str, str, str], ...], base_urls: tuple[str, ...], *, lease: float = 10
) -> Settings:
    """Write the demo's configuration, make it the one in force for this process and its children."""
    hosts = ", ".join(f'"{url.partition("://")[2]}"' for url in base_urls)
    text = _CONFIGURATION.format(
        feeds="".join(_FEED.format(outlet=name, url=url, language=spoken) for name, url, spoken in feeds),
        hosts=hosts, subscriber=SUBSCRIBER, lease=lease, port=_free_port(),
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
        from worker.setup.deps import Deps

        self._deps = Deps(settings)
        self._calm = 0
        self._asked = False

    def finished(self) -> bool:
        """Whether the digest is there; asks for it when all the work that comes before is done."""
        from worker.storage.digests import subscribers

        progress = self.look()
        self._calm = self._calm + 1 if progress.articles and not progress.waiting else 0
        if self._calm >= _CALM and not self._asked:
            with self._deps.transaction() as session:
                subscribers.make_due(session, SUBSCRIBER, now=self._deps.now())
            self._asked = True
        return progress.digest is not None

    def look(self) -> Progress:
        """Return how far the demo is."""
        from worker.storage.feeds import feed_rows
        from worker.storage.reports import overview

        with self._deps.reading() as session:
            seen = overview.read_overview(session)
            due = feed_rows.due_feeds(session, now=self._deps.now(), limit=100)
        unfinished = seen.articles.get("discovered", 0) + seen.articles.get("fetched", 0)
        waiting = len(due) + seen.documents.get("pending", 0) + unfinished
        written = sorted(self._deps.settings.outbox_folder.glob("*.eml"))
        return Progress(waiting, sum(seen.articles.values()), written[0] if written else None)
