"""What is watched: `storywatch feeds add`, `list`, `remove`, `import`, `export`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.feeds.care import the_feed
from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, ago, answer, remark, say, write_json, write_table

if TYPE_CHECKING:
    from datetime import datetime

    from worker.feeds import FeedHealth
    from worker.storage.feeds.feed_rows import FeedRecord, NewFeed


def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="A feed's address, or a site's: then its feed is looked for.")
    ],
    outlet: Annotated[str, typer.Option(help="Who publishes it, as digests name it.")] = "",
    title: Annotated[str, typer.Option(help="What the feed is called.")] = "",
    language: Annotated[str | None, typer.Option(help="Its language, such as en or es.")] = None,
    category: Annotated[str, typer.Option(help="A folder for your own order.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Add it even when it cannot be had now.")] = False,
    listing: Annotated[bool, typer.Option("--listing", help="It is a page that lists articles.")] = False,
    link: Annotated[str, typer.Option(help="With --listing: a CSS selector of the links; else it is guessed.")] = "",
    title_in: Annotated[str, typer.Option(help="With --listing: where beside a link its title stands.")] = "",
    date: Annotated[str, typer.Option(help="With --listing: where beside a link its date stands.")] = "",
    sitemap: Annotated[bool, typer.Option("--sitemap", help="Watch the site's news sitemaps.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="With either: show what is read, add nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Watch a feed. A site's address will do: the feed it announces, or has in a usual place, is added."""
    from worker.cli.feeds import other_sources
    from worker.feeds import ListingRules
    from worker.storage.feeds.feed_rows import NewFeed

    wanted = NewFeed(url, title, outlet, "", category, language)
    if sitemap:
        other_sources.add_sitemaps(open_installation(), wanted, preview=preview, as_json=as_json)
    elif listing:
        rules = ListingRules(link, title_in, date)
        other_sources.add_listing(open_installation(), wanted, rules, preview=preview, as_json=as_json)
    else:
        _add_feed(wanted, force=force, as_json=as_json)


def _add_feed(wanted: NewFeed, *, force: bool, as_json: bool) -> None:
    """Look for the feed at the address that was typed, and watch it."""
    from worker.scouting.feed_search import find_feed
    from worker.storage.feeds.feed_rows import add_feeds

    deps = open_installation()
    found = find_feed(deps, wanted.url, force=force)
    feed = replace(
        wanted, url=found.url, title=wanted.title or found.title, site=found.site,
        language=wanted.language or found.language,
    )  # fmt: skip
    with deps.transaction() as session:
        new = add_feeds(session, [feed], now=deps.now(), again=found.had)
    for attempt in found.tried:
        remark(f"tried: {attempt.url} ({attempt.why})")
    for other in found.others:
        remark(f"also announced there: {other.url}  {other.title}")
    line = f"{'Added' if new else 'Known already'}: {feed.url}  {feed.title}".rstrip()
    answer(
        {"url": feed.url, "title": feed.title, "new": bool(new), "others": found.others, "tried": found.tried},
        line,
        as_json=as_json,
    )


def list_watched(as_json: JsonOption = False) -> None:
    """List the watched feeds and how they fare."""
    from worker.storage.feeds.feed_rows import assess_feeds

    deps = open_installation()
    now = deps.now()
    with deps.reading() as session:
        found = assess_feeds(session, now=now)
    if as_json:
        write_json([{**_facts(feed, now), "state": health.state, "reason": health.reason} for feed, health in found])
        return
    write_table(
        ("name", "state", "last had", "last new", "rhythm", "remark", "address"),
        [_row(feed, health, now) for feed, health in found],
        where_wide=("last had", "rhythm"),
        below=("remark", "address"),
    )


def remove(url: Annotated[str, typer.Argument(help="The feed's address.")], as_json: JsonOption = False) -> None:
    """Stop watching a feed; its articles stay, and a restart does not bring it back."""
    from worker.storage.feeds.feed_rows import remove_feed
    from worker.storage.sources.sitemap_feeds import retire_followed

    deps = open_installation()
    with deps.transaction() as session:
        feed = the_feed(session, url)
        remove_feed(session, feed.url)
        retire_followed(session, feed.url)
    answer({"url": feed.url, "removed": True}, f"Removed: {feed.url}", as_json=as_json)


def import_list(
    path: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list of feeds as other readers export it.")],
    as_json: JsonOption = False,
) -> None:
    """Watch every feed of an OPML file."""
    from worker.setup.declarations import read_feed_list
    from worker.storage.feeds.feed_rows import add_feeds

    deps = open_installation()
    listed, left_out = read_feed_list(path)
    with deps.transaction() as session:
        new = add_feeds(session, listed, now=deps.now())
    for outline in left_out:
        remark(f"left out: {outline.name or 'an outline without a name'}: {outline.why}")
    line = f"{len(listed)} feeds in {path}, {new} of them new"
    answer({"file": str(path), "feeds": len(listed), "new": new, "left_out": left_out}, line, as_json=as_json)


def export(
    path: Annotated[str, typer.Argument(metavar="[FILE|-]", help="Where to write; - is here.")] = "-",
) -> None:
    """Write the watched feeds as OPML, for other readers or another installation."""
    from worker import feeds
    from worker.storage.feeds.feed_rows import list_feeds

    deps = open_installation()
    with deps.reading() as session:
        watched = [
            feeds.OpmlFeed(feed.url, feed.title, feed.site, feed.category, feed.language, feed.outlet)
            for feed in list_feeds(session)
        ]
    document = feeds.write_opml(watched, title="Storywatch")
    if path == "-":
        typer.echo(document.decode())
        return
    Path(path).write_bytes(document)
    say(f"{len(watched)} feeds written to {path}")


def _label(feed: FeedRecord) -> str:
    """The outlet and, since it may have many feeds, the feed's own title."""
    parts = (feed.outlet, feed.title if feed.title != feed.outlet else "")
    return ": ".join(part for part in parts if part) or feed.url


def _row(feed: FeedRecord, health: FeedHealth, now: datetime) -> tuple[str, ...]:
    from worker.feeds import describe_rhythm, polling_notes

    rhythm = describe_rhythm(feed.facts.entry_times, now)
    why = health.reason.removeprefix(rhythm).lstrip("; ")
    remark = "; ".join(part for part in (why, *polling_notes(feed.facts, now=now)) if part)
    had, new = (ago(moment, now) for moment in (feed.facts.last_success, feed.facts.last_new_entry))
    return _label(feed), health.state.value, had, new, rhythm, remark, feed.url


def _facts(feed: FeedRecord, now: datetime) -> dict[str, object]:
    from worker.feeds import describe_rhythm, polling_notes

    return {
        "url": feed.url, "title": feed.title, "outlet": feed.outlet, "site": feed.site,
        "category": feed.category, "language": feed.language,
        "first_url": feed.first_url, "rhythm": describe_rhythm(feed.facts.entry_times, now),
        "last_success": feed.facts.last_success,
        "last_new_entry": feed.facts.last_new_entry, "failures": feed.facts.failures,
        "next_poll_at": feed.next_poll_at, "paused": feed.facts.paused,
        "notes": polling_notes(feed.facts, now=now), "crawl_delay_seconds": feed.facts.crawl_delay.total_seconds(),
    }  # fmt: skip
