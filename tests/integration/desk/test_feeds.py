"""The list of feeds, what may be wished of them, and lists that come and go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient
from tests.integration.desk.hostile import SCRIPTS, Harm
from tests.integration.stored import DAY, analyze
from worker.setup.deps import Deps
from worker.step import Wakeup, Wakeups
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows
from worker.storage.feeds.entry_counts import count_entries
from worker.storage.feeds.feed_rows import FeedRecord, NewFeed


def watch(deps: Deps, *feeds: NewFeed) -> list[FeedRecord]:
    with deps.transaction() as session:
        feed_rows.add_feeds(session, feeds, now=NOW)
        return feed_rows.list_feeds(session)


def watched(deps: Deps) -> dict[str, FeedRecord]:
    with deps.reading() as session:
        return {one.url: one for one in feed_rows.list_feeds(session)}


def test_feeds_are_listed_by_state_and_found_by_name(deps: Deps, editor: DeskClient) -> None:
    assert "No feed is watched yet." in editor.get("/desk/feeds").text
    ill, *_ = watch(deps, *(NewFeed(f"https://{name}.example/feed", outlet=name) for name in ("Ilse", "Karl", "Marta")))
    with deps.transaction() as session:
        for _ in range(3):
            feed_rows.save_unreadable(session, ill.id, code="x", reason="it is a cake", next_poll_at=NOW + DAY)
    page = editor.get("/desk/feeds").text
    assert page.index("Ilse") < page.index("Karl"), "what is ill stands first"
    assert "3 polls in a row failed, for less than a minute: it is a cake" in page
    assert "to look at <span>1</span>" in page
    assert "Karl" not in editor.get("/desk/feeds?state=ill").text
    assert "Ilse" not in editor.get("/desk/feeds?q=kar").text
    assert "No feed is like that." in editor.get("/desk/feeds?state=gone&q=kar").text


def test_what_is_wished_of_a_feed_is_done(deps: Deps, editor: DeskClient, woken: list[Wakeups]) -> None:
    (feed,) = watch(deps, NewFeed("https://news.example/feed"))
    path = f"/desk/feeds/{feed.id}"

    def press(act: str) -> str:
        return editor.send("/desk/feeds", path, act=act, back="/desk/feeds?state=new").headers["location"]

    assert press("pause") == f"/desk/feeds?state=new&said=saved#feed-{feed.id}"
    assert watched(deps)[feed.url].facts.paused
    assert press("resume").endswith(f"#feed-{feed.id}")
    assert not watched(deps)[feed.url].facts.paused
    deps.now = lambda: NOW - DAY  # type: ignore[method-assign]
    press("poll")
    assert watched(deps)[feed.url].next_poll_at == NOW - DAY
    assert woken == [(Wakeup("poll_feeds", feed.id),)] * 2
    deps.now = lambda: NOW - 2 * DAY  # type: ignore[method-assign]
    assert editor.send("/desk/feeds", "/desk/feeds/poll").status == 303
    assert watched(deps)[feed.url].next_poll_at == NOW - 2 * DAY
    press("remove")
    assert watched(deps) == {}
    assert editor.send("/desk/feeds/opml", path, act="poll").status == 404


def test_a_list_comes_in_as_opml_or_as_addresses(deps: Deps, editor: DeskClient) -> None:
    page = "/desk/feeds/opml"
    listed = (
        '<opml version="2.0"><body><outline text="News" type="rss" xmlUrl="https://a.example/feed"/>'
        '<outline text="Nothing" type="rss" xmlUrl="ftp://b.example"/></body></opml>'
    )
    answer = editor.send(page, page, listed=listed)
    assert "1 feed in the list, 1 of them new" in answer.text
    assert "Left out:" in answer.text
    answer = editor.send(page, page, listed="a.example/feed\nhttps://c.example/feed\n\nno address at all")
    assert "2 feeds in the list" in answer.text
    assert "no address at all: no web address" in answer.text
    assert {"https://a.example/feed", "https://c.example/feed"} <= watched(deps).keys()
    given = editor.get("/desk/feeds/storywatch.opml")
    assert given.headers["content-disposition"].startswith("attachment")
    assert 'xmlUrl="https://c.example/feed"' in given.text


@pytest.mark.parametrize(
    "listed", ["<html><body>no list</body></html>", "<opml", "<?xml version='1.0'?>", "<" * 90_000]
)
def test_what_is_no_list_is_said_and_kept_in_the_field(deps: Deps, editor: DeskClient, listed: str) -> None:
    answer = editor.send("/desk/feeds/opml", "/desk/feeds/opml", listed=listed)
    assert answer.status in {200, 422}
    assert watched(deps) == {}
    assert Harm(answer.text).found == []
    assert len(answer.text) < 200_000


def test_hostile_names_run_nowhere_and_a_page_stays_small(deps: Deps, editor: DeskClient) -> None:
    names = [SCRIPTS[number % len(SCRIPTS)] for number in range(90)]
    watch(
        deps,
        *(
            NewFeed(f"https://n{number}.example/{name[:500]}", title=name, outlet=name, site=name)
            for number, name in enumerate(names)
        ),
    )
    for path in (
        "/desk/feeds",
        "/desk/feeds?page=2",
        "/desk/feeds?page=3",
        "/desk/feeds?q=%3Cscript%3E",
        f"/desk/feeds?state={'x' * 9_000}",
    ):
        answer = editor.get(path)
        assert (answer.status, Harm(answer.text).found) == (200, []), path
        assert len(answer.text) < 100_000


def test_entries_are_counted_by_day(database: Database) -> None:
    with database.transaction() as session:
        feed_rows.add_feeds(session, [NewFeed("https://a.example/feed"), NewFeed("https://b.example/feed")], now=NOW)
        first, second = feed_rows.list_feeds(session)
        assert count_entries(session, [first.id], since=NOW - DAY) == {}
        for number in range(3):
            analyze(session, f"https://a.example/{number}", feed_id=first.id)
        analyze(session, "https://b.example/1", feed_id=second.id)
        assert count_entries(session, [first.id], since=NOW - DAY) == {first.id: {NOW.date(): 3}}
        assert count_entries(session, [first.id, second.id], since=NOW + timedelta(seconds=1)) == {}
