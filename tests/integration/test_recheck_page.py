"""A page that changes after it was read: looked at again, kept, and told only when it says something new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from models import Article, Feed, Recheck, Revision, Sighting, Story
from tests.conftest import NOW
from tests.integration import inline
from tests.integration.news_server import RSS, NewsServer, Reply, page, rss, serve_news
from tests.integration.stored import analyze, announced, discover, tell
from worker.cli.explain import report
from worker.duplicates import TextChange
from worker.pipeline import STEPS
from worker.setup.deps import Deps
from worker.storage.articles import discoveries, rechecks
from worker.storage.db.database import Database
from worker.storage.feeds.feed_rows import NewFeed, add_feeds
from worker.storage.reports import explanation

HOUR = timedelta(hours=1)
CHANGE = TextChange(changed=True, substantial=True, new_share=0.4, numbers=(("4", "11"),), added="It sank.")


@pytest.fixture
def site() -> Iterator[NewsServer]:
    with serve_news() as server:
        server.replies.update({"alpha": page("alpha"), "feed": Reply(rss(server.url, "alpha"), RSS)})
        yield server


@pytest.fixture
def deps(tmp_path: Path, redis_url: str, site: NewsServer) -> Iterator[Deps]:
    deps = inline.make_deps(inline.settings_for(tmp_path, f"sqlite:///{tmp_path / 'news.db'}", redis_url))
    inline.watch(deps, NewFeed(f"{site.url}/feed", outlet="Example"))
    inline.run_all(deps, "fetch", "analyze")
    yield deps
    deps.redis.close()
    deps.database.close()


def rewrite(site: NewsServer, extra: str) -> None:
    """The outlet changes its page, and its feed says so."""
    body = page("alpha").body.replace(b"</article>", f"<p>{extra}</p></article>".encode())
    site.replies["alpha"] = Reply(body)
    changed = rss(site.url, "alpha").replace(b"<description>", f"<description>{extra} ".encode())
    site.replies["feed"] = Reply(changed, RSS)


def poll_again(deps: Deps, wait: timedelta = 6 * HOUR) -> None:
    inline.later(deps, wait)
    with deps.transaction() as session:
        session.execute(update(Feed).values(next_poll_at=deps.now()))
    inline.run_all(deps, "fetch", "analyze")


def stored(deps: Deps) -> tuple[Article, Story, list[Revision]]:
    with deps.reading() as session:
        (article,) = session.scalars(select(Article)).all()
        story, kept = session.scalars(select(Story)).one(), list(session.scalars(select(Revision)))
        session.expunge_all()
    return article, story, kept


def test_edits_that_a_backup_does_not_know_are_not_news(deps: Deps, site: NewsServer) -> None:
    rewrite(site, "A sentence tells how the flood reached the quay.")
    with deps.transaction() as session:
        session.execute(update(Feed).values(quiet_before=deps.now()))
    poll_again(deps)
    assert site.asked["alpha"] == 1, "they may have been told before the backup was put back"
    rewrite(site, "Another sentence tells how the water left the quay.")
    poll_again(deps)
    assert site.asked["alpha"] == 2, "what is edited from then on is looked at"


def test_a_changed_page_is_a_revision_and_no_second_article(deps: Deps, site: NewsServer) -> None:
    poll_again(deps)
    assert site.asked["alpha"] == 1, "what has not changed is not fetched again"
    news = " ".join(f"Sentence {n} tells at length how the flood{n} of the night reached the quay." for n in range(6))
    rewrite(site, news)
    poll_again(deps)
    article, story, kept = stored(deps)
    assert site.asked["alpha"] == 2
    assert [(one.number, one.substantial) for one in kept] == [(1, True)]
    assert (article.updated_at is not None, story.revision, story.size) == (True, 2, 1)
    with deps.reading() as session:
        found = explanation.explain_article(session, article.id)
        assert found is not None
        assert "flood5" in found.text
        assert "flood5" not in found.revisions[0].text
    said = "\n".join(report(found, ()))
    assert "Revisions" in said
    assert "substantially changed" in said
    poll_again(deps)
    assert site.asked["alpha"] == 2, "nothing has changed since"


def test_a_slight_change_is_kept_and_not_told(deps: Deps, site: NewsServer) -> None:
    rewrite(site, "This notice was corrected.")
    poll_again(deps)
    article, story, kept = stored(deps)
    assert [(one.number, one.substantial) for one in kept] == [(1, False)]
    assert (article.updated_at, story.revision) == (None, 1)


@pytest.mark.parametrize("gone", [Reply(b"", status=410), Reply(b"<title>Log in</title><form><input type=password>")])
def test_a_page_that_cannot_be_had_again_changes_nothing(deps: Deps, site: NewsServer, gone: Reply) -> None:
    before, _, _ = stored(deps)
    rewrite(site, "This notice was corrected.")
    site.replies["alpha"] = gone
    poll_again(deps)
    article, _, kept = stored(deps)
    assert (article.text_hash, article.feed_only, article.state, kept) == (before.text_hash, False, "analyzed", [])
    with deps.reading() as session:
        visit = session.scalars(select(Recheck)).one()
        assert visit.state == "done"
        assert visit.reason


def test_what_its_feed_alone_says_is_news_where_the_page_still_cannot_be_had(deps: Deps, site: NewsServer) -> None:
    site.replies["beta"] = Reply(b"", status=404)
    site.replies["feed"] = Reply(rss(site.url, "alpha", "beta"), RSS)
    poll_again(deps)
    told = "The ferry was found at dawn by two fishermen, who towed it to the old quay with nobody on board."
    changed = re.sub(rb"(beta.*?<description>).*?(</description>)", rb"\1" + told.encode() + rb"\2",
                     rss(site.url, "alpha", "beta"), flags=re.S)  # fmt: skip
    site.replies["feed"] = Reply(changed, RSS)
    poll_again(deps)
    with deps.reading() as session:
        article = session.scalars(
            select(Article).where(Article.url.like("%beta%")).options(undefer(Article.text))
        ).one()
        kept = session.scalars(select(Revision).where(Revision.article_id == article.id)).one()
        assert (article.feed_only, article.text, article.revision, kept.substantial) == (True, told, 2, True)


def test_two_feeds_that_tell_one_article_differently_do_not_change_it(database: Database) -> None:
    with database.transaction() as session:
        add_feeds(session, [NewFeed("https://a.example/feed"), NewFeed("https://b.example/feed")], now=NOW)
        url = "https://a.example/story"
        first, second = announced(url), announced(url, title="Another headline")
        for feed_id, told in ((1, first), (2, second), (1, first), (2, second)):
            discoveries.discover(session, feed_id, "A", [told], now=NOW)
            assert discoveries.changed_entries(session, feed_id, [told]) == []
        third = replace(first, updated=NOW + HOUR)
        discoveries.discover(session, 1, "A", [third], now=NOW)
        assert len(discoveries.changed_entries(session, 1, [third])) == 1
        assert len(session.scalars(select(Sighting)).all()) == 2


def test_visits_are_few_and_far_between(database: Database) -> None:
    with database.transaction() as session:
        article_id, waiting = analyze(session, "https://a.example/"), discover(session, "https://b.example/")
        rechecks.ask_again(session, [waiting], now=NOW)
        assert session.scalars(select(Recheck)).all() == [], "it has not been read yet"
        now, waits = NOW, []
        while now <= NOW + timedelta(days=3):
            rechecks.ask_again(session, [article_id], now=now)
            due = rechecks.waiting_rechecks(session, state="due", now=now, limit=9)
            for visit in due:
                waits.append(now - NOW)
                rechecks.finish(session, visit, now=now)
            now += HOUR
        assert waits == [n * HOUR for n in (0, 1, 3, 7, 15, 31)]
        session.execute(update(Recheck).values(looks=rechecks.MOST_LOOKS))
        session.execute(update(Article).values(discovered_at=now))
        rechecks.ask_again(session, [article_id], now=now)
        assert rechecks.waiting_rechecks(session, state="due", now=now + timedelta(days=99), limit=9) == []


def test_a_visit_is_claimed_and_fenced(database: Database) -> None:
    with database.transaction() as session:
        article_id = analyze(session, "https://a.example/")
        rechecks.ask_again(session, [article_id], now=NOW)
        first = rechecks.claim_recheck(session, 1, state="due", now=NOW, lease=HOUR)
        assert first is not None
        assert rechecks.claim_recheck(session, 1, state="due", now=NOW, lease=HOUR) is None
        assert rechecks.is_held(session, first)
        assert rechecks.claim_recheck(session, 1, state="due", now=NOW + 2 * HOUR, lease=HOUR) is not None
        assert not rechecks.is_held(session, first)


def test_only_an_original_develops_its_story(database: Database) -> None:
    with database.transaction() as session:
        article_id = analyze(session, "https://a.example/")
        story_id = tell(session, article_id, "ferry")
        rechecks.keep_version(session, article_id, CHANGE, title="Ferry sinks", now=NOW)
        rechecks.mark_updated(session, article_id, now=NOW + HOUR)
        assert session.get_one(Story, story_id).revision == 2
        assert session.get_one(Article, article_id).news_number == session.get_one(Story, story_id).news_number == 2
        assert rechecks.revisions_of(session, article_id)[0].numbers == (("4", "11"),)
        assert rechecks.read_version(session, article_id)[0] == "Ferry sinks"
        session.get_one(Article, article_id).duplicate_of = article_id
        session.flush()
        rechecks.mark_updated(session, article_id, now=NOW + HOUR)
        assert session.get_one(Story, story_id).revision == 2


@pytest.mark.parametrize("reason", [None, "answered 404", "the entry has no link of its own"])
def test_an_article_without_a_page_is_read_again_without_asking_for_one(
    deps: Deps, site: NewsServer, reason: str | None
) -> None:
    url = f"{site.url}/beta"
    with deps.transaction() as session:
        article_id = analyze(session, url, has_page=False, body="<p>The ferry sank.</p>")
        session.execute(update(Article).where(Article.id == article_id).values(reason=reason, discovered_at=deps.now()))
        rechecks.ask_again(session, [article_id], now=deps.now())
    inline.run_all(deps, "fetch", "analyze")
    assert site.asked["beta"] == 0
    with deps.reading() as session:
        assert session.get_one(Article, article_id).text == "The ferry sank."


def test_steps_without_work_do_nothing(deps: Deps) -> None:
    assert [STEPS[step].run(deps, 99) for step in ("refetch_page", "recheck_page")] == [(), ()]
