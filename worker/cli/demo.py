"""`storywatch demo`: the real service on an invented news world, without the internet."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.errors import StorywatchError

if TYPE_CHECKING:
    from worker.service.demo import DemoWatch
    from worker.setup.settings import Settings

_VISITOR = "you@demo.example"
_PATIENCE = 180.0  # seconds; a machine with nothing else to do needs 25


def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Where to work; a new temporary folder where none is named.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the sample site and all pages open until Ctrl-C.")
    ] = False,
) -> None:
    """Run the service on a bundled sample site until its digest is written, and say where it is."""
    from worker.sample_site import serve
    from worker.service.demo import DemoWatch, configure
    from worker.service.running import running_service
    from worker.setup.logs import configure_logs

    place = (folder or Path(tempfile.mkdtemp(prefix="storywatch-demo-"))).absolute()
    place.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with serve(datetime.now(UTC)) as site:
        settings = configure(place, site.feeds, tuple(site.base_urls.values()))
        configure_logs(settings.log_level, settings.log_format)
        typer.echo(f"The sample site has {len(site.feeds)} feeds; working in {place}")
        with running_service(settings) as supervisor:
            watch = DemoWatch(settings)
            supervisor.watch(until=lambda: watch.finished() or time.monotonic() - started > _PATIENCE)
            _tell(watch, place, time.monotonic() - started)
            if keep:
                _tell_doors(settings, watch, place, next(iter(site.site.urls.values())))
                supervisor.watch()
    if not keep:
        typer.echo("The demo has ended, and its links lead nowhere: 'storywatch demo --keep' leaves all of it open.")


def _tell(watch: DemoWatch, place: Path, seconds: float) -> None:
    """Say where the digest is. Raises `StorywatchError` where there is none."""
    progress = watch.look()
    if watch.digest is None:
        raise StorywatchError(f"no digest after {seconds:.0f} s, {progress.waiting} things still wait: see {place}")
    typer.echo(f"{progress.articles} articles read in {seconds:.0f} s")
    typer.echo(f"Digest: {watch.digest}")
    typer.echo(f"  page: {watch.digest.with_suffix('.html')}")


def _desk_link(settings: Settings) -> str:
    """A link that logs whoever tries the demo in to the desk, once."""
    from worker.setup.deps import Deps
    from worker.storage.people import person_rows
    from worker.web.desk.entrance.links import new_link, where_desk_is

    deps = Deps(settings)
    with deps.transaction() as session:
        person = person_rows.add_person(session, _VISITOR, person_rows.OWNER, now=deps.now())
        return new_link(session, person.id, where_desk_is(settings), now=deps.now())


def _tell_doors(settings: Settings, watch: DemoWatch, place: Path, article: str) -> None:
    """Say what there is to open while the demo stays."""
    page = watch.digest.with_suffix(".html").as_uri() if watch.digest else ""
    typer.echo("\nOpen in a browser, until Ctrl-C ends it:")
    typer.echo(f"  the digest         {page}")
    typer.echo(f"  the status page    {settings.status_url}/")
    typer.echo(f"  the desk           {_desk_link(settings)}")
    typer.echo(f"  a story's article  {article}")
    typer.echo(f"  the reader's page  {watch.manage_link()}")
    typer.echo("Or ask in another terminal:")
    typer.echo(f"  export STORYWATCH_CONFIG={place / 'storywatch.toml'}")
    typer.echo("  storywatch stories list")
