"""What strangers and machines get wrong: one line of reason each, nothing lost, nothing else stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from structlog.testing import CapturingLogger

from models import Article
from tests.integration import inline
from tests.integration.cli_site import install
from tests.integration.news_server import RSS, NewsServer, Reply, page, rss, serve_news
from worker import feeds, net
from worker.cli.main import main
from worker.errors import StorageError
from worker.pipeline import STEPS
from worker.queue import tasks
from worker.sample_site.pdf import write_pdf
from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord, NewFeed
from worker.storage.reports import overview

DAY = timedelta(days=1)
GOOD = ("good/1", "good/2", "good/3")
HTML_PAGE = b"<!doctype html><html><head><title>Home</title></head><body><p>Welcome.</p></body></html>"
LOGIN = b"<html><head><title>Log in</title></head><body><h1>Log in to continue</h1><form><input></form></body></html>"


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with serve_news() as server:
        server.replies |= {path: page(path) for path in GOOD}
        server.replies["good.rss"] = Reply(rss(server.url, *GOOD), RSS)
        yield server


@pytest.fixture
def deps(tmp_path: Path, redis_url: str, site: NewsServer) -> Iterator[Deps]:
    limits = {"timeout_seconds": 1, "max_megabytes": 1, "allow_private_hosts": ("127.0.0.1",)}
    fetch = {**limits, "spacing_seconds": 0, "per_host": 16}
    url = f"sqlite:///{tmp_path / 'bad.db'}"
    deps = inline.make_deps(inline.settings_for(tmp_path, url, redis_url, fetch=fetch))
    inline.watch(deps, NewFeed(f"{site.url}/good.rss"))
    yield deps
    deps.redis.close()
    deps.database.close()


def watched(deps: Deps) -> dict[str, FeedRecord]:
    """The feeds by the last part of their address."""
    with deps.reading() as session:
        return {feed.url.rpartition("/")[2]: feed for feed in feed_rows.list_feeds(session)}


def stored(deps: Deps) -> dict[str, Article]:
    """The articles by the path of their page."""
    with deps.reading() as session:
        rows = {row.url.split("/", 3)[3]: row for row in session.scalars(select(Article))}
        session.expunge_all()
    return rows


def is_one_line(reason: str | None) -> bool:
    return reason is not None and len(reason.splitlines()) == 1 and 5 < len(reason) < 400


def test_every_bad_feed_has_its_reason_and_the_good_one_is_read(deps: Deps, site: NewsServer) -> None:
    broken = rss(site.url, *GOOD)[:-400]
    site.replies |= {
        "slow": Reply(slow=True), "huge": Reply(rss(site.url, *GOOD) + b" " * 1_100_000, RSS),
        "html": Reply(HTML_PAGE), "empty": Reply(b"", RSS), "noise": Reply(bytes(range(256)) * 20, RSS),
        "cut": Reply(broken, RSS), "teapot": Reply(b"no", status=500), "no": Reply(b"no", status=403),
    }  # fmt: skip
    codes = {
        "unreachable": "connection", "slow": "timeout", "huge": "too_large", "html": "html_page", "empty": "empty",
        "noise": "not_a_feed", "teapot": "http_status", "no": "blocked", "missing": "not_found",
    }  # fmt: skip
    addresses = [f"{site.url}/{name}" for name in (*codes, "cut") if name != "unreachable"]
    inline.watch(deps, *(NewFeed(url) for url in [*addresses, "http://127.0.0.1:1/unreachable"]))
    deps.feed_hosts = net.NoHostLimits()  # it is one slow host, which would be given ever more time

    inline.run_all(deps, "fetch", "analyze")
    found = watched(deps)
    assert {name: found[name].facts.last_error_reason for name in codes} == codes
    for name in codes:
        health = feeds.assess(found[name].facts, now=deps.now())
        assert health.reason.startswith("its first poll failed: "), name
        assert is_one_line(health.reason), name
    assert feeds.assess(found["cut"].facts, now=deps.now()).state is feeds.FeedState.TRUNCATED
    assert {path: row.state for path, row in stored(deps).items()} == dict.fromkeys(GOOD, "analyzed")

    for _ in range(2):
        inline.later(deps, DAY)
        inline.run_all(deps, "fetch", "analyze")
    found, now = watched(deps), deps.now()
    states = {name: feeds.assess(feed.facts, now=now).state for name, feed in found.items()}
    assert states.pop("no") is feeds.FeedState.BLOCKED
    assert states.pop("good.rss") is feeds.FeedState.HEALTHY
    assert states.pop("cut") is feeds.FeedState.TRUNCATED
    assert set(states.values()) == {feeds.FeedState.FAILING}, states
    assert all(is_one_line(feeds.assess(found[name].facts, now=now).reason) for name in codes)

    site.replies["html"] = site.replies["slow"] = Reply(rss(site.url, "late/1"), RSS)
    inline.later(deps, DAY)
    inline.run_all(deps, "fetch", "analyze")
    found = watched(deps)
    assert [found[name].facts.failures for name in ("html", "slow", "huge")] == [0, 0, 4]


def test_every_bad_page_leaves_the_feeds_own_text_and_a_reason(deps: Deps, site: NewsServer) -> None:
    site.replies |= {
        "empty": Reply(), "pdf": Reply(write_pdf("A report"), "application/pdf"), "wall": Reply(LOGIN),
        "posing": Reply(write_pdf("A report")), "ten": Reply(b"<p>" + b"x " * 5_000_000),
        "forbidden": Reply(status=403), "gone": Reply(status=410), "one": page("one"),
    }  # fmt: skip
    bad = ["empty", "pdf", "wall", "posing", "ten", "forbidden", "gone", "missing"]
    site.replies["pages.rss"] = Reply(rss(site.url, *bad, "one"), RSS)
    inline.watch(deps, NewFeed(f"{site.url}/pages.rss"))

    inline.run_all(deps, "fetch", "analyze")
    found = stored(deps)
    assert {row.state for row in found.values()} == {"analyzed"}
    assert {path for path, row in found.items() if row.feed_only} == set(bad)
    assert all(is_one_line(found[path].reason) for path in bad), {path: found[path].reason for path in bad}
    assert found["one"].reason is None
    with deps.reading() as session:
        for path in bad:
            row = session.get_one(Article, found[path].id)
            assert f"the council of {path}0" in row.text, "what the feed said is kept"
        seen = overview.read_overview(session)
    assert (seen.articles, seen.feed_only) == ({"analyzed": len(bad) + 1 + len(GOOD)}, len(bad))
    assert len(seen.missed_pages) == 5
    assert {trouble.what.rpartition("/")[2] for trouble in seen.missed_pages} <= set(bad)
    assert site.asked["pdf"] == site.asked["missing"] == 1, "asking again would not help"


def test_a_page_that_may_come_back_is_asked_for_again(deps: Deps, site: NewsServer) -> None:
    site.replies["good/2"] = Reply(b"later", status=503)
    inline.run_all(deps, "fetch", "analyze")
    row = stored(deps)["good/2"]
    assert (row.state, row.feed_only) == ("discovered", False)
    assert is_one_line(row.reason)
    with deps.reading() as session:
        (trouble,) = overview.read_overview(session).missed_pages
    assert trouble == overview.Trouble(f"{site.url}/good/2", row.reason or "")
    site.replies["good/2"] = page("good/2")
    inline.later(deps, timedelta(hours=1))
    inline.run_all(deps, "fetch", "analyze")
    row = stored(deps)["good/2"]
    assert (row.state, row.reason, row.feed_only) == ("analyzed", None, False)


def test_a_full_disk_is_one_line_and_loses_nothing(deps: Deps, site: NewsServer) -> None:
    # Long texts: with one page to spare, the claims still fit and what was fetched does not.
    long = [f"long/{number}" for number in range(40)]
    site.replies |= {path: page(path) for path in long}
    site.replies["long.rss"] = Reply(rss(site.url, *long), RSS)
    inline.watch(deps, NewFeed(f"{site.url}/long.rss"))
    with deps.reading() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()

    def fill(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 1}").close()

    event.listen(deps.database.engine, "connect", fill)
    deps.database.close()
    with pytest.raises(StorageError, match="the disk that holds the database is full") as caught:
        inline.run_all(deps, "fetch", "analyze")
    assert is_one_line(str(caught.value))
    assert "make room" in str(caught.value)
    with deps.reading() as session:
        assert len(feed_rows.list_feeds(session)) == 2, "looking goes on"

    event.remove(deps.database.engine, "connect", fill)
    deps.database.close()
    inline.later(deps, timedelta(minutes=5))
    inline.run_all(deps, "fetch", "analyze")
    assert {path: row.state for path, row in stored(deps).items()} == dict.fromkeys((*GOOD, *long), "analyzed")
    assert {feed.facts.failures for feed in watched(deps).values()} == {0}


def test_a_database_that_is_away_is_one_line_in_the_log(
    tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = inline.settings_for(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}", redis_url)
    deps, log = Deps(settings), CapturingLogger()
    monkeypatch.setattr("worker.setup.deps.process_deps", lambda: deps)
    monkeypatch.setattr(tasks, "log", log)
    tasks.do_step(STEPS["analyze_article"], 1)
    tasks.do_job("feeds")
    tasks.keep_house()
    assert [call.method_name for call in log.calls] == ["error"] * 3
    assert all("storywatch db upgrade" in call.kwargs["reason"] for call in log.calls)
    deps.redis.close()
    deps.database.close()


COMMANDS = [
    ["status"], ["feeds", "list"], ["feeds", "add", "http://127.0.0.1:1/feed"], ["feeds", "remove", "x"],
    ["feeds", "import", "x.opml"], ["feeds", "export"], ["subscribers", "list"], ["subscribers", "add", "a@b.example"],
    ["subscribers", "remove", "a@b.example"], ["digest", "preview", "a@b.example", "--out", "x"],
    ["digest", "send", "a@b.example"], ["explain", "1"],
]  # fmt: skip


def refusals(capsys: pytest.CaptureFixture[str], commands: list[list[str]]) -> Iterator[str]:
    """Run the commands and yield what each says when the database cannot be used."""
    for command in commands:
        capsys.readouterr()
        assert main(command) == 3, command
        said = capsys.readouterr()
        assert said.out == "", command
        assert said.err.count("\n") == 1, command
        yield said.err


def test_without_a_database_a_command_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "storywatch.toml"
    path.write_text("")
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    assert main(["feeds", "list"]) == 0
    assert (tmp_path / "data" / "storywatch.db").is_file()
    assert main(["db", "check"]) == 0
    assert "revision" not in capsys.readouterr().err


def test_a_database_of_a_later_version_is_left_alone_by_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    with closing(sqlite3.connect(tmp_path / "data" / "storywatch.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for line in refusals(capsys, [*COMMANDS, ["db", "upgrade"]]):
        assert "revision 9999" in line


@pytest.mark.parametrize("broken", [b"no database at all, " * 500, None])
def test_a_database_that_is_none_is_named(
    broken: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    database = tmp_path / "data" / "storywatch.db"
    for path in database.parent.iterdir():
        path.unlink()
    if broken is None:
        database.mkdir()
    else:
        database.write_bytes(broken)
    for line in refusals(capsys, [*COMMANDS, ["db", "upgrade"]]):
        assert "the database cannot be used: " in line
