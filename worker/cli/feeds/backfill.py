"""`storywatch feeds backfill` and `feeds backfills`: the past of a feed, fetched by the running service."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.feeds.care import the_feed
from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, ago, answer, moment, write_json, write_table
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import datetime

    from worker.storage.sources.backfills import BackfillStatus


def backfill(
    url: Annotated[str, typer.Argument(help="The address of a feed that is watched.")],
    days: Annotated[int, typer.Option(min=1, max=3660, help="How far back.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """Fetch what a feed published before: the running service does it, and mails none of it."""
    from worker.feeds import BACKLOG
    from worker.feeds.past import PastPage, Span
    from worker.storage.sources.backfills import ask_past

    deps = open_installation()
    now = deps.now()
    with deps.transaction() as session:
        feed = the_feed(session, url)
        span = Span(now - timedelta(days=days), now - BACKLOG, now)
        asked = ask_past(session, feed.id, PastPage(feed.url, "feed"), span, now=now)
    if not asked:
        raise ConfigurationError(f"the past of {url} is being fetched already: see 'storywatch feeds backfills'")
    line = f"Asked for {days} days of {feed.url}: the service fetches them; see 'storywatch feeds backfills'"
    answer({"url": feed.url, "since": span.since}, line, as_json=as_json)


def backfills(as_json: JsonOption = False) -> None:
    """List the pasts of feeds that were asked for, and how far each has come."""
    from worker.storage.sources.backfills import list_backfills

    deps = open_installation()
    now = deps.now()
    with deps.reading() as session:
        found = list_backfills(session)
    if as_json:
        write_json(found)
        return
    write_table(
        ("feed", "asked", "wanted since", "reached", "pages", "articles", "state"),
        [_row(one, now) for one in found],
        where_wide=("asked", "wanted since", "pages"),
    )


def _row(one: BackfillStatus, now: datetime) -> tuple[str, ...]:
    state = f"finished {ago(one.finished_at, now)}" if one.finished_at else "at work"
    return (
        one.url, ago(one.asked_at, now), moment(one.since), moment(one.reached), str(one.pages), str(one.articles),
        f"{state}: {one.reason}" if one.reason else state,
    )  # fmt: skip
