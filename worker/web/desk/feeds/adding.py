"""Adding a feed by an address: it is asked for here, looked for by a worker, and judged by what was found there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from worker import digests, feeds
from worker.digests.text import one_line
from worker.step import Wakeup
from worker.storage.feeds import feed_rows, feed_searches
from worker.storage.feeds.feed_rows import NewFeed
from worker.storage.feeds.feed_searches import DONE, WANTED, FeedSearchRecord
from worker.web.desk.pages import go, show
from worker.web.desk.visit import Nowhere, Visit

_NAME, _LINE = 200, 300
_SLOW = timedelta(minutes=2)
_AGAIN = "3"  # seconds until the browser looks again, without a script


def show_adding(visit: Visit, *, wrong: str = "", address: str = "", status: int = 200) -> Response:
    """Ask for an address."""
    return show(visit, "feed_add.html", status=status, wrong=wrong, address=address)


def ask(visit: Visit) -> Response:
    """Have a worker look for the feed that is meant."""
    address = visit.form.one("address")[:2_000]
    if not feeds.meant_addresses(address):
        wrong = visit.say.gettext("That is no web address; write it as news.example or https://news.example/feed.")
        return show_adding(visit, wrong=wrong, address=address, status=422)
    with visit.deps.transaction() as session:
        number = feed_searches.add_search(session, address, now=visit.now)
    if number is None:
        wrong = visit.say.gettext("Many addresses are being looked at already. Try again in a minute.")
        return show_adding(visit, wrong=wrong, address=address, status=429)
    visit.wake((Wakeup("look_for_feed", number),))
    return go(f"/feeds/add/{number}")


def show_found(visit: Visit) -> Response:
    """Show what was found; while it is looked for, the browser asks again by itself."""
    search = _search(visit)
    if search.state == WANTED:
        answer = show(visit, "feed_waiting.html", search=search, slow=visit.now - search.asked_at > _SLOW)
        answer.headers["Refresh"] = _AGAIN
        return answer
    if search.state != DONE:
        reason = one_line(search.reason or "", 2_000)
        return show(visit, "feed_add.html", status=200, wrong=reason, address=search.address)
    found, page = search.found, search.found["page"]
    with visit.deps.reading() as session:
        known = feed_rows.watched_feed(session, (found["url"],)) is not None
    return show(
        visit, "feed_found.html", search=search, url=found["url"], title=one_line(found["title"], _NAME), known=known,
        entries=[_entry(one) for one in found["entries"]], page=page, language=found["language"] or "",
        lines=[(one_line(line, _LINE), rule) for line, rule in page["lines"]] if page else [],
        others=[(one["url"], one_line(one["title"], _NAME)) for one in found["others"][:20]],
        tried=[(one["url"], one_line(one["why"], _LINE)) for one in found["tried"][:20]],
    )  # fmt: skip


def watch(visit: Visit) -> Response:
    """Watch the feed that was found."""
    search = _search(visit)
    if search.state != DONE:
        raise Nowhere
    found, outlet = search.found, visit.form.one("outlet")[:_NAME]
    feed = NewFeed(found["url"], found["title"], outlet, found["site"], "", (found["language"] or "")[:16] or None)
    with visit.deps.transaction() as session:
        feed_rows.add_feeds(session, [feed], now=visit.now, again=True)
        watched = feed_rows.watched_feed(session, (feed.url,))
    if watched is None:
        raise Nowhere
    visit.wake((Wakeup("poll_feeds", watched.id),))
    return go("/feeds", said="added", at=f"feed-{watched.id}")


def _search(visit: Visit) -> FeedSearchRecord:
    with visit.deps.reading() as session:
        found = feed_searches.read_search(session, visit.number("search"))
    if found is None:
        raise Nowhere
    return found


def _entry(one: dict[str, Any]) -> tuple[str, str, datetime | None]:
    """Headline, address and date."""
    published = datetime.fromisoformat(one["published"]) if one["published"] else None
    return one_line(one["title"], _NAME), digests.safe_href(one["url"]), published
