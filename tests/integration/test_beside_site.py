"""An article read beside the others of its site, through the real pipeline and on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from models import Article, Feed, Revision
from tests.integration import inline
from tests.integration.news_server import RSS, NewsServer, Reply, serve_news
from worker.pages import beginning_keys
from worker.setup.deps import Deps
from worker.storage.articles.beginnings import neighbours
from worker.storage.feeds.feed_rows import NewFeed

NEWS = {
    "reservoir": (
        "Almena closes its old reservoir for good",
        "The water of Almena has come from the new dam since Monday, and the old basin will be a meadow. Engineers "
        "emptied it over four weeks, and volunteers carried off eleven tons of carp.",
    ),
    "tram": (
        "Caltrop votes on a tram along the river",
        "Whether Caltrop gets a tram is up to its twenty thousand voters in March. The line would join the station "
        "and the hospital, and cost as much as the town has for schools in three years.",
    ),
    "baker": (
        "Ribera loses the last of its bakers",
        "After forty years the oven of the Serrano family went cold on Saturday night. Whoever wants bread in Ribera "
        "drives nine kilometres, or waits for the van that comes on Tuesdays.",
    ),
}
BOX = "<div class=q7><div class=q8>{}</div></div>"


def teaser(name: str) -> str:
    title, text = NEWS[name]
    return f"<div><span>{title}</span></div><div>{text[:90]}…</div>"


def page(name: str, others: tuple[str, ...], more: str = "") -> Reply:
    title, text = NEWS[name]
    box = BOX.format("".join(map(teaser, others)))
    body = f"<h1>{title}</h1><div><p>{text.replace('. ', '.</p><p>')}</p>{more}{box}</div>"
    return Reply(f"<html><head><title>{title}</title></head><body><main>{body}</main></body></html>".encode())


def feed(base: str, *, changed: str = "") -> Reply:
    items = "".join(
        f"<item><title>{title}</title><link>{base}/{name}</link><description>{text[:120]}{changed}</description></item>"
        for name, (title, text) in NEWS.items()
    )
    return Reply(f'<rss version="2.0"><channel><title>The Wall</title>{items}</channel></rss>'.encode(), RSS)


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with serve_news() as server:
        server.replies |= {name: page(name, tuple(other for other in NEWS if other != name)) for name in NEWS}
        server.replies["feed"] = feed(server.url)
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def deps(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str, server: NewsServer) -> Iterator[Deps]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'beside.db'}" if sqlite else request.getfixturevalue("postgres_url")
    deps = inline.make_deps(inline.settings_for(tmp_path, url, redis_url))
    inline.watch(deps, NewFeed(f"{server.url}/feed"))
    inline.run_all(deps, "fetch", "analyze")
    yield deps
    deps.redis.close()
    deps.database.close()


def texts(deps: Deps) -> dict[str, str]:
    with deps.reading() as session:
        rows = session.scalars(select(Article).options(undefer(Article.text)))
        return {row.title: row.text for row in rows}


def test_teasers_of_the_sites_other_articles_are_no_part_of_any(deps: Deps) -> None:
    """In boxes of a markup that nothing knows, and on the first pages of the site."""
    assert texts(deps) == {title: text.replace(". ", ".\n\n") for title, text in NEWS.values()}


def test_an_article_is_read_again_once_those_are_known_of_which_its_page_tells(
    tmp_path: Path, redis_url: str, server: NewsServer
) -> None:
    title, text = NEWS["baker"]
    early = re.sub(rb"<item><title>Ribera.*?</item>", b"", feed(server.url).body)
    server.replies["feed"] = Reply(early, RSS)
    told = text.replace(". ", ".</p><p>")
    server.replies["tram"] = page("tram", (), f"<div class=q7><p>{title}</p><p>{told}</p></div>")
    deps = inline.make_deps(inline.settings_for(tmp_path, f"sqlite:///{tmp_path / 'late.db'}", redis_url))
    inline.watch(deps, NewFeed(f"{server.url}/feed"))
    inline.run_all(deps, "fetch", "analyze")
    assert text[-60:] in texts(deps)[NEWS["tram"][0]]
    server.replies["feed"] = feed(server.url)
    inline.later(deps, timedelta(hours=6))
    with deps.transaction() as session:
        session.execute(update(Feed).values(next_poll_at=deps.now()))
    inline.run_all(deps, "fetch", "analyze")
    assert texts(deps)[NEWS["tram"][0]] == NEWS["tram"][1].replace(". ", ".\n\n")
    deps.redis.close()
    deps.database.close()


def test_other_teasers_are_no_news_of_a_changed_page(deps: Deps, server: NewsServer) -> None:
    server.replies["tram"] = page("tram", ("baker",))
    server.replies["feed"] = feed(server.url, changed=" More at six.")
    asked = server.asked["tram"]
    inline.later(deps, timedelta(hours=6))
    with deps.transaction() as session:
        session.execute(update(Feed).values(next_poll_at=deps.now()))
    inline.run_all(deps, "fetch", "analyze")
    assert server.asked["tram"] == asked + 1
    with deps.reading() as session:
        assert list(session.scalars(select(Revision.id))) == []
    assert texts(deps)[NEWS["tram"][0]] == NEWS["tram"][1].replace(". ", ".\n\n")


def test_neighbours_are_of_the_same_site_and_known_by_headline_and_beginning(deps: Deps, server: NewsServer) -> None:
    host = server.url.removeprefix("http://")
    title, text = NEWS["baker"]
    with deps.reading() as session:
        own = session.scalars(select(Article.id).where(Article.entry_title == title)).one()
        for said in (title, text, f"RIBERA (Wall News) – {text}"):
            keys = beginning_keys(said)
            assert [one.title for one in neighbours(session, host, keys, besides=0)] == [title]
            assert neighbours(session, host, keys, besides=own) == []
            assert neighbours(session, f"other.{host}", keys, besides=0) == []
        assert neighbours(session, host, (), besides=0) == []
