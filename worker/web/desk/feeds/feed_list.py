"""The list of feeds: those that need a look first, each with why, and what it brought lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from worker import digests, net
from worker.digests.text import one_line
from worker.feeds import FeedState, polling_notes
from worker.storage.feeds.entry_counts import count_entries
from worker.storage.feeds.feed_rows import AssessedFeed, assess_feeds
from worker.web.desk.feeds import sparkline
from worker.web.desk.feeds.sparkline import Sparkline
from worker.web.desk.pages import show
from worker.web.desk.visit import Visit
from worker.web.state_names import feed_state

_PAGE = 40
_NAME, _REASON = 120, 300  # characters
ILL = "ill"
"""The choice of all that need a look, whatever their state."""


@dataclass(frozen=True, slots=True)
class ShownFeed:
    """A feed of the list; `href` may be "", `why` is its reason and what is special in how it is polled."""

    id: int
    name: str
    title: str
    address: str
    href: str
    state: str
    tone: str
    why: str
    line: Sparkline
    last: datetime | None
    next: datetime
    paused: bool


def show_feeds(visit: Visit) -> Response:
    """Show what is watched, of the state and with the words asked for."""
    with visit.deps.reading() as session:
        watched = assess_feeds(session, now=visit.now)
        states = Counter(health.state for _, health in watched)
        number, state, words = visit.page_number(), visit.query("state"), visit.query("q")[:200]
        chosen = sorted(_chosen(watched, state, words), key=lambda pair: pair[1].is_well)
        page = chosen[_PAGE * (number - 1) : _PAGE * number]
        since = visit.now - timedelta(days=sparkline.DAYS)
        counts = count_entries(session, [feed.id for feed, _ in page], since=since)
    today = visit.now.date()
    shown = [_shown(visit, pair, sparkline.draw(counts.get(pair[0].id, {}), today)) for pair in page]
    tabs = [("", visit.say.gettext("all"), len(watched)), (ILL, visit.say.gettext("to look at"), _count_ill(watched))]
    tabs += [(one.value, feed_state(visit.say, one), states[one]) for one in FeedState if states[one]]
    return show(
        visit, "feeds.html", feeds=shown, tabs=tabs, state=state, words=words, number=number, found=len(chosen),
        more=len(chosen) > _PAGE * number, days=sparkline.DAYS, here=f"/desk/feeds{_address(state, words, number)}",
        address=lambda page: f"/desk/feeds{_address(state, words, page)}",
        tab=lambda name: f"/desk/feeds{_address(name, words, 1)}",
    )  # fmt: skip


def _address(state: str, words: str, number: int) -> str:
    values = {"state": state, "q": words, "page": number if number > 1 else ""}
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""


def _chosen(watched: Sequence[AssessedFeed], state: str, words: str) -> list[AssessedFeed]:
    wanted = words.casefold().split()
    return [
        (feed, health)
        for feed, health in watched
        if state in ("", health.state) or (state == ILL and not health.is_well)
        if all(word in f"{feed.name} {feed.title} {feed.url} {feed.category}".casefold() for word in wanted)
    ]


def _count_ill(watched: Sequence[AssessedFeed]) -> int:
    return sum(not health.is_well for _, health in watched)


def _shown(visit: Visit, pair: AssessedFeed, line: Sparkline) -> ShownFeed:
    feed, health = pair
    name = one_line(feed.outlet or feed.title, _NAME) or one_line(net.shown(feed.url), _NAME)
    title = one_line(feed.title, _NAME)
    notes = "; ".join((health.reason, *polling_notes(feed.facts, now=visit.now)))
    quiet = health.state in (FeedState.NEW, FeedState.PAUSED, FeedState.MOVED)
    tone = "" if quiet else "good" if health.is_well else "bad"
    return ShownFeed(
        feed.id, name, title if title != name else "", one_line(net.shown(feed.url), _NAME),
        digests.safe_href(feed.site), feed_state(visit.say, health.state), tone, one_line(notes, _REASON), line,
        feed.facts.last_success, feed.next_poll_at, feed.facts.paused,
    )  # fmt: skip
