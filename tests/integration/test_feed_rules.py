"""What a feed and its host ask for, and what becomes of entries that change: through HTTP, pipeline and database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Article
from tests.integration import inline
from tests.integration.news_server import RSS, NewsServer, Reply, serve_news
from worker import net
from worker.analysis.read_feed import read_feed
from worker.feeds import FeedState, assess
from worker.intake.poll_feeds import poll_feeds
from worker.setup.deps import Deps
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord, NewFeed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SYNDICATION = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with serve_news() as site:
        yield site


@pytest.fixture
def deps(tmp_path: Path, redis_url: str, site: NewsServer) -> Iterator[Deps]:
    deps = inline.make_deps(inline.settings_for(tmp_path, f"sqlite:///{tmp_path / 'rules.db'}", redis_url))
    deps.feed_hosts = net.NoHostLimits()
    inline.watch(deps, NewFeed(f"{site.url}/feed"))
    yield deps
    deps.redis.close()
    deps.database.close()


def document(*entries: tuple[str, str, str, datetime | None], head: str = "") -> Reply:
    """A feed of entries: path, guid, title, date."""
    items = "".join(
        f"<item><title>{title}</title><link>/{path}</link><guid isPermaLink='false'>{guid}</guid>"
        + (f"<pubDate>{format_datetime(date)}</pubDate></item>" if date else "</item>")
        for path, guid, title, date in entries
    )
    return Reply(f"<rss version='2.0' {SYNDICATION}><channel>{head}{items}</channel></rss>".encode(), RSS)


def poll(deps: Deps, after: timedelta = timedelta()) -> FeedRecord:
    """Poll the feed so much later and read what it sends."""
    inline.later(deps, after)
    for wakeup in poll_feeds(deps, 1):
        read_feed(deps, wakeup.row_id)
    with deps.reading() as session:
        return feed_rows.list_feeds(session)[0]


def stored(deps: Deps) -> dict[str, tuple[int, bool]]:
    """The articles' ids, and whether they may be mailed, by the last part of their address."""
    with deps.reading() as session:
        return {row.url.rpartition("/")[2]: (row.id, row.mailable) for row in session.scalars(select(Article))}


def test_a_changed_guid_or_an_edited_title_is_the_same_article(deps: Deps, site: NewsServer) -> None:
    site.replies["feed"] = document(("a", "1", "Ferry late", None), ("b", "2", "Bridge shut", None))
    poll(deps)
    before = stored(deps)
    assert set(before) == {"a", "b"}
    edited = ("a?utm_source=feed", "changed", "Ferry very late", None), ("b", "2", "Bridge shut for good", None)
    site.replies["feed"] = document(*edited)
    feed = poll(deps, DAY)
    assert stored(deps) == before
    assert feed.facts.last_new_entry is not None
    assert feed.facts.last_success is not None
    assert feed.facts.last_success - feed.facts.last_new_entry > 0.9 * DAY


def test_what_was_old_at_first_sight_is_stored_and_never_mailed(deps: Deps, site: NewsServer) -> None:
    now = deps.now()
    month = [(f"old-{age}", f"old-{age}", f"Old {age}", now - age * DAY) for age in range(2, 31)]
    first = ("new", "1", "New", now - HOUR), ("undated", "3", "Undated", None), *month
    site.replies["feed"] = Reply(b"<html><p>Not a feed at first</p></html>")
    poll(deps)
    site.replies["feed"] = document(*first)
    poll(deps, DAY)
    assert len(stored(deps)) == len(first)
    assert {name for name, (_, mailable) in stored(deps).items() if mailable} == {"new", "undated"}
    site.replies["feed"] = document(*first, ("late", "4", "Added late", now - 40 * DAY))
    poll(deps, DAY)
    assert {name for name, (_, mailable) in stored(deps).items() if mailable} == {"new", "undated", "late"}


def test_two_410_a_day_apart_make_a_feed_gone_and_it_is_asked_again_each_day(deps: Deps, site: NewsServer) -> None:
    site.replies["feed"] = Reply(b"gone", status=410)
    states = [assess(poll(deps, after).facts, now=deps.now()).state for after in (MINUTE, 23 * HOUR, 25 * HOUR)]
    assert states[:2] == [FeedState.NEW, FeedState.NEW]
    assert states[2] is FeedState.GONE
    feed = poll(deps, 25 * HOUR)
    assert feed.next_poll_at - deps.now() <= DAY
    site.replies["feed"] = document(("a", "1", "Back", None))
    assert assess(poll(deps, 25 * HOUR).facts, now=deps.now()).state is FeedState.HEALTHY


@pytest.mark.parametrize(
    ("head", "headers", "least"),
    [
        ("<ttl>300</ttl>", {}, 5 * HOUR),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", {}, 6 * HOUR),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", {}, DAY),
        ("", {"Cache-Control": "public, max-age=14400"}, 4 * HOUR),
        ("", {"Cache-Control": "max-age=31536000"}, HOUR),  # 730 entries belie that
        ("", {"Expires": "Thu, 01 Jan 2099 00:00:00 GMT"}, HOUR),
        ("<ttl>300</ttl>", {"Cache-Control": "max-age=25200"}, 7 * HOUR),
    ],
)
def test_never_sooner_than_the_feed_or_its_host_asks(
    deps: Deps, site: NewsServer, head: str, headers: dict[str, str], least: timedelta
) -> None:
    """When it is new, and when nothing has changed: of a feed that does not belie what is asked."""
    now = deps.now()
    reply = document(*((f"{n}", f"{n}", "News", now - n * DAY / 2) for n in range(20)), head=head)
    site.replies["feed"] = Reply(reply.body, RSS, headers=tuple(headers.items()))
    for after in (timedelta(), 25 * HOUR):
        feed = poll(deps, after)
        assert least - MINUTE <= feed.next_poll_at - deps.now() <= DAY
    assert site.asked["feed"] == 2


def test_hours_and_days_that_are_to_be_skipped_are(deps: Deps, site: NewsServer) -> None:
    now = deps.now()
    hours = "".join(f"<hour>{(now.hour + n) % 24}</hour>" for n in range(1, 7))
    site.replies["feed"] = document(("a", "1", "News", now), head=f"<skipHours>{hours}</skipHours><ttl>60</ttl>")
    due = poll(deps).next_poll_at
    assert due.hour == (now.hour + 7) % 24 or due - now >= 7 * HOUR
    days = "".join(f"<day>{(now + n * DAY):%A}</day>" for n in range(6))
    site.replies["feed"] = document(("a", "1", "News", now), head=f"<skipDays>{days}</skipDays>")
    feed = poll(deps, 12 * HOUR)
    assert 23.9 * HOUR < feed.next_poll_at - deps.now() <= DAY, "all of the next day, and no longer"
