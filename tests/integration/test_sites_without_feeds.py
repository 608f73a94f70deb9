"""Sites without a feed: pages that list articles, and news sitemaps, from `feeds add` to articles."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration import inline
from tests.integration.cli_site import install, json_of
from tests.integration.news_server import NewsServer, Reply, page, serve_news
from tests.integration.processes import storywatch, wait_until
from tests.integration.test_run_service import free_port
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE, load_settings
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import NewFeed
from worker.storage.reports.explanation import find_article
from worker.storage.sources import sitemap_feeds

ROBOTS = "text/plain"
XML = "application/xml"


def today(days: int = 0) -> str:
    return (datetime.now(UTC) - timedelta(days=days, minutes=5)).isoformat(timespec="seconds")


def listing(*paths: str, days: int = 0, foot: str = "") -> Reply:
    entries = "".join(
        f'<li class="story"><h3><a href="/{path}">The council decides on {path}</a></h3>'
        f'<time datetime="{today(days)}">then</time></li>'
        for path in paths
    )
    return Reply(f'<html lang="en"><title>All news</title><ul>{entries}</ul>{foot}</html>'.encode())


def news_sitemap(base: str, *paths: str) -> bytes:
    urls = "".join(
        f"<url><loc>{base}/{path}</loc><n:news><n:publication><n:name>The Paper</n:name><n:language>en</n:language>"
        f"</n:publication><n:publication_date>{today()}</n:publication_date><n:title>News of {path}</n:title>"
        "</n:news></url>"
        for path in paths
    )
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    spaces += 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<urlset {spaces}>{urls}</urlset>".encode()


def index(*urls: str) -> Reply:
    named = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return Reply(f"<sitemapindex>{named}</sitemapindex>".encode(), XML)


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with serve_news() as site:
        site.replies |= {name: page(name) for name in ("ada", "bea", "cal", "dot")}
        yield site


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_url: str) -> Iterator[Deps]:
    monkeypatch.setenv("REDIS_URL", redis_url)
    install(tmp_path, monkeypatch)
    deps = inline.make_deps(load_settings())
    yield deps
    deps.redis.close()
    deps.database.close()


def run(deps: Deps) -> None:
    inline.run_all(deps, "fetch", "analyze")


def is_known(database: Database, url: str) -> bool:
    with database.reading() as session:
        return find_article(session, key=url, url=url) is not None


def watched(deps: Deps) -> list[str]:
    with deps.reading() as session:
        return sorted(feed.url for feed in feed_rows.list_feeds(session))


def test_a_listing_is_shown_then_added_and_read(
    deps: Deps, site: NewsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    site.replies["news"] = listing("ada", "bea", "cal")
    assert main(["feeds", "add", f"{site.url}/news", "--listing", "--preview"]) == 0
    printed = capsys.readouterr().out
    assert "li.story h3 a  (guessed)" in printed or "h3 a  (guessed)" in printed
    assert "3 entries, 3 with a date" in printed
    assert "The council decides on bea" in printed
    assert "Nothing was added" in printed
    assert watched(deps) == []
    added = json_of(capsys, "feeds", "add", f"{site.url}/news", "--listing", "--outlet", "The Paper")
    assert (added["title"], added["new"], len(added["entries"])) == ("All news", True, 3)
    run(deps)
    assert site.asked["ada"] == site.asked["cal"] == 1
    site.replies["news"] = listing("dot", "ada", "bea", "cal")
    inline.later(deps, timedelta(hours=25))
    run(deps)
    assert site.asked["dot"] == site.asked["ada"] == 1
    assert is_known(deps.database, f"{site.url}/dot")


def test_a_page_that_was_redesigned_or_that_robots_may_not_read_is_in_trouble(
    deps: Deps, site: NewsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    site.replies["news"] = listing("ada", "bea", "cal")
    added = json_of(capsys, "feeds", "add", f"{site.url}/news", "--listing", "--link", ".story a", "--date", "time")
    assert added["listing"] == {"link": ".story a", "title": "", "date": "time"}
    run(deps)
    site.replies["news"] = Reply(b"<html><p>All new</p></html>")
    inline.later(deps, timedelta(hours=25))
    run(deps)
    site.replies["robots.txt"] = Reply(b"User-agent: *\nDisallow: /news", ROBOTS)
    reasons = []
    for _ in range(3):
        (feed,) = json_of(capsys, "feeds", "list")
        reasons.append(feed["reason"])
        deps.redis.flushall()
        inline.later(deps, timedelta(hours=49))
        run(deps)
    assert "no link is found by '.story a'" in reasons[0]
    assert "robots.txt" in reasons[2]
    asked = site.asked["news"]
    assert main(["feeds", "add", f"{site.url}/news", "--listing"]) == 2
    assert "robots.txt asks us to leave" in capsys.readouterr().err
    assert site.asked["news"] == asked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--link", "h2 >"), "is no CSS selector"),
        (("--link", "h9"), "no link is found by 'h9'"),
        ((), "name their links with --link"),
    ],
)
def test_what_is_wrong_with_a_listing_is_said(
    deps: Deps, site: NewsServer, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    site.replies["news"] = Reply(b"<html><p>No list here</p></html>")
    assert main(["feeds", "add", f"{site.url}/news", "--listing", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert watched(deps) == []


def test_an_undated_list_is_its_past_when_first_read(deps: Deps, site: NewsServer) -> None:
    site.replies["news"] = Reply(b'<p><a href="/ada">The council of ada decides</a></p>')
    assert main(["feeds", "add", f"{site.url}/news", "--listing", "--link", "p a"]) == 0
    run(deps)
    site.replies["news"] = Reply(b'<p><a href="/bea">The council of bea decides</a></p>' + site.replies["news"].body)
    inline.later(deps, timedelta(hours=25))
    run(deps)
    assert mailable(deps, site, "ada") is False
    assert mailable(deps, site, "bea") is True


def mailable(deps: Deps, site: NewsServer, path: str) -> bool:
    from sqlalchemy import text

    with deps.reading() as session:
        said = session.scalar(text("SELECT mailable FROM articles WHERE url = :url"), {"url": f"{site.url}/{path}"})
    return bool(said)


def test_news_sitemaps_are_found_through_robots_and_indexes_and_packed(
    deps: Deps, site: NewsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    site.replies |= {
        "robots.txt": Reply(f"User-agent: *\nAllow: /\nSitemap: {site.url}/maps.xml\n".encode(), ROBOTS),
        "maps.xml": index(f"{site.url}/pages.xml", f"{site.url}/news-1.xml.gz"),
        "pages.xml": Reply(b"<urlset><url><loc>/about</loc></url></urlset>", XML),
        "news-1.xml.gz": Reply(gzip.compress(news_sitemap(site.url, "ada", "bea")), "application/x-gzip"),
    }
    added = json_of(capsys, "feeds", "add", site.url, "--sitemap")
    assert added["sitemaps"] == [{"url": f"{site.url}/maps.xml", "title": "The Paper", "entries": 2}]
    run(deps)
    assert watched(deps) == [f"{site.url}/maps.xml", f"{site.url}/news-1.xml.gz"]
    assert site.asked["ada"] == site.asked["bea"] == 1
    assert site.asked["pages.xml"] == 0
    site.replies |= {
        "maps.xml": index(f"{site.url}/news-1.xml.gz", f"{site.url}/news-2.xml"),
        "news-2.xml": Reply(news_sitemap(site.url, "cal"), XML),
    }
    inline.later(deps, timedelta(hours=25))
    run(deps)
    assert site.asked["cal"] == 1
    site.replies["maps.xml"] = index(f"{site.url}/news-2.xml")
    inline.later(deps, timedelta(hours=25))
    run(deps)
    assert watched(deps) == [f"{site.url}/maps.xml", f"{site.url}/news-2.xml"]
    assert main(["feeds", "remove", f"{site.url}/maps.xml"]) == 0
    assert watched(deps) == []


def test_a_site_without_any_says_where_it_was_looked_for(
    deps: Deps, site: NewsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feeds", "add", site.url, "--sitemap"]) == 2
    said = capsys.readouterr().err
    assert "6 addresses tried" in said
    assert f"{site.url}/news-sitemap.xml: " in said


def test_indexes_without_end_are_left_at_the_second(
    deps: Deps, site: NewsServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(40):
        site.replies[f"news{number}.xml"] = index(*(f"{site.url}/news{number * 3 + more}.xml" for more in (1, 2, 3)))
    assert main(["feeds", "add", f"{site.url}/news0.xml", "--sitemap"]) == 2
    assert sum(site.asked.values()) <= 25
    capsys.readouterr()
    inline.watch(deps, NewFeed(f"{site.url}/news0.xml"))
    run(deps)
    assert len(watched(deps)) == 1 + 3 + 9
    assert capsys.readouterr().err.count("sitemap index not followed") == 1, "one line for all of them"


def test_what_a_person_removed_of_an_index_stays_removed(database: Database) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    urls = [f"https://paper.example/news-{number}.xml" for number in range(3)]
    with database.transaction() as session:
        feed_rows.add_feeds(session, [NewFeed("https://paper.example/index.xml", outlet="The Paper")], now=now)
        (root,) = feed_rows.list_feeds(session)
        assert sitemap_feeds.follow_index(session, root.id, urls[:2], levels=2, now=now) == 2
        feed_rows.remove_feed(session, urls[0])
        assert sitemap_feeds.follow_index(session, root.id, urls, levels=2, now=now) == 1
        assert {feed.url for feed in feed_rows.list_feeds(session)} == {root.url, urls[1], urls[2]}
        assert {feed.outlet for feed in feed_rows.list_feeds(session)} == {"The Paper"}
        assert sitemap_feeds.follow_index(session, root.id, urls[:1], levels=2, now=now) == 0
        assert [feed.url for feed in feed_rows.list_feeds(session)] == [root.url]
        assert sitemap_feeds.follow_index(session, root.id, urls[1:], levels=2, now=now) == 0
        assert {feed.url for feed in feed_rows.list_feeds(session)} == {root.url, urls[1], urls[2]}
        assert sitemap_feeds.retire_followed(session, root.url) == 2


@pytest.mark.slow
def test_both_are_read_through_the_real_service(
    site: NewsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site.replies |= {
        "news": listing("ada", "bea", "dot"),
        "robots.txt": Reply(f"Sitemap: {site.url}/news.xml".encode(), ROBOTS),
        "news.xml": Reply(news_sitemap(site.url, "cal"), XML),
    }
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "storywatch.toml"))
    install(tmp_path, monkeypatch, f"[web]\nport = {free_port()}\nstatus_port = 0\n[clock]\nfeeds_seconds = 1\n")
    assert main(["feeds", "add", f"{site.url}/news", "--listing"]) == 0
    assert main(["feeds", "add", site.url, "--sitemap"]) == 0
    with storywatch("run", folder=tmp_path):
        database = Database(f"sqlite:///{tmp_path / 'data' / 'storywatch.db'}")
        for path in ("ada", "bea", "cal", "dot"):
            assert wait_until(lambda path=path: is_known(database, f"{site.url}/{path}"), seconds=120), path  # type: ignore[misc]
        database.close()
        assert "Traceback" not in (tmp_path / "run.log").read_text()
    assert {feed["state"] for feed in json_of(capsys, "feeds", "list")} == {"healthy"}
