"""Lists of feeds as OPML: taken in from other readers, and given out."""

from __future__ import annotations

from starlette.responses import Response

from worker import feeds
from worker.analysis.document_pool import Source, read_one
from worker.errors import DocumentError
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed
from worker.web.desk.pages import show
from worker.web.desk.visit import Visit

LONGEST = 3_000_000  # bytes of a form with a list; percent signs make three of one

_LEFT_OUT = 20
_MOST_LINES = 20_000


def give_out(visit: Visit) -> Response:
    """Return the feeds that are watched as a file."""
    with visit.deps.reading() as session:
        watched = [
            feeds.OpmlFeed(one.url, one.title, one.site, one.category, one.language, one.outlet)
            for one in feed_rows.list_feeds(session)
        ]
    headers = {"Content-Disposition": 'attachment; filename="storywatch.opml"'}
    document = feeds.write_opml(watched, title="Storywatch")
    return Response(document, media_type="text/x-opml; charset=utf-8", headers=headers)


def show_list(visit: Visit, **values: object) -> Response:
    """Show the field that takes a list."""
    given = {"listed": "", "wrong": "", "taken": None, "new": 0, "left_out": (), **values}
    return show(visit, "opml.html", status=422 if given["wrong"] else 200, **given)


def take_in(visit: Visit) -> Response:
    """Watch the feeds of the list that the form holds, as OPML or as addresses, one a line."""
    listed = visit.form.one("listed")
    try:
        found, left_out = _read(visit, listed)
    except DocumentError as error:
        said = visit.say.gettext("This is no list of feeds: %(why)s") % {"why": str(error)[:200]}
        return show_list(visit, wrong=said, listed=listed[:20_000])
    with visit.deps.transaction() as session:
        new = feed_rows.add_feeds(session, found, now=visit.now)
    return show_list(visit, taken=len(found), new=new, left_out=left_out[:_LEFT_OUT])


def _read(visit: Visit, listed: str) -> tuple[list[NewFeed], list[tuple[str, str]]]:
    """The feeds, and what is none with why. Foreign documents are read by a process that may be ended, and not here."""
    if not listed.lstrip().startswith("<"):
        return _read_lines(visit, listed)
    result = read_one("opml", Source(listed.encode("utf-8", "replace"), ""), visit.deps.settings.analyze)
    found = [
        NewFeed(one["url"], one["title"], one["outlet"], one["site"], one["category"], one["language"])
        for one in result["feeds"]
    ]
    return found, [(one["name"], one["why"]) for one in result["left_out"]]


def _read_lines(visit: Visit, listed: str) -> tuple[list[NewFeed], list[tuple[str, str]]]:
    lines = [line for line in (one.strip() for one in listed.splitlines()) if line]
    meant = {line: feeds.meant_addresses(line) for line in lines[:_MOST_LINES]}
    why = visit.say.gettext("no web address")
    return (
        [NewFeed(addresses[0]) for addresses in meant.values() if addresses],
        [(line[:200], why) for line, addresses in meant.items() if not addresses]
        + [(line[:200], visit.say.gettext("the list is too long")) for line in lines[_MOST_LINES:]],
    )
