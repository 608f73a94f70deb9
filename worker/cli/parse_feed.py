"""`storywatch parse-feed`: what a feed says, entry by entry."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from worker.analysis.document_pool import read_one
from worker.cli.source import get_source
from worker.cli.terminal import JsonOption, remark, say, write_json
from worker.setup.settings import load_settings

_ENTRY = ("title", "url", "id", "published", "updated", "authors", "summary", "content")


def parse_feed(
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help="A feed; a file may be packed (.gz).")],
    url: Annotated[str, typer.Option(help="Where the file came from, for its relative links.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Read a feed and print its entries."""
    from worker.net import ACCEPT_FEED

    found = read_one("feed", get_source(source, accept=ACCEPT_FEED, url=url), load_settings().analyze)
    if as_json:
        write_json(feed_form(found))
        return
    say(f"{found['title'] or '(no title)'}  {found['link']}")
    count = len(found["entries"])
    say(f"{found['format'] or 'feed'}, {count} {'entry' if count == 1 else 'entries'}\n")
    for entry in found["entries"]:
        say(f"{entry['published'] or entry['updated'] or 'no date':25}  {entry['title'] or '(no title)'}")
        say(f"{'':25}  {entry['url'] or '(no link)'}")
    for trouble in found["troubles"]:
        remark(f"remark: {trouble}")


def feed_form(found: dict[str, Any]) -> dict[str, Any]:
    """Return the fixed form of `parse-feed --json`: title, link, and the entries with eight keys each."""
    entries = [{key: entry[key] for key in _ENTRY} for entry in found["entries"]]
    return {"title": found["title"], "link": found["link"], "entries": entries}
