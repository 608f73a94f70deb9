"""The archive searched by its words, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from models import Article
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, discover, match
from tests.integration.test_migrations import add_row
from worker import duplicates
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.errors import QueryError, SearchError
from worker.storage.articles import article_rows, discoveries, rechecks
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.retention import old_texts
from worker.storage.search import archive_search
from worker.storage.search.archive_search import FoundPage
from worker.storage.search.time_limit import limited
from worker.topics import TopicArticle
from worker.topics.search import ArticleReader, read_wanted

WORDS = ("ferry", "ferries", "harbour", "núñez", "straße", "us")
TEXTS = (
    "The ferry left the harbour.",
    "Ferries of the US: a ferry, another FERRY, and no harbour master",
    "U.S.–harbour: José Núñez told of a ferry",
    "Die Straße am harbour_ferry ist gesperrt",
    "HARBOUR, US.– Nunez and the ferries of old",
    "nothing of it",
)


def fill(session: Session) -> list[int]:
    ids = [analyze(session, f"https://news{number}.example/", text=one) for number, one in enumerate(TEXTS)]
    for number, article_id in enumerate(ids):
        title, language = f"{WORDS[number]} {WORDS[number - 1]}", ("en", "es", "de-AT")[number % 3]
        outlet = ("La Jornada", "Jornada La", "")[number % 3]
        changed = update(Article).where(Article.id == article_id)
        session.execute(changed.values(title=title, language=language, outlet=outlet))
    return ids


def ids_of(found: FoundPage) -> set[int]:
    return {one.id for one in found.articles}


def ask(session: Session, query: str) -> set[int]:
    return ids_of(archive_search.search(session, read_wanted(query), now=NOW))


_terms = st.one_of(
    st.sampled_from([*WORDS, "ferr*", "nu*", "h*", "absent", "la"]),
    st.lists(st.sampled_from(["ferry", "harbour", "of", "us", "ferr*", "the"]), min_size=2, max_size=3).flatmap(
        lambda words: st.sampled_from([f'"{" ".join(words)}"', f'"{" ".join(words)}"~3', f'"{" ".join(words)}"~0'])
    ),
    st.sampled_from(["lang:es", "lang:de", "lang:at", "outlet:jornada", 'outlet:"la jornada"', "outlet:jorn*"]),
)
_fields = st.tuples(st.sampled_from(["", "", "title:", "lead:", "body:", "dateline:"]), _terms).map(
    lambda pair: pair[1] if ":" in pair[1] else pair[0] + pair[1]
)
_queries = st.recursive(
    _fields,
    lambda inner: st.one_of(
        st.tuples(inner, inner, st.sampled_from(["AND", "OR", "AND NOT"])).map(lambda it: f"({it[0]} {it[2]} {it[1]})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=5,
)


def test_the_index_finds_what_reading_every_article_would(database: Database) -> None:
    with database.transaction() as session:
        fill(session)
    with database.reading() as session:
        rows = session.execute(select(Article.id, Article.title, Article.text, Article.language, Article.outlet)).all()
        articles = {row.id: TopicArticle(row.title, row.text, row.language, row.outlet) for row in rows}

        @given(_queries)
        @settings(max_examples=150)
        def check(query: str) -> None:
            reader = ArticleReader(read_wanted(query).query)
            wanted = {number for number, article in articles.items() if reader.read(article)}
            assert ask(session, query) == wanted, query

        check()


def test_the_index_goes_with_its_articles(database: Database) -> None:
    with database.transaction() as session:
        first, second = (analyze(session, f"https://{name}.example/", text="A ferry sank.") for name in "ab")
        discover(session, "https://unread.example/", body="A ferry that nobody has read of.")
        assert ask(session, "ferry") == {first, second}
        discoveries.name_outlet(session, second, "Kurier")
        change = duplicates.weigh_change("A ferry sank.", "A tug sank.", title_before="", title_after="Tug")
        rechecks.keep_version(session, first, change, title="Tug", now=NOW)
        assert ask(session, "title:tug") == {first}
        assert ask(session, "ferry") == {first, second}, "its text is still the former one"
        session.execute(update(Article).where(Article.id == first).values(text="A tug sank."))
        assert ask(session, "ferry") == {second}
        old_texts.prune_texts(session, before=NOW + DAY, now=NOW, limit=1)
        assert ask(session, "sank") == {second}
        assert ask(session, "tug") == {first}, "of what it said, its headline is left"
        article_rows.save_failed(session, second, "broken")
        assert ask(session, "sank") == set()
        session.execute(delete(Article).where(Article.id == first))
        assert ask(session, "tug") == set()
    with database.transaction() as session:
        if database.is_sqlite:
            session.execute(text("INSERT INTO search_index(search_index) VALUES ('integrity-check')"))
        else:
            assert session.scalar(text("SELECT count(*) FROM search_index")) == 0


def test_days_topics_and_copies_narrow_it(database: Database) -> None:
    with database.transaction() as session:
        old = analyze(session, "https://old.example/", text="A ferry.", published=NOW - 9 * DAY)
        new = analyze(session, "https://new.example/", text="A ferry.")
        copied = DuplicateDecision(DuplicateKind.NEAR, new, 0.9)
        copy = analyze(session, "https://copy.example/", text="A ferry.", duplicate=copied)
        match(session, old)
        assert ask(session, "ferry") == {old, new}
        assert ask(session, "ferry copies:yes") == {old, new, copy}
        assert ask(session, f"ferry topic:{TOPIC}") == ask(session, f"topic:{TOPIC}") == {old}
        day = (NOW - 9 * DAY).date()
        assert ask(session, f"after:{day + DAY} ferry") == {new}
        assert ask(session, f"before:{day + DAY}") == {old}
        (found,) = archive_search.search(session, read_wanted(f"after:{day} before:{day + DAY}"), now=NOW).articles
        assert (found.topics, found.url, found.story_id) == ((TOPIC,), "https://old.example/", None)


def test_an_archive_is_paged_through_to_its_end_and_nothing_comes_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_search, "SLICE", 5)
    monkeypatch.setattr(archive_search, "READ_SLICE", 3)
    with database.transaction() as session:
        ids = {analyze(session, f"https://n{number}.example/", text="A ferry.") for number in range(12)}
    for query in ("ferry", "lead:ferry", "NOT absent", f"after:{(NOW - DAY).date()}"):
        seen, older, page = list[int](), None, 1
        with database.reading() as session:
            for _ in range(20):
                found = archive_search.search(session, read_wanted(query), now=NOW, page=page, older=older, size=2)
                seen += [one.id for one in found.articles]
                if found.page < found.pages:
                    page += 1
                elif found.older is None:
                    break
                else:
                    older, page = found.older, 1
        assert sorted(seen) == sorted(ids), query
        with database.reading() as session:
            beyond = archive_search.search(session, read_wanted(query), now=NOW, page=99, size=2)
            assert beyond.page == beyond.pages


@pytest.mark.parametrize(
    "query",
    [
        "' OR 1=1 --",
        '\\"',
        "x'; DROP TABLE articles; --",
        "NEAR",
        "title : x",
        "a*b",
        "{title}:x",
        "'':*",
        "\\'\\'",
        "\x01",
    ],
)
def test_no_query_reaches_the_database_as_anything_but_words(database: Database, query: str) -> None:
    with database.transaction() as session:
        analyze(session, "https://a.example/", text="A ferry.")
    with database.reading() as session:
        try:
            wanted = read_wanted(query)
        except QueryError:
            return  # refused before any database is asked
        archive_search.search(session, wanted, now=NOW)
        assert session.scalar(select(func.count()).select_from(Article)) == 1


def test_a_query_of_many_words_is_answered(database: Database) -> None:
    with database.transaction() as session:
        found = analyze(session, "https://a.example/", text="A word2999 here.")
    with database.reading() as session:
        assert ask(session, " OR ".join(f"w{number}" for number in range(1_500)) + " OR word2999") == {found}
        deep = "(" * 49 + "word2999" + ")" * 49
        assert ask(session, deep) == {found}


def test_what_would_take_too_long_is_given_up(database: Database) -> None:
    slow = "SELECT count(*) FROM generate_series(1, 100000000)"
    if database.is_sqlite:
        slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    wanted = pytest.raises(SearchError, match="ask for rarer words")
    with database.reading() as session, wanted, limited(session, seconds=0.05):
        session.scalar(text(slow))
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_a_word_of_a_megabyte_and_a_text_of_many_words_are_stored(database: Database) -> None:
    hostile = " ".join(f"{chr(0x10000 + number % 60_000)}{number}" for number in range(60_000)) + "x" * 1_000_000
    with database.transaction() as session:
        found = analyze(session, "https://a.example/", text="needle " + hostile)
        more = analyze(session, "https://b.example/", text="needle " + "\ufdfa " * 90_000)
        assert ask(session, "needle") == {found, more}


@pytest.mark.parametrize("letters", [64, 2040, 2041, 2042, 2046, 2047, 5000])
def test_a_headline_of_one_long_word_can_be_read_from_a_dump(postgres_url: str, letters: int) -> None:
    with Database(postgres_url).transaction() as session:
        found = analyze(session, "https://a.example/", text="needle")
        named = update(Article).where(Article.id == found)
        session.execute(named.values(title="x" * letters, outlet="y" * letters))
        read_back = "SELECT count(*) FROM search_index WHERE words::text::tsvector = words"
        assert session.scalar(text(read_back)) == 1
        assert ask(session, "needle") == {found}


def test_the_migration_indexes_what_is_stored_and_goes_without_a_trace(empty_database: Database) -> None:
    migrations.upgrade(empty_database, "0034")
    alone = {"feed_id": None, "story_id": None}
    with empty_database.engine.begin() as connection:
        add_row(
            connection, "articles", id=1, url_hash="1", state="analyzed", text="Una fragata", title="Canción", **alone
        )
        add_row(connection, "articles", id=2, url_hash="2", state="fetched", text="Una fragata", **alone)
    migrations.upgrade(empty_database)
    with empty_database.reading() as session:
        assert ask(session, "fragata cancion") == {1}
    migrations.downgrade(empty_database, "0034")
    with empty_database.transaction() as session:
        session.execute(update(Article).where(Article.id == 1).values(text="x"))
        assert session.scalar(text("SELECT text FROM articles WHERE id = 1")) == "x"
    migrations.upgrade(empty_database)
    with empty_database.reading() as session:
        assert ask(session, "fragata") == set()
        assert ask(session, "x cancion") == {1}
