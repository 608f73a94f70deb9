"""Migrations up, down and up again, with data, on both databases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import NOW
from worker.errors import ConfigurationError, StorageError
from worker.storage.articles import sample_pages
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.db.installation import installation_uid
from worker.storage.feeds import feed_rows


def test_models_and_migrations_agree(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    migrations.check(empty_database)


def test_round_trip_with_data(empty_database: Database) -> None:
    migrations.upgrade(empty_database)
    with empty_database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed", outlet="Example")], now=NOW)
    migrations.downgrade(empty_database, "base")
    assert set(inspect(empty_database.engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(empty_database)
    with empty_database.transaction() as session:
        assert feed_rows.list_feeds(session) == []
        assert feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=NOW) == 1


KEPT = (
    "feeds", "stories", "articles", "feed_polls", "sightings", "topic_matches",
    "subscribers", "subscriptions", "digests", "digest_stories", "deliveries",
)  # fmt: skip


def add_row(connection: Connection, name: str, **stated: object) -> None:
    """A row with the id 1 that belongs to the rows with the id 1 of other tables; or as stated."""
    table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
    made_up = {bool: True, int: 1, float: 1.0, str: "1", bytes: b"1", datetime: NOW}
    wanted = [column for column in table.columns if not column.nullable or column.name in {"feed_id", "story_id"}]
    connection.execute(
        insert(table).values({column.name: made_up[column.type.python_type] for column in wanted} | stated)
    )


def count_rows(database: Database) -> dict[str, int]:
    with database.engine.begin() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(text(name))) or 0
            for name in (*KEPT, "articles WHERE feed_id = 1")
        }


def test_no_row_is_lost_on_the_way_up_and_down(empty_database: Database) -> None:
    migrations.upgrade(empty_database, "0002")
    with empty_database.engine.begin() as connection:
        for name in KEPT:
            add_row(connection, name)
    before = count_rows(empty_database)
    assert set(before.values()) == {1}
    migrations.upgrade(empty_database)
    assert count_rows(empty_database) == before
    migrations.downgrade(empty_database, "0002")
    assert count_rows(empty_database) == before
    with empty_database.transaction() as session, pytest.raises(IntegrityError):
        session.execute(text("UPDATE articles SET feed_id = 2"))


def test_samples_move_into_their_months_and_back(empty_database: Database) -> None:
    migrations.upgrade(empty_database, "0003")
    with empty_database.transaction() as session:
        for number, day in ((1, "2026-01-31 23:30:00+00:00"), (2, "2026-02-01 00:30:00+00:00")):
            columns = "id, url, url_hash, outlet, entry_id, entry_title, entry_body, mailable, state, attempts, "
            columns += "discovered_at, feed_only, title, text, duplicate_of"
            values = f"{number}, 'u', '{number}', '', '', '', '', true, 'analyzed', 0, '{day}', false, '', '', "
            values += "NULL" if number == 1 else "1"
            session.execute(text(f"INSERT INTO articles ({columns}) VALUES ({values})"))
            session.execute(text(f"INSERT INTO text_samples (sample, article_id) VALUES (-7, {number})"))
    migrations.upgrade(empty_database, "0011")
    with empty_database.reading() as session:
        rows = session.execute(text("SELECT month, sample, article_id FROM text_samples ORDER BY 1")).all()
        assert rows == [(2026 * 12, -7, 1), (2026 * 12 + 1, -7, 2)]
        assert session.scalars(text("SELECT copied_from FROM articles ORDER BY id")).all() == [None, 1]
    migrations.downgrade(empty_database, "0003")
    with empty_database.reading() as session:
        rows = session.execute(text("SELECT sample, article_id FROM text_samples ORDER BY 2")).all()
        assert rows == [(-7, 1), (-7, 2)]


def test_samples_are_packed_into_pages_and_unpacked(empty_database: Database) -> None:
    months = (2026 * 12, 2026 * 12 + 1)
    entries = [(month, sample * 7 - 3_000, sample % 300 + 1) for month in months for sample in range(1_000)]
    entries += [(months[0], -3_000, article_id) for article_id in range(400, 450)]
    migrations.upgrade(empty_database, "0013")
    columns = ("month", "sample", "article_id")
    with empty_database.transaction() as session:
        rows = [dict(zip(columns, entry, strict=True)) for entry in entries]
        session.execute(text("INSERT INTO text_samples VALUES (:month, :sample, :article_id)"), rows)
    migrations.upgrade(empty_database)
    with empty_database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM sample_pages")) == 22
        found = sample_pages.read_articles(session, [-3_000, 7 * 999 - 3_000, 5], months)
        assert {sample: sorted(articles) for sample, articles in found.items()} == {
            -3_000: [1, 1, *range(400, 450)], 7 * 999 - 3_000: [100, 100],
        }  # fmt: skip
        sample_pages.add_entries(session, 77, [5], month=months[1], crowd=50)
        assert sample_pages.read_articles(session, [5], months) == {5: [77]}
    migrations.downgrade(empty_database, "0013")
    with empty_database.reading() as session:
        back = session.execute(text("SELECT month, sample, article_id FROM text_samples")).all()
    assert sorted(map(tuple, back)) == sorted([*entries, (months[1], 5, 77)])


def test_polls_that_have_not_ended_become_claims_and_back(empty_database: Database) -> None:
    migrations.upgrade(empty_database, "0014")
    with empty_database.engine.begin() as connection:
        for number, lease, begun in ((1, None, 0), (2, NOW, 1), (3, None, 2)):
            add_row(connection, "feeds", id=number, url_hash=str(number), lease_until=lease, unfinished=begun)
    claims = text("SELECT feed_id, attempts FROM feed_claims ORDER BY feed_id")
    migrations.upgrade(empty_database)
    with empty_database.reading() as session:
        assert session.execute(claims).all() == [(2, 1), (3, 2)]
    migrations.downgrade(empty_database, "0014")
    with empty_database.reading() as session:
        assert session.scalars(text("SELECT unfinished FROM feeds ORDER BY id")).all() == [0, 1, 2]
        assert session.scalars(text("SELECT lease_until FROM feeds ORDER BY id")).all()[0] is None


def test_what_a_reason_said_becomes_a_fact_and_learned_lines_their_name(empty_database: Database) -> None:
    migrations.upgrade(empty_database, "0015")
    reasons = ["the entry has no link of its own", "answered 404", None]
    verdicts = ["furniture", "story", "kept"]
    with empty_database.engine.begin() as connection:
        add_row(connection, "stories")
        add_row(connection, "feeds", last_polled_at=NOW, last_success_at=NOW)
        add_row(connection, "sites")
        for number, (reason, verdict) in enumerate(zip(reasons, verdicts, strict=True), start=1):
            add_row(connection, "articles", id=number, url_hash=str(number), reason=reason)
            add_row(connection, "site_verdicts", line=number, verdict=verdict)
    migrations.upgrade(empty_database, "0016")
    has_page = text("SELECT has_page FROM articles ORDER BY id")
    judged = text("SELECT verdict FROM site_verdicts ORDER BY line")
    with empty_database.transaction() as session:
        assert [bool(found) for found in session.scalars(has_page)] == [False, True, True]
        assert session.scalars(judged).all() == ["boilerplate", "story", "kept"]
        assert "last_polled_at" not in columns_of(session.connection(), "feeds")
        assert session.scalar(text("SELECT count(*) FROM articles WHERE feed_id = 1")) == 3
    migrations.downgrade(empty_database, "0015")
    with empty_database.reading() as session:
        assert session.scalars(judged).all() == verdicts
        assert session.scalars(text("SELECT reason FROM articles ORDER BY id")).all() == reasons
        assert "has_page" not in columns_of(session.connection(), "articles")
        assert session.scalars(text("SELECT last_polled_at FROM feeds")).all() == [None]
        assert session.scalar(text("SELECT count(*) FROM articles WHERE feed_id = 1")) == 3


def columns_of(connection: Connection, table: str) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns(table)}


def test_upgrade_twice_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=NOW)
    migrations.upgrade(database)
    migrations.require_current(database)
    with database.reading() as session:
        assert len(feed_rows.list_feeds(session)) == 1


def test_no_unbounded_string_is_in_a_unique_index(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in inspector.get_table_names():
        lengths = {column["name"]: column["type"] for column in inspector.get_columns(table)}
        unique = [u["column_names"] for u in inspector.get_unique_constraints(table)]
        unique += [i["column_names"] for i in inspector.get_indexes(table) if i["unique"]]
        for name in {name for names in unique for name in names if name}:
            kind = lengths[name]
            assert str(kind).upper() != "TEXT", f"{table}.{name}"


def test_an_empty_database_says_what_to_do(empty_database: Database) -> None:
    with pytest.raises(StorageError, match="storywatch db upgrade"), empty_database.reading() as session:
        feed_rows.list_feeds(session)
    with pytest.raises(StorageError, match="storywatch db upgrade"):
        migrations.require_current(empty_database)


def test_other_databases_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="mysql"):
        Database("mysql://root@localhost/news")
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        Database("not a url")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be made"):
        Database(f"sqlite:///{tmp_path / 'file' / 'below' / 'storywatch.db'}")


def test_an_installation_has_one_name_that_no_upgrade_changes(empty_database: Database) -> None:
    migrations.upgrade(empty_database, "0016")
    with empty_database.engine.begin() as connection:
        for name in ("stories", "subscribers", "subscriptions", "digests", "digest_stories"):
            add_row(connection, name)
    migrations.upgrade(empty_database)
    with empty_database.reading() as session:
        uid = installation_uid(session)
        assert len(uid) == 36
        muted = text("SELECT muted_outlets, muted_stories FROM subscriptions")
        assert session.execute(muted).all() == [(None, None)]
        assert session.scalars(text("SELECT headline FROM digest_stories")).all() == [None]
    migrations.upgrade(empty_database)
    with empty_database.reading() as session:
        assert installation_uid(session) == uid
    migrations.downgrade(empty_database, "0016")
    with empty_database.reading() as session:
        assert "muted_outlets" not in columns_of(session.connection(), "subscriptions")
        assert session.scalar(text("SELECT count(*) FROM digest_stories")) == 1


def test_stories_lose_what_nobody_reads_and_are_found_by_their_reports(empty_database: Database) -> None:
    migrations.upgrade(empty_database, "0021")
    with empty_database.engine.begin() as connection:
        for name in ("feeds", "stories", "articles", "story_keys"):
            add_row(connection, name, **({"published_at": NOW, "vector": '{"1":0.5}'} if name == "articles" else {}))
        add_row(connection, "articles", id=2, url_hash="2", duplicate_of=1, vector='{"1":0.5}')
        add_row(connection, "articles", id=3, url_hash="3", vector='{"11":0.5,"ferry":0.5}')
        connection.execute(text("UPDATE stories SET total = '{\"ferry\": 0.5}', size = 7"))
    keys = text("SELECT key, article_id FROM story_keys")
    migrations.upgrade(empty_database, "0022")
    with empty_database.reading() as session:
        assert session.scalars(text("SELECT size FROM stories")).all() == [7]
        assert session.execute(keys).all() == [("1", 1)], "no copy is found by them, and no report that does not say so"
    migrations.downgrade(empty_database, "0021")
    with empty_database.reading() as session:
        assert session.execute(text("SELECT size, total, languages, embedding FROM stories")).all() == [
            (7, "{}", "[]", None)
        ]
        assert session.execute(text("SELECT key, story_id FROM story_keys")).all() == [("1", 1)]
