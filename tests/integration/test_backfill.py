"""A past on day one: what a feed published before is fetched page by page, read, and mailed to nobody."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from tests.integration import inline
from tests.integration.cli_site import install, json_of
from tests.integration.news_server import RSS, NewsServer, Reply, serve_news
from worker.cli.main import main
from worker.feeds import BACKLOG, ListingRules, past
from worker.feeds.past import PastPage, Span
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed
from worker.storage.sources import backfills
from worker.storage.sources.backfills import BackfillStatus

DAY = timedelta(days=1)
WORDPRESS = "<generator>https://wordpress.org/?v=6.9</generator>"


def words(day: int, count: int) -> str:
    """Words that no other day has: what differs in a few alone is a copy, and takes its original's place."""
    chance = Random(day)
    return " ".join(
        "".join(chance.choice("bcdfglmnprstv") + chance.choice("aeiou") for _ in range(4)) for _ in range(count)
    )


def story(day: int) -> Reply:
    paragraphs = "".join(f"<p>{words(100 * day + number, 30).capitalize()}.</p>" for number in range(8))
    title = f"<h1>{words(day, 6).capitalize()}</h1>"
    return Reply(f"<html><body><article>{title}{paragraphs}</article></body></html>".encode())


def feed(base: str, *days: int, head: str = WORDPRESS) -> Reply:
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>{words(day, 6).capitalize()}</title><link>{base}/the-day-{day}</link><guid>day{day}</guid>"
        f"<pubDate>{format_datetime(now - day * DAY)}</pubDate></item>"
        for day in days
    )
    return Reply(f'<rss version="2.0"><channel><title>Paper</title>{head}{items}</channel></rss>'.encode(), RSS)


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with serve_news() as site:
        site.replies |= {f"the-day-{day}": story(day) for day in range(1, 60)}
        yield site


@pytest.fixture
def deps(database: Database, redis_url: str, tmp_path: Path) -> Iterator[Deps]:
    deps = inline.make_deps(inline.settings_for(tmp_path, database.url, redis_url))
    yield deps
    deps.redis.close()
    deps.database.close()


def ask(deps: Deps, url: str, *, days: int = 30, listing: ListingRules | None = None) -> BackfillStatus:
    """Watch the feed, have its past fetched, and do all that comes of that."""
    inline.watch(deps, NewFeed(url, listing=listing))
    now = deps.now()
    with deps.transaction() as session:
        (feed,) = feed_rows.list_feeds(session)
        span = Span(now - days * DAY, now - BACKLOG, now)
        assert backfills.ask_past(session, feed.id, PastPage(url, "feed"), span, now=now)
        assert not backfills.ask_past(session, feed.id, PastPage(url, "feed"), span, now=now), "once at a time"
    inline.run_all(deps, "fetch", "analyze")
    with deps.reading() as session:
        (status,) = backfills.list_backfills(session)
        assert session.scalar(text("SELECT count(*) FROM backfill_pages")) == 0, "no page is kept"
    assert status.finished_at is not None
    return status


def stored(deps: Deps) -> dict[int, bool]:
    """By the day of each article that was read: whether it may be mailed."""
    with deps.reading() as session:
        rows = session.execute(text("SELECT url, mailable FROM articles WHERE state = 'analyzed'")).all()
    return {int(url.rpartition("-")[2]): bool(mailable) for url, mailable in rows}


def test_wordpress_is_paged_back_to_the_wanted_day(deps: Deps, site: NewsServer) -> None:
    site.replies |= {
        "feed": feed(site.url, 1, 4),
        "feed?paged=2": feed(site.url, 4, 9, 12),
        "feed?paged=3": feed(site.url, 20, 33),
        "feed?paged=4": feed(site.url, 50),
    }
    status = ask(deps, f"{site.url}/feed")
    assert stored(deps) == {1: True, 4: False, 9: False, 12: False, 20: False}
    assert site.asked["feed?paged=4"] == site.asked["the-day-33"] == 0
    assert (status.pages, status.articles, status.reason) == (3, 3, "")


def test_archives_of_rfc_5005_are_followed(deps: Deps, site: NewsServer) -> None:
    link = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="prev-archive" href="{}"/>'
    site.replies |= {
        "feed": feed(site.url, 1, head=link.format("/2026-10")),
        "2026-10": feed(site.url, 5, 6, head=link.format("/2026-09")),
        "2026-09": feed(site.url, 7, head=link.format("/2026-10")),
    }
    assert ask(deps, f"{site.url}/feed").articles == 3
    assert stored(deps) == {1: True, 5: False, 6: False, 7: False}
    assert site.asked["2026-10"] == 1, "a circle is walked once"


def test_where_there_are_no_older_pages_the_sitemaps_are_read(deps: Deps, site: NewsServer) -> None:
    def urls(*days: int) -> bytes:
        now = datetime.now(UTC)
        named = "".join(
            f"<url><loc>{site.url}/the-day-{day}</loc><lastmod>{(now - day * DAY).isoformat()}</lastmod></url>"
            for day in days
        )
        return f"<urlset>{named}</urlset>".encode()

    names = ("posts.xml.gz", "tag.xml", "no.xml")
    maps = "".join(f"<sitemap><loc>{site.url}/{name}</loc></sitemap>" for name in names)
    site.replies |= {
        "feed": feed(site.url, 1, 3, head=WORDPRESS),
        "robots.txt": Reply(f"Sitemap: {site.url}/maps.xml".encode(), "text/plain"),
        "maps.xml": Reply(f"<sitemapindex>{maps}</sitemapindex>".encode(), "application/xml"),
        "posts.xml.gz": Reply(gzip.compress(urls(1, 2, 5, 25, 40)), "application/gzip"),
    }
    assert ask(deps, f"{site.url}/feed").articles == 2
    assert stored(deps) == {1: True, 3: False, 5: False, 25: False}, "what the polls bring is theirs"
    assert site.asked["feed?paged=2"] == 1
    assert site.asked["tag.xml"] == 0


def test_a_listings_older_pages_are_read_too(deps: Deps, site: NewsServer) -> None:
    def listing(*days: int, older: int) -> Reply:
        now = datetime.now(UTC)
        entries = "".join(
            f'<li><a class="t" href="/the-day-{day}">The day {day}</a><time datetime="{(now - day * DAY).isoformat()}">'
            "then</time></li>"
            for day in days
        )
        return Reply(f'<html><ul>{entries}</ul><a href="?page={older}">Older posts</a></html>'.encode())

    site.replies |= {
        "news": listing(1, 2, older=2), "news?page=2": listing(8, 9, older=3), "news?page=3": listing(29, 31, older=4),
    }  # fmt: skip
    assert ask(deps, f"{site.url}/news", listing=ListingRules("a.t")).articles == 3
    assert stored(deps) == {1: True, 2: False, 8: False, 9: False, 29: False}
    assert site.asked["news?page=4"] == 0


def test_a_past_without_end_is_bounded(deps: Deps, site: NewsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past, "MOST_PAGES", 3)
    site.replies["feed"] = feed(site.url, 1)
    site.replies |= {f"feed?paged={number}": feed(site.url, number) for number in range(2, 30)}
    status = ask(deps, f"{site.url}/feed")
    assert (status.pages, status.reason) == (3, "no more than 3 pages of a feed's past are fetched")
    monkeypatch.setattr(past, "MOST_PAGES", 200)
    monkeypatch.setattr(past, "MOST_ARTICLES", 4)
    with deps.transaction() as session:
        session.execute(text("DELETE FROM backfills"))
    assert ask(deps, f"{site.url}/feed").reason == "no more than 4 articles of a feed's past are fetched"


def test_a_feed_that_cannot_be_had_has_no_past(deps: Deps, site: NewsServer) -> None:
    assert "not found" in ask(deps, f"{site.url}/gone").reason


def test_the_past_takes_every_second_turn_of_its_host(deps: Deps) -> None:
    now = deps.now()
    inline.watch(deps, NewFeed("https://paper.example/feed"))
    with deps.transaction() as session:
        (feed,) = feed_rows.list_feeds(session)
        backfills.ask_past(session, feed.id, PastPage(feed.url, "feed"), Span(now - DAY, now, now), now=now)
        number = session.scalar(text("SELECT id FROM backfills")) or 0
        first = backfills.take_turns(session, number, 3, apart=timedelta(seconds=10), now=now)
        second = backfills.take_turns(session, number, 2, apart=timedelta(seconds=10), now=now)
    assert [(turn - now).total_seconds() for turn in (*first, *second)] == [0, 10, 20, 30, 40]


def test_the_commands_ask_and_tell(
    site: NewsServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    redis_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    install(tmp_path, monkeypatch)
    site.replies |= {"feed": feed(site.url, 1), "feed?paged=2": feed(site.url, 9)}
    url = f"{site.url}/feed"
    assert main(["feeds", "backfill", url]) == 2
    assert "is not watched" in capsys.readouterr().err
    assert main(["feeds", "add", url]) == 0
    assert main(["feeds", "backfill", url, "--days", "14"]) == 0
    assert "Asked for 14 days" in capsys.readouterr().out
    assert main(["feeds", "backfill", url]) == 2
    assert "being fetched already" in capsys.readouterr().err
    assert main(["feeds", "backfills"]) == 0
    assert "at work" in capsys.readouterr().out
    deps = inline.make_deps(load_settings())
    inline.run_all(deps, "fetch", "analyze")
    deps.redis.close()
    deps.database.close()
    (status,) = json_of(capsys, "feeds", "backfills")
    assert (status["url"], status["articles"]) == (url, 1)
    assert main(["feeds", "backfills"]) == 0
    assert "finished" in capsys.readouterr().out
    assert main(["feeds", "backfill", url]) == 0, "it may be asked again"
