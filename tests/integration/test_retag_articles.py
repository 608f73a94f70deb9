"""A changed topic applied again to stored articles, on both databases: resumable, and nothing goes out again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import Retag, TopicMatch
from tests.conftest import NOW
from tests.integration.stored import DAY, analyze, discover, look_at, subscribe, tell
from worker.analysis import retag_articles
from worker.cli.status import topic_warnings
from worker.delivery.plan_digests import plan_digests
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.queue import sweep
from worker.retry import READ_RETRIES
from worker.service.status import topics_behind
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.step import Wakeup
from worker.storage.db.database import Database
from worker.storage.digests import subscribers
from worker.storage.topics import retags, topic_rows
from worker.storage.topics.retags import RetagProgress
from worker.topics import Topic, load_topic

FIRST = 'name = "boats"\nlanguages = ["en"]\nquery.any = "ferry"'
SECOND = 'name = "boats"\nlanguages = ["en"]\nquery.any = "barge"'
THIRD = 'name = "boats"\nlanguages = ["en"]\nquery.any = "canoe"'
CANOE = "The canoe came. The canoe left."
FERRY, BARGE, RAIN = "The ferry came. The ferry left.", "The barge came. The barge left.", "It rained on everyone."


@pytest.fixture
def deps(database: Database, tmp_path: Path) -> Iterator[Deps]:
    (tmp_path / "boats.toml").write_text(FIRST)
    settings = load_settings(folder=tmp_path, database_url=database.url, topic_files=(Path("boats.toml"),))
    deps = Deps(settings, now=lambda: NOW)
    yield deps
    deps.database.close()


def save(deps: Deps, source: str, *, now: datetime = NOW) -> None:
    with deps.transaction() as session:
        topic_rows.save_topics(session, [(load_topic(source), source)], now=now)


def fill(deps: Deps, *texts: str) -> list[int]:
    """Store articles read now, tagged with the topic as it was first."""
    topic = load_topic(FIRST)
    ids = []
    with deps.transaction() as session:
        for number, text in enumerate(texts):
            article_id = analyze(session, f"https://news.example/{number}", text=f"{text} {number}")
            found = retag_articles.topics.TopicSet((topic,)).match(retag_articles.topics.TopicArticle("", text))
            topic_rows.save_matches(session, article_id, found, now=NOW)
            ids.append(article_id)
    return ids


def start(deps: Deps, *, now: datetime = NOW) -> int:
    with deps.transaction() as session:
        return retags.start_retag(session, "boats", now=now)


def work_off(deps: Deps, retag_id: int) -> int:
    slices = 1
    while retag_articles.retag_articles(deps, retag_id):
        slices += 1
    return slices


def tagged(deps: Deps) -> dict[int, datetime]:
    with deps.reading() as session:
        return {row.article_id: row.matched_at for row in session.scalars(select(TopicMatch))}


def progress(deps: Deps) -> RetagProgress:
    with deps.reading() as session:
        (one,) = retags.retag_progress(session)
    return one


def warnings(deps: Deps) -> tuple[str, ...]:
    with deps.reading() as session:
        return topic_warnings(topics_behind(session, ["boats"]))


def test_a_changed_topic_is_offered_not_forced_and_then_applied(deps: Deps) -> None:
    save(deps, FIRST)
    ferry, barge, _rain = fill(deps, FERRY, BARGE, RAIN)
    assert warnings(deps) == ()
    save(deps, SECOND, now=NOW + DAY)
    assert warnings(deps) == ("topic boats changed since 3 articles were tagged: run 'storywatch topics retag boats'",)
    assert set(tagged(deps)) == {ferry}
    deps.now = lambda: NOW + 2 * DAY
    retag_id = start(deps, now=deps.now())
    assert warnings(deps) == ("topic boats: 3 articles waiting for the service, 0 articles, 0 gained, 0 lost so far",)
    assert sweep.look(deps, "sweep", "analyze", room=9) == (Wakeup("retag_articles", retag_id),)
    assert work_off(deps, retag_id) == 1
    assert tagged(deps) == {barge: NOW + 2 * DAY}
    done = progress(deps)
    assert (done.state, done.articles, done.gained, done.lost, done.finished) == ("done", 3, 1, 1, NOW + 2 * DAY)
    assert warnings(deps) == ()
    assert sweep.look(deps, "sweep", "analyze", room=9) == ()
    assert retag_articles.retag_articles(deps, retag_id) == ()


def test_it_goes_on_where_its_worker_died(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retag_articles, "_SLICE", 2)
    save(deps, SECOND)
    ids = fill(deps, *[BARGE, FERRY] * 3, BARGE)
    retag_id = start(deps)
    assert retag_articles.retag_articles(deps, retag_id) == (Wakeup("retag_articles", retag_id),)
    assert progress(deps).articles == 2
    with deps.transaction() as session:
        assert retags.claim_retag(session, retag_id, now=NOW, lease=deps.lease) is not None
    assert retag_articles.retag_articles(deps, retag_id) == (), "another worker has it"
    assert sweep.look(deps, "sweep", "analyze", room=9) == ()
    deps.now = lambda: NOW + timedelta(hours=1)
    assert sweep.look(deps, "sweep", "analyze", room=9) == (Wakeup("retag_articles", retag_id),)
    assert work_off(deps, retag_id) == 3
    assert sorted(tagged(deps)) == ids[::2]
    assert (progress(deps).articles, progress(deps).gained, progress(deps).lost) == (7, 4, 3)


def test_a_slow_slice_ends_in_time_and_loses_nothing(deps: Deps) -> None:
    save(deps, SECOND)
    ids = fill(deps, BARGE, BARGE, BARGE)
    retag_id = start(deps)
    moments = iter(range(10_000))
    deps.now = lambda: NOW + next(moments) * timedelta(seconds=3)
    assert work_off(deps, retag_id) == 3
    assert sorted(tagged(deps)) == ids


def test_a_topic_that_changes_on_the_way_begins_again(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retag_articles, "_SLICE", 1)
    save(deps, SECOND)
    ferry, barge = fill(deps, FERRY, BARGE)
    retag_id = start(deps)
    retag_articles.retag_articles(deps, retag_id)
    assert tagged(deps) == {}
    save(deps, FIRST, now=NOW + DAY)
    assert work_off(deps, retag_id) == 2
    assert set(tagged(deps)) == {ferry}
    assert barge not in tagged(deps)
    assert (progress(deps).articles, progress(deps).state) == (2, "done")
    assert warnings(deps) == ()


@pytest.mark.parametrize("asked_again", [True, False])
def test_a_topic_edited_while_a_slice_is_matched_keeps_nothing_of_the_older_one(
    deps: Deps, monkeypatch: pytest.MonkeyPatch, asked_again: bool
) -> None:
    save(deps, FIRST)
    _ferry, barge, canoe = fill(deps, FERRY, BARGE, CANOE)
    save(deps, SECOND)
    retag_id = start(deps)

    def edit() -> None:
        save(deps, THIRD, now=NOW + DAY)
        if asked_again:
            start(deps, now=NOW + DAY)

    meanwhile(monkeypatch, edit)
    assert retag_articles.retag_articles(deps, retag_id) == (Wakeup("retag_articles", retag_id),)
    assert barge not in tagged(deps), "what the older version matches is not written"
    assert (progress(deps).state, progress(deps).articles) == ("pending", 0)
    assert work_off(deps, retag_id) == 1
    assert set(tagged(deps)) == {canoe}
    assert (progress(deps).state, progress(deps).articles) == ("done", 3)
    assert warnings(deps) == ()


def test_a_topic_mended_while_its_broken_version_is_given_up_goes_on(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(deps, FIRST)
    _ferry, barge = fill(deps, FERRY, BARGE)
    with deps.transaction() as session:
        topic_rows.save_topics(session, [(load_topic(SECOND), "name = ")], now=NOW)
    retag_id = start(deps)
    real = retag_articles.stored_topic

    def mend(source: str, name: str) -> Topic:
        save(deps, SECOND)
        monkeypatch.setattr(retag_articles, "stored_topic", real)
        return real(source, name)

    monkeypatch.setattr(retag_articles, "stored_topic", mend)
    work_off(deps, retag_id)
    assert set(tagged(deps)) == {barge}
    assert progress(deps).state == "done"


def test_who_has_lost_the_lease_writes_nothing(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    save(deps, SECOND)
    ferry, _barge = fill(deps, FERRY, BARGE)
    retag_id = start(deps)

    def take_over() -> None:
        with deps.transaction() as session:
            assert retags.claim_retag(session, retag_id, now=NOW + DAY, lease=deps.lease) is not None

    meanwhile(monkeypatch, take_over)
    assert retag_articles.retag_articles(deps, retag_id) == ()
    assert set(tagged(deps)) == {ferry}, "the other worker's to write"
    assert (progress(deps).state, progress(deps).articles) == ("pending", 0)
    with deps.reading() as session:
        assert session.scalars(select(Retag)).one().lease_until == NOW + DAY + deps.lease


def test_who_asks_for_it_again_while_the_last_slice_is_saved_gets_it(deps: Deps) -> None:
    save(deps, SECOND)
    fill(deps, BARGE)
    retag_id = start(deps)

    def edit_and_start() -> None:
        save(deps, THIRD, now=NOW + DAY)
        start(deps, now=NOW + DAY)

    with deps.transaction() as session:
        work = retags.claim_retag(session, retag_id, now=NOW, lease=deps.lease)
    assert work is not None
    with ThreadPoolExecutor(1) as pool:
        with deps.transaction() as session:
            assert retags.is_held(session, work)
            assert not retags.restart_if_changed(session, work)
            retags.save_slice(session, retag_id, cursor=work.last_article_id, articles=1, gained=0, lost=0, now=NOW)
            session.flush()
            asked = pool.submit(edit_and_start)
            time.sleep(0.3)  # so long that it has read the row, if it did not wait for it
        asked.result()
    assert (progress(deps).state, progress(deps).articles) == ("pending", 0)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen after the next slice was matched and before it is saved."""
    real = retag_articles._match

    def match(*given: Any) -> Iterator[tuple[int, Any]]:
        yield from real(*given)
        monkeypatch.setattr(retag_articles, "_match", real)
        happens()

    monkeypatch.setattr(retag_articles, "_match", match)


def test_what_kills_its_process_is_given_up_and_goes_on_when_asked(deps: Deps) -> None:
    save(deps, SECOND)
    fill(deps, BARGE)
    retag_id = start(deps)
    for attempt in range(READ_RETRIES.attempts):
        with deps.transaction() as session:
            moment = NOW + attempt * DAY
            assert retags.claim_retag(session, retag_id, now=moment, lease=deps.lease) is not None
    deps.now = lambda: NOW + 9 * DAY
    assert retag_articles.retag_articles(deps, retag_id) == ()
    assert progress(deps).state == "failed"
    assert any("'storywatch topics retag boats' goes on" in line for line in warnings(deps))
    assert start(deps) == retag_id
    work_off(deps, retag_id)
    assert progress(deps).state == "done"


def test_a_stored_topic_that_cannot_be_read_is_a_reason_not_a_crash(deps: Deps) -> None:
    save(deps, SECOND)
    fill(deps, BARGE)
    with deps.transaction() as session:
        topic_rows.save_topics(session, [(load_topic(SECOND), "name = ")], now=NOW)
        retag_id = retags.start_retag(session, "boats", now=NOW)
    assert retag_articles.retag_articles(deps, retag_id) == ()
    assert "topic boats as it was stored" in (progress(deps).reason or "")


def test_copies_have_what_their_original_has_and_moments_stay(deps: Deps) -> None:
    save(deps, SECOND)
    barge, ferry = fill(deps, BARGE, FERRY)
    with deps.transaction() as session:
        copies = [
            analyze(session, f"https://copy.example/{number}", text=RAIN,
                    duplicate=DuplicateDecision(DuplicateKind.NEAR, original, 0.9))
            for number, original in enumerate((barge, ferry))
        ]  # fmt: skip
        ((_, found),) = retag_articles._match(
            deps, retag_articles.topics.TopicSet((load_topic(SECOND),)),
            retag_articles.stored_texts.read_texts(session, after=0, limit=1), NOW,
        )  # fmt: skip
        topic_rows.replace_matches(session, "boats", {barge: found}, now=NOW - DAY)
    work_off(deps, start(deps))
    assert tagged(deps) == {barge: NOW - DAY, copies[0]: NOW - DAY}
    assert (progress(deps).articles, progress(deps).gained, progress(deps).lost) == (2, 0, 1), "originals are counted"


def test_an_article_that_became_a_copy_meanwhile_is_left_to_its_original(deps: Deps) -> None:
    save(deps, SECOND)
    first, second = fill(deps, BARGE, FERRY)
    with deps.transaction() as session:
        texts = retag_articles.stored_texts.read_texts(session, after=0, limit=9)
        found = dict(
            retag_articles._match(deps, retag_articles.topics.TopicSet((load_topic(SECOND),)), texts, NOW + DAY)
        )
        copied = DuplicateDecision(DuplicateKind.NEAR, second, 0.9)
        analyze_again(session, first, copied)
        topic_rows.replace_matches(session, "boats", found, now=NOW)
    assert tagged(deps) == {}


def analyze_again(session: object, article_id: int, duplicate: DuplicateDecision) -> None:
    from models import Article

    row = session.get_one(Article, article_id)  # type: ignore[attr-defined]
    row.duplicate_of, row.duplicate_kind = duplicate.duplicate_of, duplicate.kind.value
    session.flush()  # type: ignore[attr-defined]


def test_what_comes_in_meanwhile_and_what_is_not_read_is_left_alone(deps: Deps) -> None:
    save(deps, SECOND)
    fill(deps, BARGE)
    with deps.transaction() as session:
        discover(session, "https://news.example/unread")
    retag_id = start(deps)
    with deps.transaction() as session:
        analyze(session, "https://news.example/later", text=BARGE)
    work_off(deps, retag_id)
    assert progress(deps).articles == 1
    assert len(tagged(deps)) == 1


def test_other_topics_keep_their_matches(deps: Deps) -> None:
    save(deps, SECOND)
    (rain,) = fill(deps, RAIN)
    with deps.transaction() as session:
        from worker.topics import Band
        from worker.topics import TopicMatch as Match

        wide = Match("doubt", 0.3, Band.WIDE, ())
        topic_rows.save_matches(session, rain, [Match("weather", 0.9, Band.STRICT, ()), wide], now=NOW)
    work_off(deps, start(deps))
    with deps.reading() as session:
        assert [match.topic for match in topic_rows.matches_of(session, rain)] == ["weather", "doubt"]
        assert topic_rows.count_matches(session, since=NOW - DAY) == {
            "weather": topic_rows.MatchCount(hits=1), "doubt": topic_rows.MatchCount(borderline=1),
        }  # fmt: skip
        assert topic_rows.count_matches(session, since=NOW + DAY) == {}


def test_nothing_is_mailed_again(deps: Deps) -> None:
    """A story that was told stays told; an old one that matches only now waits until it develops."""
    save(deps, FIRST)
    ferry, barge = fill(deps, FERRY, BARGE)
    with deps.transaction() as session:
        tell(session, ferry, "ferry")
        tell(session, barge, "barge", now=NOW - 3 * DAY)
        subscription = subscribe(session, topics=("boats",), schedule="daily at 12:00")
    deps.now = lambda: NOW + timedelta(minutes=1)
    assert [wakeup.step for wakeup in plan_digests(deps, subscription)] == ["deliver"]
    both = 'name = "boats"\nlanguages = ["en"]\nquery.any = "ferry OR barge"'
    save(deps, both, now=deps.now())
    work_off(deps, start(deps))
    assert set(tagged(deps)) == {ferry, barge}
    with deps.reading() as session:
        reader = subscribers.read_subscription(session, subscription)
        assert reader is not None
        assert look_at(session, subscription, "boats", after=reader.news_seen) == ()
    deps.now = lambda: NOW + DAY + timedelta(minutes=1)
    assert plan_digests(deps, subscription) == ()


def test_a_finished_one_asked_for_again_begins_again(deps: Deps) -> None:
    save(deps, SECOND)
    fill(deps, BARGE)
    retag_id = start(deps)
    work_off(deps, retag_id)
    assert start(deps, now=NOW + DAY) == retag_id
    with deps.reading() as session:
        row = session.scalars(select(Retag)).one()
        assert (row.state, row.cursor, row.articles, row.finished_at, row.started_at) == (
            "pending", 0, 0, None, NOW + DAY,
        )  # fmt: skip
