"""A site's boilerplate learned by the real pipeline, on both databases: gone by the sixth page, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from models import Article, DigestStory, Site, SiteLine, SiteReading, SiteVerdict, Story, Subscription, TopicMatch
from tests.integration import inline, lantern
from tests.integration.news_server import NewsServer, Reply, serve_news
from tests.integration.stored import asked
from worker import feeds, pages
from worker.analysis import site_rereading
from worker.analysis.analyze_article import analyze_article
from worker.analysis.judgement import Judgement
from worker.analysis.learn_site import learn_site
from worker.cli.sites import report
from worker.delivery.composing import troubles
from worker.pipeline import Step
from worker.setup.deps import Deps
from worker.storage.articles import article_rows
from worker.storage.digests import subscribers
from worker.storage.feeds.feed_rows import NewFeed, list_feeds
from worker.storage.sites import site_facts, site_reviews, site_rows

TOPIC = 'name = "lights"\nlanguages = ["en"]\nquery.any = "lighthouse OR comet"'
"""A topic that the boilerplate matches on every page, and one story by its own words."""

DAY = timedelta(days=1)


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with serve_news() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def deps(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str, server: NewsServer) -> Iterator[Deps]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'learning.db'}" if sqlite else request.getfixturevalue("postgres_url")
    with watching(tmp_path, url, redis_url, server) as deps:
        yield deps


@pytest.fixture
def light(tmp_path: Path, redis_url: str, server: NewsServer) -> Iterator[Deps]:
    """For what is not about the database."""
    with watching(tmp_path, f"sqlite:///{tmp_path / 'learning.db'}", redis_url, server) as deps:
        yield deps


@contextmanager
def watching(folder: Path, database_url: str, redis_url: str, server: NewsServer) -> Iterator[Deps]:
    (folder / "lights.toml").write_text(TOPIC)
    topics = {"topic_files": (Path("lights.toml"),), "builtin_topics": False}
    deps = inline.make_deps(inline.settings_for(folder, database_url, redis_url, **topics))
    inline.watch(deps, NewFeed(f"{server.url}/feed", outlet="The Quay Lantern", language="en"))
    yield deps
    deps.redis.close()
    deps.database.close()


def read(deps: Deps, server: NewsServer, numbers: range) -> None:
    """Let the outlet publish its first pages, and read what is new."""
    inline.later(deps, DAY)
    lantern.publish(server, numbers, now=deps.now())
    inline.run_all(deps, "fetch", "analyze")


def texts(deps: Deps) -> dict[str, str]:
    with deps.reading() as session:
        return dict(session.execute(select(Article.title, Article.text)).all())


def told(numbers: range) -> dict[str, str]:
    return {lantern.STORIES[n][0]: "\n\n".join(lantern.STORIES[n][1]) for n in numbers}


def matched(deps: Deps) -> set[str]:
    with deps.reading() as session:
        return set(session.scalars(select(Article.title).join(TopicMatch, TopicMatch.article_id == Article.id)))


def test_boilerplate_is_gone_by_the_sixth_page_and_nothing_of_the_stories(deps: Deps, server: NewsServer) -> None:
    read(deps, server, range(4))
    assert all(line in text for text in texts(deps).values() for line in lantern.BOILERPLATE), "no rule knows it"
    read(deps, server, range(5))
    assert texts(deps) == told(range(5)), "learned from five, and applied to them again"
    read(deps, server, range(6))
    assert texts(deps) == told(range(6))
    read(deps, server, range(20))
    assert texts(deps) == told(range(20))
    with deps.reading() as session:
        assert len(set(session.scalars(select(Article.story_id)))) == 20, "nothing but boilerplate tied them"
        assert session.scalar(select(func.count(Article.id)).where(Article.duplicate_of.is_not(None))) == 0
        learned = session.scalars(select(SiteVerdict.text).where(SiteVerdict.verdict == "boilerplate")).all()
        assert set(learned) == set(lantern.BOILERPLATE)
        assert set(session.scalars(select(Site.state))) == {"idle"}
        facts = site_facts.site_facts(session, pages.site_key(server.url))
    assert facts is not None
    said = list(report(facts))
    assert f"  {lantern.SLOGAN}" in said
    assert any("in articles on 5 subjects, on 100% of such pages, seen 20 times" in line for line in said)


def mail(deps: Deps) -> list[list[int]]:
    """Let the digest be due; return the articles of every story that has been told by now."""
    inline.later(deps, timedelta(hours=2))
    with deps.transaction() as session:
        subscribers.make_due(session, "reader@news.example", now=deps.now())
    inline.run_all(deps, "mail")
    return told_articles(deps)


def told_articles(deps: Deps) -> list[list[int]]:
    with deps.reading() as session:
        return list(session.scalars(select(DigestStory.article_ids).order_by(DigestStory.id)))


def test_what_is_read_again_matches_by_its_own_words_and_is_told_no_second_time(deps: Deps, server: NewsServer) -> None:
    with deps.transaction() as session:
        subscribers.save_request(
            session, asked(topics=("lights",), schedule="hourly", since=deps.now()), now=deps.now()
        )
    read(deps, server, range(4))
    assert len(matched(deps)) == 4, "the boilerplate matches"
    first = mail(deps)
    assert first
    read(deps, server, range(5))
    assert texts(deps) == told(range(5))
    assert matched(deps) == {lantern.STORIES[1][0]}
    assert mail(deps) == first, "no story has developed, and none goes out again"
    with deps.reading() as session:
        ids = list(session.scalars(select(Site.id)))
    assert [learn_site(deps, site_id) for site_id in ids] == [()]


@pytest.mark.parametrize("comes", [True, False])
def test_a_digest_waits_for_what_is_being_learned_but_not_for_long(
    deps: Deps, server: NewsServer, monkeypatch: pytest.MonkeyPatch, comes: bool
) -> None:
    with deps.transaction() as session:
        wanted = asked(topics=("lights",), schedule="hourly", since=deps.now())
        subscribers.save_request(session, wanted, now=deps.now())
    run = Step.run
    with monkeypatch.context() as busy:
        busy.setattr(Step, "run", lambda step, *given: () if step.name == "learn_site" else run(step, *given))
        read(deps, server, range(5))
    with deps.transaction() as session:
        session.execute(update(Subscription).values(next_due_at=deps.now()))
    inline.run_all(deps, "mail")
    assert told_articles(deps) == [], "on all five pages stands what may be boilerplate"
    if comes:
        inline.run_all(deps, "analyze")
    else:
        inline.later(deps, timedelta(minutes=5))
    inline.run_all(deps, "mail")
    assert bool(told_articles(deps)) is not comes, "once it is known, none of the new ones is about lights"


def test_what_is_forgotten_comes_back_and_is_not_learned_from_the_same_articles(deps: Deps, server: NewsServer) -> None:
    read(deps, server, range(5))
    host = pages.site_key(server.url)
    with deps.transaction() as session:
        assert site_facts.keep_line(session, host, lantern.SLOGAN.upper(), now=deps.now())
    inline.run_all(deps, "analyze")
    assert {text.partition("\n")[0] for text in texts(deps).values()} == {lantern.SLOGAN}, "kept at a person's word"
    with deps.transaction() as session:
        assert site_facts.forget_site(session, host, now=deps.now()) == len(lantern.BOILERPLATE) - 1
        assert site_facts.forget_site(session, "elsewhere.example", now=deps.now()) is None
    inline.run_all(deps, "analyze")
    assert all(line in text for text in texts(deps).values() for line in lantern.BOILERPLATE)
    with deps.transaction() as session:
        assert site_rows.learned_lines(session, host) == frozenset()
        site_rows.want_review(session, 1)
    inline.run_all(deps, "analyze")
    assert all(lantern.DESK in text for text in texts(deps).values())
    read(deps, server, range(10))
    assert {text.partition("\n")[0] for text in texts(deps).values()} == {lantern.SLOGAN}
    assert not any(lantern.DESK in text for text in texts(deps).values()), "five more pages teach it again"


def test_many_workers_at_once_learn_the_same(deps: Deps, server: NewsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Step.run
    monkeypatch.setattr(Step, "run", lambda step, *given: () if step.name == "analyze_article" else run(step, *given))
    lantern.publish(server, range(14), now=deps.now())
    inline.run_all(deps, "fetch", "analyze", rounds=1)
    with deps.reading() as session:
        waiting = article_rows.waiting_articles(session, state="fetched", now=deps.now(), limit=20)
    assert len(waiting) == 14

    def work(article_id: int) -> None:
        for wakeup in analyze_article(deps, article_id):
            learn_site(deps, wakeup.row_id)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, waiting))
    inline.run_all(deps, "analyze")
    assert texts(deps) == told(range(14))


def test_what_changes_while_it_is_read_again_is_not_overwritten(
    light: Deps, server: NewsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(light, server, range(4))
    judge, newer = site_rereading.judge, "The harbour office has corrected its figures: nine boats, not six."
    changing = [1]

    def judge_while_it_changes(article: pages.ExtractedArticle, **rest: Any) -> Judgement:
        while changing:
            with light.transaction() as session:
                session.execute(update(Article).where(Article.id == changing.pop()).values(text=newer))
        return judge(article, **rest)

    monkeypatch.setattr(site_rereading, "judge", judge_while_it_changes)
    read(light, server, range(5))
    assert not changing
    found = set(texts(light).values())
    assert newer in found
    assert len(found & set(told(range(5)).values())) == 4, "the others were read again"


def test_a_wire_paragraph_that_four_outlets_carry_stays(deps: Deps, server: NewsServer) -> None:
    wire = "The agency, which has reported from the coast since the last war, belongs to the papers that print it."
    lantern.publish(server, range(8), now=deps.now())
    server.replies |= {lantern.path_of(number): lantern.page(number, more=(wire,)) for number in range(8)}
    inline.run_all(deps, "fetch", "analyze")
    assert not any(wire in text for text in texts(deps).values()), "nothing yet tells it from the outlet's own"
    with ExitStack() as stack:
        for other in range(15, 18):
            neighbour = stack.enter_context(serve_news())
            lantern.publish(neighbour, range(other, other + 1), now=deps.now())
            neighbour.replies[lantern.path_of(other)] = plain(other, wire)
            inline.watch(deps, NewFeed(f"{neighbour.url}/feed", outlet=f"Neighbour {other}"))
        inline.run_all(deps, "fetch", "analyze")
    found = texts(deps)
    assert len(found) == 11
    assert all(wire in text for text in found.values()), "in every outlet, also where it had been taken out"
    assert not any(lantern.PLEDGE in text for text in found.values()), "the outlet's own sentence stays learned"
    with deps.reading() as session:
        reasons = dict(session.execute(select(SiteVerdict.text, SiteVerdict.reason)).all())
    assert "other sites carry it too" in reasons[wire]


def plain(number: int, paragraph: str) -> Reply:
    title, paragraphs = lantern.STORIES[number]
    told = "".join(f"<p>{text}</p>" for text in (*paragraphs, paragraph))
    return Reply(f"<html><head><title>{title}</title></head><body><article>{told}</article></body></html>".encode())


def test_an_outlet_behind_a_new_wall_is_flagged_and_recovers(light: Deps, server: NewsServer) -> None:
    read(light, server, range(12))
    assert health(light).state is feeds.FeedState.HEALTHY
    wall = Reply(b"<html><head><title>Sign in</title></head><body><form><input type=password></form></body></html>")
    publish_behind(light, server, range(12, 18), wall)
    found = health(light)
    assert found.state is feeds.FeedState.TRUNCATED
    assert "6 of its last 6 pages gave no whole article (0 of 12 before)" in found.reason
    assert not found.persistent
    inline.later(light, 4 * DAY)
    assert health(light).persistent
    with light.reading() as session:
        assert [trouble.outlet for trouble in troubles(session, light.now())] == ["The Quay Lantern"]
    read(light, server, range(18, 20))
    assert health(light).state is feeds.FeedState.HEALTHY, "two whole pages of the last six: it is over"


def publish_behind(deps: Deps, server: NewsServer, numbers: range, wall: Reply) -> None:
    inline.later(deps, DAY)
    lantern.publish(server, numbers, now=deps.now())
    server.replies |= {lantern.path_of(number): wall for number in numbers}
    inline.run_all(deps, "fetch", "analyze")


def health(deps: Deps) -> feeds.FeedHealth:
    with deps.reading() as session:
        (feed,) = list_feeds(session)
    return feeds.assess(feed.facts, now=deps.now())


def test_what_is_counted_is_bounded_and_fades(light: Deps, server: NewsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    read(light, server, range(8))
    monkeypatch.setattr(site_rows, "_REMEMBERED", 6)
    with light.transaction() as session:
        assert site_rows.prune_sites(session, before=light.now() - DAY) == 2
        assert session.scalar(select(func.count(SiteReading.article_id))) == 6
        assert session.scalar(select(func.count(SiteLine.article_id.distinct()))) == 6
        assert len(site_rows.learned_lines(session, pages.site_key(server.url))) == len(lantern.BOILERPLATE)
        assert site_rows.prune_sites(session, before=light.now() + DAY) == 6
        assert site_rows.learned_lines(session, pages.site_key(server.url)) == frozenset()


def test_a_look_belongs_to_who_claimed_it_and_is_given_up_after_three_tries(light: Deps, server: NewsServer) -> None:
    read(light, server, range(4))
    with light.transaction() as session:
        site_rows.want_review(session, 1)
        claimed = site_reviews.claim_site(session, 1, now=light.now(), lease=light.lease)
    assert claimed is not None
    assert learn_site(light, 1) == (), "another worker has it"
    with light.transaction() as session:
        site_rows.want_review(session, 1)
        assert site_reviews.save_progress(session, claimed, cursor=None), "something new came up while it was reviewed"
    for _ in range(3):
        with light.transaction() as session:
            assert site_reviews.claim_site(session, 1, now=light.now(), lease=light.lease) is not None
        inline.later(light, DAY)
    assert learn_site(light, 1) == ()
    with light.reading() as session:
        facts = site_facts.site_facts(session, pages.site_key(server.url))
    assert facts is not None
    assert facts.trouble is not None


def test_no_story_is_left_without_members(light: Deps, server: NewsServer) -> None:
    read(light, server, range(6))
    with light.reading() as session:
        sizes = dict(session.execute(select(Story.id, Story.size)).all())
        members = dict(session.execute(select(Article.story_id, func.count()).group_by(Article.story_id)).all())
    assert sizes == members
