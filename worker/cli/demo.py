"""`storywatch demo`: the real service on an invented news world, without the internet."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from worker.errors import StorywatchError

_PATIENCE = 55.0  # seconds


def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Where to work; a new temporary folder where none is named.")
    ] = None,
) -> None:
    """Run the service on a bundled sample site until its digest is written, and say where it is."""
    from worker.sample_site import serve
    from worker.service.demo import DemoWatch, configure
    from worker.service.running import running_service
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
