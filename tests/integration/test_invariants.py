"""`storywatch db check`, on both databases: what does not hold is found, and put right where there is a way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from models import Article, Delivery, FeedClaim, Story, StoryKey, Subscription, ToldArticle
from tests.conftest import NOW
from tests.integration.cli_site import install, json_of
from tests.integration.stored import DAY, TOPIC, analyze, follow, match, send, subscribe, tell
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.db.database import Database, serialize_stories
from worker.storage.digests.outbox import SentStory
from worker.storage.reports.invariants import check_database, repair_database


def fill(session: Session) -> None:
    """Two stories, one with two reports and a copy, told to one of two readers."""
    first, second, copy, other = (analyze(session, f"https://{name}.example/") for name in "abcd")
    story_id = tell(session, first, "ferry")
    tell(session, second, "ferry", story_id=story_id)
    follow(session, copy, first)
    tell(session, other, "tram")
    match(session, first)
    send(session, subscribe(session), SentStory(story_id, 1, TOPIC, (first,)))
    subscribe(session, "other@news.example")
    session.flush()


def test_a_database_in_order_is_said_to_be(database: Database) -> None:
    with database.transaction() as session:
        fill(session)
    with database.reading() as session:
        assert check_database(session, now=NOW) == ()


BREAKS: dict[str, tuple[Callable[[Session], object], str]] = {
    "size": (lambda session: session.execute(update(Story).where(Story.id == 1).values(size=9)), "sums"),
    "date": (lambda session: session.execute(update(Story).values(last_published_at=NOW + DAY)), "sums"),
    "empty": (lambda session: session.execute(update(Article).where(Article.id == 4).values(story_id=None)), "sums"),
    "lease": (lambda session: session.execute(update(Delivery).values(lease_until=NOW + 9 * DAY)), "in deliveries"),
    "poll": (lambda session: session.add(FeedClaim(feed_id=7, lease_until=NOW + 9 * DAY)), "poll's lease"),
    "astray": (lambda session: session.execute(update(Article).where(Article.id == 3).values(story_id=2)), "another"),
    "chain": (
        lambda session: session.execute(update(Article).where(Article.id == 4).values(duplicate_of=3)), "copy itself",
    ),
    "key": (lambda session: session.add(StoryKey(key="x", published_at=NOW, article_id=3)), "no report"),
    "news": (lambda session: session.execute(update(Subscription).values(news_seen=999)), "seen news"),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_what_does_not_hold_is_found_and_put_right(database: Database, name: str) -> None:
    breaks, said = BREAKS[name]
    with database.transaction() as session:
        fill(session)
        breaks(session)
        session.flush()
    with database.reading() as session:
        found = check_database(session, now=NOW)
        assert any(said in one.what for one in found), found
        assert not any(one.repaired for one in found), "looking changes nothing"
    assert all(one.repaired for one in repair_database(database, now=NOW))
    with database.reading() as session:
        assert check_database(session, now=NOW) == ()


def test_what_leads_nowhere_is_cut_or_deleted(sqlite: Database) -> None:
    with sqlite.transaction() as session:
        fill(session)
    raw = sqlite.engine.raw_connection()
    raw.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
    raw.driver_connection.execute("DELETE FROM stories WHERE id = 2")  # type: ignore[union-attr]
    raw.driver_connection.execute("DELETE FROM articles WHERE id = 2")  # type: ignore[union-attr]
    raw.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
    raw.close()
    found = repair_database(sqlite, now=NOW)
    whats = {one.what.partition(" ")[0] for one in found}
    assert {"articles.story_id", "story_events.story_id", "story_keys.article_id"} <= whats
    assert all(one.repaired for one in found)
    with sqlite.reading() as session:
        assert session.scalar(text("SELECT story_id FROM articles WHERE id = 4")) is None


def test_what_nobody_can_put_right_is_only_named(database: Database) -> None:
    with database.transaction() as session:
        fill(session)
        session.execute(update(ToldArticle).values(subscription_id=2))
    (found,) = repair_database(database, now=NOW)
    assert (found.what, found.rows, found.repaired) == (
        "an article was told to somebody by another's digest", (1,), False,
    )  # fmt: skip


def test_looking_for_what_is_to_be_repaired_waits_for_nobody_who_works_on_stories(database: Database) -> None:
    hasty = Database(database.url, patience=1)
    with database.transaction() as session:
        fill(session)
        serialize_stories(session)
        assert repair_database(hasty, now=NOW) == ()
        session.rollback()
    hasty.close()


def test_postgresql_looks_through_no_table_anew_for_each_row(postgres_url: str) -> None:
    """With as little memory as a long table leaves; 260,000 articles took for ever."""
    database = Database(postgres_url)
    migrations.upgrade(database)
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
    with database.reading() as session:
        session.execute(text("SET LOCAL work_mem = '64kB'"))
        asked.clear()
        check_database(session, now=NOW)
        looks = [(said, given) for said, given in asked if said.startswith("SELECT")]
        assert len(looks) > 20
        for said, given in looks:
            plan = "\n".join(line for (line,) in session.connection().exec_driver_sql(f"EXPLAIN {said}", given))
            assert "SubPlan" not in plan, said
    database.close()


def test_the_commands_say_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, "")
    assert json_of(capsys, "db", "check") == {"broken": []}
    deps = Deps(load_settings())
    with deps.transaction() as session:
        fill(session)
        session.execute(update(Story).where(Story.id == 1).values(size=9))
    file = tmp_path / "kept.backup"
    assert main(["db", "check"]) == 1
    assert "Broken: a story's sums are not those of its members (1: 1)" in capsys.readouterr().out
    assert json_of(capsys, "db", "backup", str(file))["file"] == str(file)
    assert main(["db", "check", "--repair"]) == 0
    assert main(["db", "check"]) == 0
    assert "All in the database agrees." in capsys.readouterr().out
    deps.database.close()
    assert main(["db", "restore", str(file)]) == 0
    said = capsys.readouterr()
    assert f"Restored: {file}" in said.out
    assert "1 mails that waited then were ended" in said.err
    assert "before-restore" in said.err
    assert main(["db", "check"]) == 1, "it is as it was"
    assert json_of(capsys, "db", "restore", str(file), "--nothing-sent") == {"file": str(file), "ended": 0}


def test_a_running_service_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from worker.service.data_lock import hold_data

    install(tmp_path, monkeypatch, "")
    file = tmp_path / "kept.backup"
    assert main(["db", "backup", str(file)]) == 0
    with hold_data(load_settings().data_folder):
        assert main(["db", "restore", str(file)]) == 1
    assert "a service is running" in capsys.readouterr().err
