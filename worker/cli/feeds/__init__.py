"""`storywatch feeds`: what is watched, where it was found, and what its owner wants of it.

`worker.scouting`, `listing_source` and `sitemap_search` find what is meant by an address; `other_sources` adds what
is no feed of its own.
"""

from __future__ import annotations

import typer

from worker.cli.feeds.backfill import backfill, backfills
from worker.cli.feeds.care import pause, poll, resume, set_intervals
from worker.cli.feeds.hubs import hubs
from worker.cli.feeds.watched import add, export, import_list, list_watched, remove

feeds_app = typer.Typer(name="feeds", help="The feeds that are watched.", no_args_is_help=True)
feeds_app.command()(add)
feeds_app.command("list")(list_watched)
feeds_app.command()(remove)
feeds_app.command("import")(import_list)
feeds_app.command()(export)
feeds_app.command()(poll)
feeds_app.command()(pause)
feeds_app.command()(resume)
feeds_app.command("set")(set_intervals)
feeds_app.command()(hubs)
feeds_app.command()(backfill)
feeds_app.command()(backfills)
