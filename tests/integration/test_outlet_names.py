"""What an outlet is called: as a person says, else as its site, else as its feed, without what feeds add to that."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from models import Article
from tests.integration import inline
from tests.integration.news_server import RSS, Reply, page, rss, serve_news
from worker.storage.feeds.feed_rows import NewFeed


@pytest.mark.parametrize(
    ("declared", "title", "site_name", "called"),
    [
        ("", "Prairie Post latest", "", "Prairie Post"),
        ("", "Prairie Post - Sports and more", "Prairie Post", "Prairie Post"),
        ("", "Prairie Post latest", "A Holding", "Prairie Post"),
        ("Prairie Post Sports", "Prairie Post latest", "Prairie Post", "Prairie Post Sports"),
    ],
)
def test_an_outlet_is_called_as_its_site(
    tmp_path: Path, redis_url: str, declared: str, title: str, site_name: str, called: str
) -> None:
    with serve_news() as site:
        named = f'<meta property="og:site_name" content="{site_name}"></head>'.encode()
        body = page("alpha").body.replace(b"</head>", named)
        assert named in body
        feed = rss(site.url, "alpha")
        site.replies.update({"alpha": Reply(body), "feed": Reply(feed, RSS)})
        deps = inline.make_deps(inline.settings_for(tmp_path, f"sqlite:///{tmp_path / 'news.db'}", redis_url))
        inline.watch(deps, NewFeed(f"{site.url}/feed", outlet=declared, title=title))
        inline.run_all(deps, "fetch", "analyze")
        with deps.reading() as session:
            (article,) = session.scalars(select(Article)).all()
            assert (article.state, article.outlet) == ("analyzed", called)
        deps.redis.close()
        deps.database.close()
