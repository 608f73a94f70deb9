"""A site's furniture learned by the real pipeline, on both databases: gone by the sixth page, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models import Article, Site, SiteVerdict, Story
from tests.integration import inline, lantern
from tests.integration.news_server import NewsServer, serve_news
from worker.deps import Deps
from worker.storage.feeds import NewFeed


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with serve_news() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def deps(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str, server: NewsServer) -> Iterator[Deps]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'learning.db'}" if sqlite else request.getfixturevalue("postgres_url")
    deps = inline.make_deps(inline.settings_for(tmp_path, url, redis_url))
    inline.watch(deps, NewFeed(f"{server.url}/feed", outlet="The Quay Lantern", language="en"))
    yield deps
    deps.redis.close()
    deps.database.close()


def read(deps: Deps, server: NewsServer, numbers: range) -> None:
    """Let the outlet publish its first pages, and read what is new."""
    inline.later(deps, timedelta(days=1))
    lantern.publish(server, numbers, now=deps.now())
    inline.run_all(deps, "fetch", "analyze")


def texts(deps: Deps) -> dict[str, str]:
    with deps.reading() as session:
        return dict(session.execute(select(Article.title, Article.text)).all())


def told(numbers: range) -> dict[str, str]:
    return {lantern.STORIES[n][0]: "\n\n".join(lantern.STORIES[n][1]) for n in numbers}


def test_furniture_is_gone_by_the_sixth_page_and_nothing_of_the_stories(deps: Deps, server: NewsServer) -> None:
    read(deps, server, range(4))
    assert all(line in text for text in texts(deps).values() for line in lantern.FURNITURE), "no rule knows it"
    read(deps, server, range(5))
    assert texts(deps) == told(range(5)), "learned from five, and applied to them again"
    read(deps, server, range(6))
    assert texts(deps) == told(range(6))
    read(deps, server, range(20))
    assert texts(deps) == told(range(20))
    with deps.reading() as session:
        assert session.scalar(select(func.count(Story.id))) == 20, "nothing but its own story ties an article"
        assert len(set(session.scalars(select(Article.story_id)))) == 20
        assert session.scalar(select(func.count(Article.id)).where(Article.duplicate_of.is_not(None))) == 0
        learned = session.scalars(select(SiteVerdict.text).where(SiteVerdict.verdict == "furniture")).all()
        assert set(learned) == set(lantern.FURNITURE)
        assert set(session.scalars(select(Site.state))) == {"idle"}
