"""The first reading: the service runs until the feeds are read, then the topic's matches and the digest are shown."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from worker.cli.first_hour.questions import explain
from worker.cli.terminal import say, shorten
from worker.setup.settings import PREFIX

if TYPE_CHECKING:
    from worker.service.reading_watch import Progress
    from worker.setup.deps import Deps
    from worker.topics.backtest import BacktestResult, Headline

_PATIENCE = 120.0  # seconds
_WINDOW = timedelta(days=7)
_HEADLINE = 72  # characters
_LOG = "first-reading.log"
_HURRIED = {
    "WEB__PORT": "0", "WEB__STATUS_PORT": "0", "CLOCK__FEEDS_SECONDS": "1", "CLOCK__PAGES_SECONDS": "1",
    "CLOCK__SWEEP_SECONDS": "2",
}  # fmt: skip
"""For its processes: somebody waits for them, and they take no port that another service may have."""


def read_feeds(deps: Deps) -> Progress:
    """Run the service until all that the feeds have now is read; at most two minutes, or until Ctrl-C."""
    from worker.service.reading_watch import ReadingWatch
    from worker.service.running import running_service
    from worker.setup.logs import configure_logs

    configure_logs("error", "text")
    deps.settings.data_folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with (
        _environment({f"{PREFIX}{name}": value for name, value in _HURRIED.items()}),
        (deps.settings.data_folder / _LOG).open("a") as log,
        running_service(deps.settings, output=log.fileno()) as supervisor,
    ):
        watch = ReadingWatch(deps, _ProgressLine().show)
        supervisor.watch(until=lambda: watch.is_done() or time.monotonic() - started > _PATIENCE)
        progress = watch.look()
    _ProgressLine().clear()
    return progress


class _ProgressLine:
    """One line that is written over; none where no person looks."""

    def __init__(self) -> None:
        self._shown: Progress | None = None

    def show(self, progress: Progress) -> None:
        """Say how far it is, where that is news."""
        if progress != self._shown and sys.stdout.isatty():
            so_far = f"{progress.read} of {progress.articles} articles read" if progress.articles else "starting …"
            typer.echo(f"\r\x1b[K  {so_far} (Ctrl-C: enough)", nl=False)
        self._shown = progress

    def clear(self) -> None:
        """Leave an empty line."""
        if sys.stdout.isatty():
            typer.echo("\r\x1b[K", nl=False)


def show_matches(deps: Deps, topic: str) -> int:
    """Print which of the articles of a week match the topic, or nearly do; return how many do."""
    from worker.replay.backtesting import backtest_stored
    from worker.setup.topic_sources import load_topics
    from worker.topics import DEFAULT_BAND

    chosen = next(one for one in load_topics(deps.settings) if one.name == topic)
    since = deps.now() - _WINDOW
    found = backtest_stored(deps, chosen, None, DEFAULT_BAND, since, watch=lambda articles, _: articles)
    say(f"{found.hits} of {found.articles} articles of the last 7 days match '{chosen.title('en')}'.")
    _headlines(found)
    return found.hits


def open_preview(out: Path, address: str) -> None:
    """Write the digest that would go out now, and print how it begins."""
    from worker.cli.digest import preview

    preview(address, out=out, show=False, as_json=False)
    text = out / "digest.txt"
    if text.is_file():
        _print_beginning(text.read_text(encoding="utf-8").splitlines())


def _headlines(found: BacktestResult) -> None:
    _list(found.hit_sample)
    if not found.hits and found.near_misses:
        say("Nearest to it:")
        _list(found.near_misses)
    if not found.hits:
        explain(
            "None may be right on a quiet day. Other words go into the topic's file; the service notices by itself."
        )


def _list(headlines: Sequence[Headline]) -> None:
    for each in headlines:
        say(f"  {shorten(each.title, _HEADLINE)}")


def _print_beginning(lines: Sequence[str], most: int = 24) -> None:
    say("")
    for line in lines[:most]:
        say(f"  | {shorten(line, _HEADLINE)}".rstrip())
    if len(lines) > most:
        say(f"  | … and {len(lines) - most} lines more")


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set the variables for what is started within the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
