"""`storywatch feeds` on a real database and against a real site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.cli_site import install, json_of
from tests.integration.news_server import RSS, Reply, rss, serve_news
from worker import feeds
from worker.cli.main import main
from worker.sample_site import SampleServer, serve

DEAD = "http://127.0.0.1:1/feed"


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with serve(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)) as server:
        yield server


@pytest.fixture(autouse=True)
def _installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)


def urls(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [feed["url"] for feed in json_of(capsys, "feeds", "list")]


def test_a_feed_is_added_with_what_it_says_of_itself(site: SampleServer, capsys: pytest.CaptureFixture[str]) -> None:
    _, url, language = site.feeds[0]
    added = json_of(capsys, "feeds", "add", url, "--outlet", "The Courier")
    assert added["new"]
    assert added["title"]
    (feed,) = json_of(capsys, "feeds", "list")
    assert (feed["url"], feed["outlet"], feed["language"], feed["state"]) == (
        url,
        "The Courier",
        language,
        "new",
    )
    assert not json_of(capsys, "feeds", "add", url)["new"]


def test_a_sites_feed_is_found(site: SampleServer, capsys: pytest.CaptureFixture[str]) -> None:
    page = next(iter(site.site.urls.values()))
    added = json_of(capsys, "feeds", "add", page)
    assert added["url"] in {url for _, url, _ in site.feeds}


def test_an_address_that_cannot_be_had_is_added_only_by_force(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "add", DEAD]) == 1
    assert "use --force" in capsys.readouterr().err
    assert urls(capsys) == []
    assert main(["feeds", "add", DEAD, "--force"]) == 0
    assert urls(capsys) == [DEAD]


def test_what_is_no_web_address_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "add", "the news", "--force"]) == 2
    assert "is no web address" in capsys.readouterr().err


def test_a_page_without_a_feed_says_so(site: SampleServer, capsys: pytest.CaptureFixture[str]) -> None:
    base = next(iter(site.base_urls.values()))
    assert main(["feeds", "add", f"{base}/robots.txt"]) == 2
    assert "neither a feed nor a page that leads to one" in capsys.readouterr().err


def test_what_a_person_removed_stays_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, f'[[feeds]]\nurl = "{DEAD}"\n[[feeds]]\nurl = "https://b.example/feed"\n')
    assert main(["feeds", "remove", DEAD]) == 0
    assert main(["feeds", "remove", DEAD]) == 2
    assert main(["db", "upgrade", "--load"]) == 0
    assert urls(capsys) == ["https://b.example/feed"]
    assert main(["feeds", "add", DEAD, "--force"]) == 0
    assert len(urls(capsys)) == 2


def test_an_address_that_has_moved_is_added_where_it_is_now(capsys: pytest.CaptureFixture[str]) -> None:
    with serve_news() as news:
        old, new = f"{news.url}/old", f"{news.url}/new"
        news.replies |= {"new": Reply(rss(news.url), RSS), "old": Reply(status=301, headers=(("Location", "/new"),))}
        assert json_of(capsys, "feeds", "add", old)["url"] == new
        assert not json_of(capsys, "feeds", "add", old)["new"]
        assert urls(capsys) == [new]


def test_of_the_feeds_a_page_announces_the_first_that_lives_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with serve_news() as news:
        links = "".join(
            f'<link rel="alternate" type="{RSS}" href="/{path}">' for path in ("gone", "page", "live", "more")
        )
        news.replies |= {"home": Reply(f"<html><head>{links}</head></html>".encode()), "page": Reply(b"<html></html>")}
        assert main(["feeds", "add", f"{news.url}/home"]) == 2
        said = capsys.readouterr().err
        assert "none of the feeds" in said
        assert all(f"{news.url}/{path}" in said for path in ("gone", "page", "live", "more"))
        assert json_of(capsys, "feeds", "add", f"{news.url}/home", "--force")["url"] == f"{news.url}/gone"
        assert main(["feeds", "remove", f"{news.url}/gone"]) == 0
        capsys.readouterr()
        news.replies |= {"live": Reply(rss(news.url), RSS)}
        added = json_of(capsys, "feeds", "add", f"{news.url}/home")
        assert added["url"] == f"{news.url}/live"
        assert urls(capsys) == [f"{news.url}/live"]


def test_what_is_exported_is_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = (
        feeds.OpmlFeed("https://a.example/feed", "Mexico", "https://a.example", "US", "en", "The Alpha"),
        feeds.OpmlFeed("https://b.example/feed", "Beta", category="MX", language="es"),
    )
    there, back = tmp_path / "in.opml", tmp_path / "out.opml"
    there.write_bytes(feeds.write_opml(listed, title="Mine"))
    assert json_of(capsys, "feeds", "import", str(there)) == {
        "file": str(there),
        "feeds": 2,
        "new": 2,
        "left_out": [],
    }
    assert json_of(capsys, "feeds", "import", str(there))["new"] == 0
    assert main(["feeds", "export", str(back)]) == 0
    assert set(feeds.read_opml(back.read_bytes()).feeds) == set(listed)
    capsys.readouterr()
    assert main(["feeds", "export"]) == 0
    assert capsys.readouterr().out.encode().strip() == back.read_bytes().strip()
    assert main(["feeds", "list"]) == 0
    assert "The Alpha: Mexico" in capsys.readouterr().out


def test_a_list_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "no.opml"
    path.write_text("hello")
    assert main(["feeds", "import", str(path)]) == 2
    assert f"feed list {path}: not OPML" in capsys.readouterr().err
    assert main(["feeds", "import", str(tmp_path / "gone.opml")]) == 2
    assert main(["feeds", "export", str(tmp_path / "no" / "such" / "folder.opml")]) == 1


def test_an_address_without_a_scheme_is_tried_with_both(capsys: pytest.CaptureFixture[str]) -> None:
    with serve_news() as news:
        news.replies |= {"feed": Reply(rss(news.url), RSS)}
        bare = news.url.removeprefix("http://")
        added = json_of(capsys, "feeds", "add", f"{bare}/feed")
        assert added["url"] == f"{news.url}/feed"
        assert [tried["url"] for tried in added["tried"]] == [f"https://{bare}/feed"]
        assert main(["feeds", "remove", f"{bare}/feed"]) == 0
        assert urls(capsys) == []


def test_a_feed_named_by_a_header_or_behind_a_refresh_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    link = ("Link", f'</named>; rel="alternate"; type="{RSS}"')
    with serve_news() as news:
        news.replies |= {
            "old": Reply(b'<meta http-equiv="refresh" content="0; url=/home">'),
            "home": Reply(b"<html><p>All the news</p></html>", headers=(link,)),
            "named": Reply(rss(news.url), RSS),
        }
        added = json_of(capsys, "feeds", "add", f"{news.url}/old")
        assert added["url"] == f"{news.url}/named"
        assert [tried["url"] for tried in added["tried"]] == [f"{news.url}/old", f"{news.url}/home"]


def test_a_feed_nobody_announces_is_found_where_feeds_usually_are(capsys: pytest.CaptureFixture[str]) -> None:
    with serve_news() as news:
        news.replies |= {"": Reply(b"<html><p>All the news</p></html>"), "atom.xml": Reply(rss(news.url), RSS)}
        assert main(["feeds", "add", news.url.removeprefix("http://")]) == 0, "though https failed there"
        said = capsys.readouterr()
        assert f"Added: {news.url}/atom.xml" in said.out
        assert f"tried: {news.url}/feed (not found (status 404))" in said.err
        news.replies.pop("atom.xml")
        assert main(["feeds", "add", news.url]) == 2
        said = capsys.readouterr()
        assert f"{news.url} is neither a feed nor a page that leads to one; tried: {news.url} (" in said.err
        assert f"{news.url}/?feed=rss2 (" in said.err


def test_a_host_that_does_not_answer_is_not_asked_for_all_usual_places(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "add", "127.0.0.1:1"]) == 1
    said = capsys.readouterr().err
    assert "https://127.0.0.1:1 (" in said
    assert "http://127.0.0.1:1 (" in said
    assert "/rss.xml" not in said


def test_what_a_list_holds_besides_feeds_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "in.opml"
    path.write_text('<opml><outline text="Desk" xmlUrl="mailto:desk@b.example"/><outline xmlUrl="feed://a.example/"/>')
    assert main(["feeds", "import", str(path)]) == 0
    said = capsys.readouterr()
    assert "1 feeds in" in said.out
    assert "left out: Desk: mailto:desk@b.example is no web address" in said.err
    left_out = json_of(capsys, "feeds", "import", str(path))["left_out"]
    assert left_out == [{"name": "Desk", "why": "mailto:desk@b.example is no web address"}]


def test_a_feed_is_paused_resumed_polled_and_given_intervals_by_its_owner(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "add", DEAD, "--force"]) == 0
    assert main(["feeds", "pause", DEAD]) == 0
    (feed,) = json_of(capsys, "feeds", "list")
    assert (feed["state"], feed["paused"]) == ("paused", True)
    assert main(["feeds", "poll", DEAD]) == 2
    assert f"'storywatch feeds resume {DEAD}' first" in capsys.readouterr().err
    assert json_of(capsys, "feeds", "poll")["due"] == 0
    assert main(["feeds", "resume", DEAD]) == 0
    assert main(["feeds", "poll", DEAD]) == 0
    assert "1 feed is due now: the service is not running" in capsys.readouterr().out
    assert json_of(capsys, "feeds", "set", DEAD, "--shortest", "30")["shortest_minutes"] == 30
    assert main(["feeds", "set", DEAD, "--longest", "60"]) == 0
    assert "at least 30 and at most 60 minutes between polls" in capsys.readouterr().out
    (feed,) = json_of(capsys, "feeds", "list")
    assert feed["notes"] == ["polls as you want them: at least 30 minutes apart, at most 1 hour apart"]
    assert main(["feeds", "set", DEAD, "--longest", "10"]) == 2
    assert "it must be no more than the longest, 10" in capsys.readouterr().err
    assert main(["feeds", "set", DEAD, "--longest", "99999"]) == 2
    assert main(["feeds", "set", DEAD, "--shortest", "0", "--longest", "0"]) == 0
    assert json_of(capsys, "feeds", "set", DEAD)["longest_minutes"] is None
    for command in ("poll", "pause", "resume", "set"):
        assert main(["feeds", command, "https://nobody.example/"]) == 2
        assert "is not watched" in capsys.readouterr().err
