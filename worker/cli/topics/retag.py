"""`storywatch topics retag`: a changed topic applied again to what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.installation import open_installation
from worker.cli.moments import parse_since
from worker.cli.terminal import JsonOption, say, watched, write_json
from worker.cli.topics.choice import topic_in_use

if TYPE_CHECKING:
    from worker.setup.deps import Deps
    from worker.storage.topics.retags import RetagProgress


def retag(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A topic in use. Without: all that have changed.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only to articles read since: 12h, 30d, 4w, or a date. Without: to all.")
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Do it here and wait, without the service.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Apply a topic again to the stored articles, in the background; nothing is mailed again."""
    deps = open_installation()
    started = _start(deps, name, parse_since(since, now=deps.now()) if since else None)
    if now:
        for topic, retag_id in started.items():
            _work_off(deps, topic, retag_id)
    with deps.reading() as session:
        from worker.storage.topics.retags import retag_progress

        progress = [each for each in retag_progress(session) if each.topic in started]
    if as_json:
        write_json(progress)
        return
    if not started:
        say("No topic has changed since articles were tagged.")
    for each in progress:
        say(describe(each))


def describe(progress: RetagProgress) -> str:
    """Return how far it is in a line."""
    done = f"{progress.articles} articles, {progress.gained} gained, {progress.lost} lost"
    if progress.state == "done":
        return f"{progress.topic}: done, {done}"
    if progress.state == "failed":
        again = f"'storywatch topics retag {progress.topic}' goes on"
        return f"{progress.topic}: stopped after {done}: {progress.reason}; {again}"
    return f"{progress.topic}: {progress.waiting} articles waiting for the service, {done} so far"


def _start(deps: Deps, name: str | None, since: datetime | None) -> dict[str, int]:
    """Bring the topics as they are now into the database and begin with one, or with those that have changed."""
    from worker.setup.topic_sources import load_topics
    from worker.setup.topics_in_use import remember_topics
    from worker.storage.topics.retags import changed_topics, start_retag

    known = [topic.name for topic in load_topics(deps.settings)]
    chosen = None if name is None else topic_in_use(name).name
    with deps.transaction() as session:
        remember_topics(session, deps.settings, now=deps.now())
        names = [chosen] if chosen else [each.topic for each in changed_topics(session, known)]
        return {each: start_retag(session, each, now=deps.now(), since=since) for each in names}


def _work_off(deps: Deps, topic: str, retag_id: int) -> None:
    from worker.analysis.retag_articles import retag_articles
    from worker.storage.topics.retags import retag_progress

    with deps.reading() as session:
        total = next(each.waiting for each in retag_progress(session) if each.topic == topic)

    def slices() -> Iterator[int]:
        while retag_articles(deps, retag_id):
            yield 1

    for _ in watched(slices(), total=max(1, total // 200), label=topic):
        pass
