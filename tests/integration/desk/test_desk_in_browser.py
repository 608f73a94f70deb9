"""Every page of the desk in Chromium: within the window, for everybody, and harmless whatever is in it."""

from __future__ import annotations

from itertools import cycle

from sqlalchemy.orm import Session

from tests.browser import Page, open_pages
from tests.conftest import NOW
from tests.integration.desk.desk_client import let_in
from tests.integration.desk.hostile import SCRIPTS
from tests.integration.stored import DAY, TOPIC, analyze, follow, match, send, subscribe, tell
from tests.integration.test_hostile_in_browser import is_harmless, served
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.setup.deps import Deps
from worker.storage.digests import outbox
from worker.storage.digests.outbox import DeliveryResult
from worker.storage.feeds import feed_rows, feed_searches
from worker.storage.feeds.feed_rows import NewFeed
from worker.storage.people import logins, person_rows
from worker.storage.sites import site_rows
from worker.storage.sites.site_facts import keep_line
from worker.web.app import make_status_web
from worker.web.desk.entrance.links import new_link
from worker.web.desk.routes import ROUTES

LOOKS = ((360, True), (800, False), (1400, True), (360, False), (800, True), (1400, False))


def fill(session: Session) -> tuple[int, int, int]:
    """Hostile words wherever somebody else writes: a story of many reports, feeds, readers, mails."""
    story = 0
    for number, script in enumerate(SCRIPTS):
        feed = NewFeed(f"https://n{number}.example/feed", title=script, outlet=script)
        feed_rows.add_feeds(session, [feed], now=NOW)
        url, text = f"https://news.example/{number}", f"{script} The ferry sank on Monday, said {number} people."
        article = analyze(session, url, text=text, title=script, entry_id=script)
        story = tell(session, article, "ferry", **({"story_id": story} if story else {}))
        match(session, article)
        copied = DuplicateDecision(DuplicateKind.NEAR, article, 0.9, script)
        follow(session, analyze(session, f"{url}/copy", text=text, duplicate=copied, title=script), article)
    session.connection().exec_driver_sql("UPDATE articles SET title = entry_title, outlet = entry_title")
    for one in feed_rows.list_feeds(session)[:3]:
        for _ in range(3):
            feed_rows.save_unreadable(session, one.id, code="x", reason=SCRIPTS[0], next_poll_at=NOW + DAY)
    reader = subscribe(session, name=SCRIPTS[1])
    told = outbox.SentStory(story, 1, TOPIC, (article,), SCRIPTS[0], revisions={article: 1})
    outbox.save_outcome(session, send(session, reader, told), DeliveryResult("dead", SCRIPTS[0]), now=NOW)
    reading = site_rows.NewReading("div", (), 90, True, 1)
    site_rows.save_reading(session, "news.example", article, None, reading, known=frozenset(), now=NOW)
    for script in SCRIPTS:
        keep_line(session, "news.example", script, now=NOW)
    return story, article, reader


def _found(deps: Deps) -> int:
    entry = {"title": SCRIPTS[0], "url": "https://news.example/1", "published": NOW.isoformat()}
    page = {"url": "https://news.example/1", "title": "", "lines": [["A line", ""], [SCRIPTS[0], "rule"]], "words": 2}
    with deps.transaction() as session:
        number = feed_searches.add_search(session, "news.example", now=NOW)
        assert number is not None
        other = {"url": "https://news.example/2", "title": SCRIPTS[1]}
        found = {"url": "https://news.example/feed", "title": SCRIPTS[0], "site": "", "language": "en"}
        more = {"entries": [entry], "page": {**page, "fault": ""}, "others": [other], "tried": []}
        feed_searches.save_found(session, number, {**found, **more})
    return number


def addresses(deps: Deps) -> dict[str, str]:
    """By route, below `/desk`: an address of it that opens."""
    with deps.transaction() as session:
        story, article, reader = fill(session)
        owner = person_rows.find_person(session, "owner@desk.example")
        assert owner is not None
        link = new_link(session, owner.id, "", now=NOW)
        agent = {"agent": SCRIPTS[0], "now": NOW, "expires_at": NOW + DAY}
        logins.begin_session(session, owner.id, "another", **agent)
    return {
        "": "/desk?days=30", "/login": "/desk/login", "/enter/{token}": link, "/account": "/desk/account",
        "/people": "/desk/people", "/stories/{story}": f"/desk/stories/{story}",
        "/articles/{article}": f"/desk/articles/{article}", "/feeds": "/desk/feeds", "/feeds/opml": "/desk/feeds/opml",
        "/feeds/add": "/desk/feeds/add", "/feeds/add/{search}": f"/desk/feeds/add/{_found(deps)}",
        "/sites/{host}": "/desk/sites/news.example", "/readers": "/desk/readers", "/readers/add": "/desk/readers/add",
        "/readers/{reader}": f"/desk/readers/{reader}",
        "/readers/{reader}/preview": f"/desk/readers/{reader}/preview", "/health": "/desk/health",
        "/search": "/desk/search?q=ferry+AND+sank&language=en",
    }  # fmt: skip


LOGGED_OUT = {"/login", "/enter/{token}"}
THOROUGHLY = ("", "/stories/{story}", "/feeds")
"""Pages that are opened in more than one look: an audit takes a second."""
NO_PAGES = {"/style.css", "/feeds/storywatch.opml", "/search.json", "/search.csv"}
ELSEWHERE: set[str] = set()
"""Pages that another test opens in the browser."""


def test_every_page_is_harmless_and_can_be_read_and_used_by_everybody(deps: Deps) -> None:
    web = make_status_web(deps, lambda _: None)
    client = let_in(deps, web, "owner")
    opens = addresses(deps)
    pages = {route.path for route in ROUTES if route.method == "GET"}
    assert pages - NO_PAGES - ELSEWHERE <= opens.keys(), "a new page is opened too"
    opens |= {"nothing": "/desk/nothing", "no story": "/desk/stories/999"}
    with served(deps, lambda _: web) as (base, _asked):
        in_turn = zip(opens, cycle(LOOKS), strict=False)
        looks = [
            *((name, look) for name, look in in_turn),
            *((name, look) for name in THOROUGHLY for look in LOOKS[1:3]),
        ]
        wanted = [
            Page(
                f"{name} {width}", url=base + opens[name], width=width, dark=dark, audit="/preview" not in name,
                cookie="" if name in LOGGED_OUT else client.cookie,
            )
            for name, (width, dark) in looks
        ]  # fmt: skip
        seen = open_pages(wanted)
    for page in seen:
        assert is_harmless(page), page
        if "/preview" not in page.name:  # which is a mail, and looked at in tests/email
            assert (page.overflow, page.violations) == (0, ()), page.name
