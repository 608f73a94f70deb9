"""Several feeds polled at once by workers that share a database and a Redis, against a server on loopback."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.integration import inline
from tests.integration.news_server import RSS, NewsServer, Reply, rss, serve_news
from worker import net
from worker.intake.poll_feeds import poll_feeds
from worker.setup.deps import Deps
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows
from worker.storage.feeds.feed_rows import FeedRecord, NewFeed

HOUR = timedelta(hours=1)
MakeDeps = Callable[..., Deps]


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with serve_news() as site:
        site.replies |= {f"{number}": Reply(rss(site.url, f"a{number}"), RSS) for number in range(6)}
        yield site


@pytest.fixture
def make_worker(database: Database, redis_url: str, tmp_path: Path) -> Iterator[MakeDeps]:
    made: list[Deps] = []

    def make(**fetch: object) -> Deps:
        settings = inline.settings_for(tmp_path, database.url, redis_url, fetch=fetch)
        deps = inline.make_deps(settings)
        made.append(deps)
        return deps

    yield make
    for deps in made:
        deps.redis.close()
        deps.database.close()


def watch(deps: Deps, site: NewsServer, count: int = 6) -> list[int]:
    inline.watch(deps, *(NewFeed(f"{site.url}/{number}") for number in range(count)))
    with deps.reading() as session:
        return [feed.id for feed in sorted(feed_rows.list_feeds(session), key=lambda feed: feed.url)]


def listed(deps: Deps) -> list[FeedRecord]:
    with deps.reading() as session:
        return sorted(feed_rows.list_feeds(session), key=lambda feed: feed.next_poll_at)


def test_a_message_polls_many_feeds_and_keeps_what_is_new(site: NewsServer, make_worker: MakeDeps) -> None:
    deps = make_worker(allow_private_hosts=("127.0.0.1",))
    deps.feed_hosts = net.NoHostLimits()  # all of these are of one host
    ids = watch(deps, site)
    site.replies["3"] = Reply(b"no", status=500)
    woken = poll_feeds(deps, *ids)
    assert [wakeup.step for wakeup in woken] == ["read_feed"] * 5
    inline.run_all(deps, "analyze")
    inline.later(deps, 25 * HOUR)
    site.replies["3"] = Reply(rss(site.url, "a3"), RSS)
    assert [wakeup.step for wakeup in poll_feeds(deps, *ids)] == ["read_feed"], "the rest has not changed"
    assert {site.asked[f"{number}"] for number in range(6)} == {2}
    assert {feed.history.failures for feed in listed(deps)} == {0, 1}


def test_two_workers_give_one_host_time_between_its_feeds(site: NewsServer, make_worker: MakeDeps) -> None:
    """A minute apart: of six polls one is made, and the others are each given a turn."""
    workers = [make_worker(allow_private_hosts=("127.0.0.1",), spacing_seconds=300) for _ in range(2)]
    ids = watch(workers[0], site)
    with ThreadPoolExecutor(2) as pool:
        woken = list(pool.map(poll_feeds, workers, ids[:2], ids[2:4], ids[4:]))
    assert site.asked.pop("robots.txt") == 1
    assert sum(map(len, woken)) == sum(site.asked.values()) == 1
    put_off = [feed.next_poll_at for feed in listed(workers[0]) if feed.body_hash is None]
    assert len(put_off) == 5
    assert all(later - sooner > timedelta(seconds=50) for sooner, later in pairwise(put_off))
    assert {feed.history.failures for feed in listed(workers[0])} == {0}, "nobody has failed"


def test_a_host_that_asks_for_quiet_is_left_alone_by_all_workers(site: NewsServer, make_worker: MakeDeps) -> None:
    site.replies["0"] = Reply(b"slow down", status=429, headers=(("Retry-After", "7200"),))
    one, other = (make_worker(allow_private_hosts=("127.0.0.1",), spacing_seconds=0) for _ in range(2))
    ids = watch(one, site, 2)
    poll_feeds(one, ids[0])
    poll_feeds(other, ids[1])
    assert dict(site.asked) == {"robots.txt": 1, "0": 1}
    found = listed(one)
    assert {feed.facts.last_error_reason for feed in found} == {"throttled"}
    assert all(feed.next_poll_at > one.now() + 1.9 * HOUR for feed in found)


def test_a_feeds_own_login_is_read_where_the_configuration_says_and_kept_nowhere(
    sqlite: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nor is it sent elsewhere when the feed redirects there."""
    monkeypatch.setenv("EXAMPLE_COOKIE", "session=vain-secret-1\n")
    (tmp_path / "password").write_text("vain-secret-2\n")
    with serve_news() as site, serve_news() as elsewhere:
        site.replies["feed"] = Reply(status=302, headers=(("Location", "/same"),))
        site.replies["same"] = Reply(status=302, headers=(("Location", f"{elsewhere.url}/away"),))
        setting = {
            "url": f"{site.url}/feed", "headers": ["Cookie: env:EXAMPLE_COOKIE", "X-Edition: south"],
            "username": "reader", "password": "file:password",
        }  # fmt: skip
        settings = inline.settings_for(
            tmp_path, sqlite.url, redis_url, feeds=[setting], log_level="debug",
        )  # fmt: skip
        deps = inline.make_deps(settings)
        deps.feed_hosts = net.NoHostLimits()
        inline.watch(deps, NewFeed(f"{site.url}/feed"))
        poll_feeds(deps, 1)
        login = b64encode(b"reader:vain-secret-2").decode()
        for path in ("feed", "same"):
            asked = site.headers[path]
            assert (asked["Cookie"], asked["X-Edition"]) == ("session=vain-secret-1", "south")
            assert asked["Authorization"] == f"Basic {login}"
        assert not {"Cookie", "X-Edition", "Authorization"} & set(elsewhere.headers["away"])
        monkeypatch.delenv("EXAMPLE_COOKIE")
        inline.later(deps, HOUR)
        poll_feeds(deps, 1)
        (feed,) = listed(deps)
        assert "EXAMPLE_COOKIE, which holds a secret of this feed, is not set" in feed.facts.last_error_text
        deps.redis.close()
        deps.database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("test.db"))
    told = "".join(capfd.readouterr()) + repr(settings)
    assert "EXAMPLE_COOKIE" in kept.decode("latin-1")
    for secret in ("vain-secret", login):
        assert secret not in told
        assert secret.encode() not in kept
