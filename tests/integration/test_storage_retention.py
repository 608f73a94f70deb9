"""What goes for its age, on both databases: whole, with what depends on it, and never told again."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import UniqueConstraint, func, select, text, update
from sqlalchemy.orm import Session

from models import (
    Article,
    Base,
    Delivery,
    Digest,
    DigestPage,
    DigestStory,
    GoneArticle,
    PassedOver,
    Story,
    StoryEvent,
    ToldArticle,
    TopicLabel,
)
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, announced, follow, match, send, subscribe, tell
from worker.storage.articles import article_rows, copies, discoveries
from worker.storage.db import migrations, sizes
from worker.storage.db.database import Database
from worker.storage.db.hashes import string_hash
from worker.storage.digests import outbox, past_digests, subscribers, told
from worker.storage.digests.outbox import SentStory
from worker.storage.retention import gone_articles, old_articles, old_digests, old_texts
from worker.storage.retention.old_articles import Age
from worker.storage.topics import labels, stored_texts
from worker.topics import Label

LATER = NOW + 100 * DAY
UNMATCHED, ALL = Age(NOW + DAY, unmatched=True), Age(NOW + DAY, unmatched=False)


def add_story(session: Session, *names: str) -> tuple[int, list[int]]:
    ids = [analyze(session, f"https://{name}.example/") for name in names]
    story_id = tell(session, ids[0], "ferry")
    for one in ids[1:]:
        tell(session, one, "ferry", story_id=story_id)
    return story_id, ids


def add_newest(session: Session) -> None:
    """What has the highest numbers stays whatever its age."""
    add_story(session, "newest")
    analyze(session, "https://last.example/")


def prune(session: Session, age: Age) -> list[int]:
    session.flush()
    return [
        each(session, age=age, now=LATER, limit=50)
        for each in (old_articles.prune_copies, old_articles.prune_stories, old_articles.prune_outsiders)
    ]


def left(session: Session) -> set[str]:
    return {url.removeprefix("https://").removesuffix(".example/") for url in session.scalars(select(Article.url))}


def orphans(session: Session) -> list[str]:
    """The rows that refer to none, of every table."""
    return [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if session.scalar(
            select(func.count()).select_from(table).where(
                column.is_not(None), column.not_in(select(key.column))
            )
        )
    ]  # fmt: skip


def test_a_story_on_no_topic_goes_whole_and_one_on_a_topic_stays_whole(database: Database) -> None:
    with database.transaction() as session:
        add_story(session, "dull", "dull-too")
        _, (matched, _) = add_story(session, "telling", "beside")
        match(session, matched)
        analyze(session, "https://alone.example/")
        add_newest(session)
        assert prune(session, UNMATCHED) == [0, 1, 1]
        assert left(session) == {"telling", "beside", "newest", "last"}
        assert orphans(session) == []
        assert prune(session, UNMATCHED) == [0, 0, 0]
        assert prune(session, ALL) == [0, 1, 0]
        assert left(session) == {"newest", "last"}


def test_what_is_young_unread_labelled_or_told_is_kept(database: Database) -> None:
    with database.transaction() as session:
        _, (_, young) = add_story(session, "old", "young")
        copies.update_articles(session, [young], analyzed_at=NOW + 2 * DAY)
        discoveries.discover(session, None, "", [announced("https://unread.example/")], now=NOW)
        _, (labelled,) = add_story(session, "labelled")
        labels.save_label(session, TOPIC, labelled, Label.NO, who="me", via="command", now=NOW)
        told_story, (told_article,) = add_story(session, "told")
        send(session, subscribe(session), SentStory(told_story, 1, TOPIC, (told_article,)))
        add_newest(session)
        before = left(session)
        assert prune(session, UNMATCHED) == [0, 0, 0]
        assert left(session) == before
        assert prune(session, ALL) == [0, 1, 0], "what was told goes with the matched ones"
        assert left(session) == before - {"told"}
        assert old_digests.prune_labels(session, before=NOW + DAY, limit=9) == 1
        assert prune(session, ALL) == [0, 1, 0]


def test_a_mere_copy_goes_before_its_original_and_leaves_nobody_without_one(database: Database) -> None:
    with database.transaction() as session:
        story_id, (original,) = add_story(session, "original")
        first, second = (analyze(session, f"https://copy{number}.example/") for number in (1, 2))
        for one in (first, second):
            follow(session, one, original)
        copies.update_articles(session, [first], copied_from=original)
        copies.update_articles(session, [second], copied_from=first, analyzed_at=NOW + 9 * DAY)
        add_newest(session)
        assert prune(session, UNMATCHED) == [1, 0, 0]
        row = session.get_one(Article, second, populate_existing=True)
        assert (row.copied_from, row.duplicate_of, row.story_id) == (original, original, story_id)
        assert prune(session, Age(NOW + 10 * DAY, unmatched=True)) == [1, 1, 0]


def test_an_original_of_no_story_waits_for_its_copies(database: Database) -> None:
    with database.transaction() as session:
        original, copy = (analyze(session, f"https://{name}.example/") for name in ("page", "same"))
        copies.update_articles(session, [copy], duplicate_of=original, updates_original=True)
        add_newest(session)
        assert prune(session, UNMATCHED) == [0, 0, 0]
        assert {"page", "same"} <= left(session)


def test_stories_that_went_on_as_another_go_with_it(database: Database) -> None:
    with database.transaction() as session:
        into, _ = add_story(session, "into")
        former, (moved,) = add_story(session, "former")
        copies.update_articles(session, [moved], story_id=into)
        session.execute(update(Story).where(Story.id == former).values(merged_into=into, size=0))
        session.add(StoryEvent(story_id=into, at=NOW, kind="moved", article_id=moved, other_story_id=former))
        add_newest(session)
        assert prune(session, UNMATCHED) == [0, 1, 0]
        assert former not in session.scalars(select(Story.id)).all()
        assert orphans(session) == []


def test_the_newest_stays_so_that_no_number_is_given_twice(database: Database) -> None:
    with database.transaction() as session:
        story_id, (article_id,) = add_story(session, "only")
        assert prune(session, ALL) == [0, 0, 0]
        assert session.get(Story, story_id) is not None
        assert session.get(Article, article_id) is not None


def test_a_feed_that_lists_what_is_gone_announces_nothing(database: Database) -> None:
    url = "https://dull.example/"
    with database.transaction() as session:
        add_story(session, "dull")
        add_newest(session)
        prune(session, UNMATCHED)
        new = [announced(url), announced("https://fresh.example/")]
        found = discoveries.discover(session, None, "Example", new, now=LATER + 40 * DAY)
        assert left(session) >= {"fresh"}
        assert len(found) == 1
        assert discoveries.known_keys(session, [url, "https://never.example/"]) == {url}
        assert gone_articles.gone_since(session, url) == LATER.date()
        assert gone_articles.gone_since(session, "https://fresh.example/") is None
        assert discoveries.changed_entries(session, 1, new) == []


def test_a_key_stays_while_feeds_list_it_and_goes_when_none_does(database: Database) -> None:
    kept, forgotten = string_hash("https://kept.example/"), string_hash("https://forgotten.example/")
    with database.transaction() as session:
        gone_articles.remember_gone(session, [kept, forgotten], now=NOW)
        gone_articles.remember_gone(session, [kept], now=NOW + DAY)
        assert gone_articles.sight_gone(session, [kept], now=NOW + 29 * DAY) == {kept}
        assert set(session.scalars(select(GoneArticle.seen_on))) == {NOW.date()}, "nothing is written each time"
        gone_articles.sight_gone(session, [kept, string_hash("x")], now=NOW + 31 * DAY)
        assert gone_articles.prune_keys(session, before=NOW + DAY, limit=9) == 1
        assert gone_articles.find_gone(session, [kept, forgotten]) == {kept}
        assert session.scalar(select(GoneArticle.gone_on)) == NOW.date(), "since when it is gone does not change"


def test_an_old_text_goes_and_what_was_found_in_it_stays(database: Database) -> None:
    with database.transaction() as session:
        _, (old, labelled) = add_story(session, "old", "labelled")
        match(session, old)
        labels.save_label(session, TOPIC, labelled, Label.YES, who="me", via="command", now=NOW)
        session.flush()
        prunings = [old_texts.prune_texts(session, before=NOW + DAY, now=LATER, limit=9) for _ in range(2)]
        assert prunings == [1, 0]
        row = session.get_one(Article, old, populate_existing=True)
        assert (row.text, row.entry_body, row.title, row.text_gone_at) == ("", "", "Read https://old.example/", LATER)
        assert article_rows.text_of(session, labelled) == "Migrants crossed."
        texts = stored_texts.read_texts(session, after=0, limit=9)
        assert [one.id for one in texts] == [labelled], "a topic applied again does not lose what it found"
        assert stored_texts.count_texts(session) == 1


def test_a_digests_page_goes_and_what_it_told_is_known_as_long_as_the_articles(database: Database) -> None:
    with database.transaction() as session:
        subscription_id = subscribe(session)
        story_id, (article_id,) = add_story(session, "told")
        for end in (NOW, NOW + DAY):
            send(session, subscription_id, SentStory(story_id, 1, TOPIC, (article_id,)), end=end)
        session.add(DigestPage(digest_id=1, number=2, html=b"x"))
        session.execute(update(Delivery).values(state="sent", finished_at=NOW))
        add_newest(session)
        assert old_digests.prune_pages(session, before=NOW + timedelta(hours=1), limit=9) == 1
        assert old_digests.prune_pages(session, before=NOW + timedelta(hours=1), limit=9) == 0
        assert outbox.read_archived_digest(session, subscription_id, "scheduled", NOW) is None
        assert len(past_digests.past_digests(session, subscription_id)) == 1
        assert old_digests.prune_digests(session, limit=9) == 0
        assert told.read_told(session, [subscription_id], [article_id]) == {subscription_id: {article_id: 1}}
        prune(session, ALL)
        assert old_digests.prune_digests(session, limit=9) == 1
        assert session.scalars(select(Digest.window_end)).all() == [NOW + DAY]
        assert [session.scalar(select(func.count()).select_from(each)) for each in (DigestStory, ToldArticle)] == [0, 0]
        assert orphans(session) == []


def test_deliveries_that_ended_go_and_what_waits_stays(database: Database) -> None:
    with database.transaction() as session:
        subscription_id = subscribe(session)
        for number in range(3):
            send(session, subscription_id, end=NOW + number * DAY)
        ids = session.scalars(select(Delivery.id).order_by(Delivery.id)).all()
        session.execute(update(Delivery).where(Delivery.id == ids[0]).values(state="dead"))
        assert old_digests.prune_deliveries(session, before=LATER, limit=9) == 1
        assert session.scalars(select(Delivery.id).order_by(Delivery.id)).all() == ids[1:]


def test_events_and_notes_of_the_past_go(database: Database) -> None:
    with database.transaction() as session:
        _, (first, second) = add_story(session, "a", "b")
        told.save_passed_over(session, {subscribe(session): {first: "old"}}, now=NOW)
        told.save_passed_over(session, {1: {second: "old"}}, now=NOW + 2 * DAY)
        session.execute(update(StoryEvent).where(StoryEvent.article_id == second).values(at=NOW + 2 * DAY))
        for _ in range(2):
            old_digests.prune_events(session, before=NOW + DAY, limit=9)
            old_digests.prune_passed_over(session, before=NOW + DAY, limit=9)
        assert session.scalars(select(StoryEvent.article_id)).all() == [second]
        assert session.scalars(select(PassedOver.article_id)).all() == [second]
        assert session.scalar(select(func.count()).select_from(TopicLabel)) == 0
        assert subscribers.find_subscription(session, "reader@news.example") is not None


def test_the_size_of_each_day_tells_how_fast_the_database_grows(database: Database) -> None:
    with database.transaction() as session:
        assert sizes.read_growth(session, now=NOW).a_day is None
        sizes.save_size(session, now=NOW)
        sizes.save_size(session, now=NOW)
        size = sizes.read_size(session)
        session.execute(text("UPDATE database_sizes SET size = size - 5000"))
        grown = sizes.read_growth(session, now=NOW + 5 * DAY)
        assert size > 100_000
        assert grown.a_day == pytest.approx((grown.size - size + 5000) / 5)
        sizes.save_size(session, now=NOW + 500 * DAY)
        assert session.scalar(text("SELECT count(*) FROM database_sizes")) == 1


def fill(database: Database) -> int:
    """Let SQLite's file have two megabytes of free pages; return its size."""
    with database.transaction() as session:
        session.execute(text("CREATE TABLE filling (body BLOB)"))
        session.execute(text("INSERT INTO filling VALUES (zeroblob(2000000))"))
        session.execute(text("DELETE FROM filling"))
        return sizes.read_size(session)


def test_the_room_of_what_was_deleted_comes_back(sqlite: Database) -> None:
    full = fill(sqlite)
    with sqlite.transaction() as session:
        rest = sizes.give_back(session, pages=100)
        assert 300 < rest < 500
    with sqlite.transaction() as session:
        assert sizes.give_back(session, pages=10_000) == 0
        assert sizes.read_size(session) < full - 1_900_000


def test_a_file_that_never_shrank_is_made_anew_by_the_upgrade(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "old.db"

    def is_shrinkable() -> bool:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            return connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)

    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE former (body)")
    connection.close()
    database = Database(f"sqlite:///{path}", patience=1)
    with database.transaction() as session:
        assert sizes.give_back(session, pages=9) == 0
    other = Database(f"sqlite:///{path}")
    with other.reading() as session:
        session.execute(text("SELECT body FROM former"))
    migrations.upgrade(database)
    assert not is_shrinkable(), "somebody has it open: that is for the next time"
    with other.transaction() as session:
        session.execute(text("INSERT INTO former VALUES (1)"))
    other.close()
    migrations.upgrade(database)
    assert is_shrinkable()
    full = fill(database)
    with database.transaction() as session:
        assert sizes.give_back(session, pages=10_000) == 0
        assert sizes.read_size(session) < full - 1_900_000
        session.execute(text("SELECT body FROM former"))
    database.close()


def test_what_refers_to_a_row_that_goes_is_found_by_an_index() -> None:
    """Else each row deleted would cost the whole table that refers to it."""
    slow = []
    for table in Base.metadata.sorted_tables:
        firsts = {next(iter(index.columns)).name for index in table.indexes}
        firsts |= {next(iter(each.columns)).name for each in table.constraints if isinstance(each, UniqueConstraint)}
        firsts.add(next(iter(table.primary_key.columns)).name)
        slow += [f"{table.name}.{key.parent.name}" for key in table.foreign_keys if key.parent.name not in firsts]
    assert slow == []


def test_who_connects_waits_for_no_writer(sqlite: Database) -> None:
    hasty = Database(sqlite.url, patience=1)
    with sqlite.transaction(), hasty.reading() as session:
        session.execute(text("SELECT 1"))
    hasty.close()
