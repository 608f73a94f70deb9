"""A topic edited is a topic in use: for every worker, from the next article on, and without a restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy import select

from models import TopicMatch
from tests.conftest import NOW
from tests.integration.stored import DAY, analyze, discover
from worker.analysis import analyze_article, recheck_page, site_rereading
from worker.analysis.retag_articles import retag_articles
from worker.errors import ConfigurationError, TopicFileError
from worker.setup import topic_watch, topics_in_use
from worker.setup.deps import Deps
from worker.setup.settings import Settings, load_settings
from worker.setup.topic_sources import load_topics
from worker.setup.topic_watch import TopicWatch
from worker.setup.topics_in_use import remember_topics
from worker.storage.db.database import Database
from worker.storage.topics import retags, topic_rows
from worker.topics import load_topic

FERRIES = 'name = "boats"\nlanguages = ["en"]\nquery.any = "ferry"'
BARGES = 'name = "boats"\nlanguages = ["en"]\nquery.any = "barge"'
TRAINS = 'name = "trains"\nlanguages = ["en"]\nquery.any = "train"'
TICK = 0.05  # seconds; the times of files lag behind the clock by some milliseconds
FERRY, BARGE, TRAIN = "The ferry came. The ferry left.", "The barge came. The barge left.", "The train came on time."


@pytest.fixture
def settings(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(topic_watch, "_SETTLED", timedelta())
    (tmp_path / "boats.toml").write_text(FERRIES)
    return make_settings(database, tmp_path)


def make_settings(database: Database, folder: Path, *files: str, **values: Any) -> Settings:
    paths = tuple(Path(name) for name in files or ("boats.toml",))
    return load_settings(
        folder=folder, database_url=database.url, topic_files=paths, builtin_topics=False, **values
    )  # fmt: skip


@pytest.fixture
def worker(settings: Settings) -> Iterator[Callable[[], Deps]]:
    """Makes processes that read articles, each with what it knows of the topics."""
    started: list[Deps] = []

    def start() -> Deps:
        load_topics.cache_clear()
        started.append(Deps(settings))
        return started[-1]

    yield start
    for deps in started:
        deps.database.close()


def save(deps: Deps, source: str) -> None:
    with deps.transaction() as session:
        topic_rows.save_topics(session, [(load_topic(source), source)], now=deps.now())


def edit(path: Path, source: str) -> None:
    """Save the file after all that was loaded before."""
    sleep(TICK)
    path.write_text(source)


def declare(deps: Deps, settings: Settings | None = None) -> None:
    """As `storywatch db upgrade --load` does."""
    load_topics.cache_clear()
    with deps.transaction() as session:
        remember_topics(session, settings or deps.settings, now=deps.now())


def read(deps: Deps, number: int, text: str) -> set[str]:
    """Let that worker read a new article; return the topics it has then."""
    with deps.transaction() as session:
        article_id = discover(session, f"https://news.example/{number}", body=words(number, text), has_page=False)
    analyze_article.analyze_article(deps, article_id)
    return topics_of(deps, article_id)


def words(number: int, text: str) -> str:
    """The text, and so much of its own that it is nobody's copy."""
    return f"{text} " + " ".join(f"w{number}x{word}" for word in range(40))


def topics_of(deps: Deps, article_id: int) -> set[str]:
    with deps.reading() as session:
        return set(session.scalars(select(TopicMatch.topic).where(TopicMatch.article_id == article_id)))


def source_of(deps: Deps, name: str = "boats") -> str | None:
    with deps.reading() as session:
        return topic_rows.saved_source(session, name)


def test_every_worker_judges_by_what_one_has_saved(worker: Callable[[], Deps]) -> None:
    one, other = worker(), worker()
    declare(one)
    assert (read(one, 1, FERRY), read(other, 2, FERRY)) == ({"boats"}, {"boats"})
    save(one, BARGES)
    assert (read(one, 3, FERRY), read(other, 4, FERRY)) == (set(), set())
    assert (read(one, 5, BARGE), read(other, 6, BARGE)) == ({"boats"}, {"boats"})


def test_a_topic_saved_while_an_article_is_read_counts_for_it(
    worker: Callable[[], Deps], monkeypatch: pytest.MonkeyPatch
) -> None:
    deps, editor = worker(), worker()
    declare(deps)
    judge = analyze_article.judge

    def judge_and_edit(*given: Any, **named: Any) -> Any:
        judgement = judge(*given, **named)
        save(editor, BARGES)
        return judgement

    monkeypatch.setattr(analyze_article, "judge", judge_and_edit)
    assert read(deps, 1, BARGE) == {"boats"}
    assert read(deps, 2, FERRY) == set()


def test_nothing_is_read_again_while_nothing_changes(
    worker: Callable[[], Deps], monkeypatch: pytest.MonkeyPatch
) -> None:
    deps = worker()
    declare(deps)
    read(deps, 1, FERRY)
    compiled = deps.topics
    monkeypatch.setattr(topic_rows, "stored_topics", lambda session: pytest.fail("read again"))
    read(deps, 2, FERRY)
    assert deps.topics is compiled


def test_who_only_reads_needs_no_topic_file(worker: Callable[[], Deps], tmp_path: Path) -> None:
    deps = worker()
    declare(deps)
    (tmp_path / "boats.toml").unlink()
    reader = worker()
    assert read(reader, 1, FERRY) == {"boats"}
    assert reader.topic_names() == ("boats",)


def test_what_was_never_saved_is_what_is_configured(worker: Callable[[], Deps], tmp_path: Path) -> None:
    assert read(worker(), 1, FERRY) == {"boats"}
    (tmp_path / "boats.toml").unlink()
    with pytest.raises(TopicFileError, match=r"boats\.toml"):
        worker().topics  # noqa: B018 (asking is the test)


def test_a_topic_that_is_new_in_the_database_and_one_that_is_gone(
    worker: Callable[[], Deps], settings: Settings, database: Database, tmp_path: Path
) -> None:
    deps = worker()
    declare(deps)
    assert read(deps, 1, TRAIN) == set()
    (tmp_path / "trains.toml").write_text(TRAINS)
    declare(deps, make_settings(database, tmp_path, "trains.toml"))
    assert read(deps, 2, TRAIN) == {"trains"}
    assert read(deps, 3, FERRY) == set(), "no topic any more"
    assert deps.topic_names() == ("trains",)
    declare(deps, settings)
    assert (read(deps, 4, TRAIN), read(deps, 5, FERRY)) == (set(), {"boats"})


def test_what_is_stored_by_another_version_leaves_the_one_that_is_known(
    worker: Callable[[], Deps], monkeypatch: pytest.MonkeyPatch
) -> None:
    deps, said = worker(), list[str]()
    monkeypatch.setattr(topics_in_use.log, "error", lambda event, **facts: said.append(facts["reason"]))
    declare(deps)
    read(deps, 1, FERRY)
    with deps.transaction() as session:
        topic_rows.save_topics(session, [(load_topic(BARGES), "name = 1")], now=deps.now())
    assert (read(deps, 2, FERRY), read(deps, 3, FERRY)) == ({"boats"}, {"boats"})
    assert len(said) == 1
    assert "topic boats as it was stored" in said[0]


def test_pages_that_are_read_again_are_judged_by_it_too() -> None:
    """Every step that saves what an article is about asks under the lock."""
    for step in (analyze_article, recheck_page, site_rereading):
        assert "topics_at" in {name for code in codes(step) for name in code.co_names}, step.__name__


def codes(module: Any) -> Iterator[Any]:
    yield from (value.__code__ for value in vars(module).values() if hasattr(value, "__code__"))


def test_an_edited_file_is_put_to_use_by_the_clock(worker: Callable[[], Deps], tmp_path: Path) -> None:
    clock, reader, watch = worker(), worker(), TopicWatch()
    declare(clock)
    watch.look(clock, lambda: clock.settings)
    assert read(reader, 1, FERRY) == {"boats"}
    edit(tmp_path / "boats.toml", BARGES)
    watch.look(clock, lambda: clock.settings)
    assert source_of(clock) == BARGES
    assert (read(reader, 2, BARGE), read(reader, 3, FERRY)) == ({"boats"}, set())


def test_a_file_that_is_named_anew_is_put_to_use_and_offered(
    worker: Callable[[], Deps], database: Database, tmp_path: Path
) -> None:
    clock, reader, watch = worker(), worker(), TopicWatch()
    declare(clock)
    (tmp_path / "trains.toml").write_text(TRAINS)
    watch.look(clock, lambda: clock.settings)
    assert read(reader, 1, TRAIN) == set(), "nobody has named it"
    watch.look(clock, lambda: make_settings(database, tmp_path, "boats.toml", "trains.toml"))
    assert read(reader, 2, TRAIN) == {"trains"}
    assert reader.topic_names() == ("boats", "trains")


def test_a_file_is_read_only_when_it_or_its_model_is_another_one(
    worker: Callable[[], Deps], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deps, watch, looks = worker(), TopicWatch(), list[int]()
    real = topic_watch._use_edited
    monkeypatch.setattr(topic_watch, "_use_edited", lambda *given: (looks.append(1), real(*given)))
    for expected in (1, 1):
        watch.look(deps, lambda: deps.settings)
        assert len(looks) == expected
    (tmp_path / "boats.model.toml").write_text("")
    watch.look(deps, lambda: deps.settings)
    watch.look(deps, lambda: deps.settings)
    assert len(looks) == 2


def test_who_is_still_writing_is_left_to_it(
    worker: Callable[[], Deps], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_watch, "_SETTLED", timedelta(seconds=60))
    deps, watch = worker(), TopicWatch()
    declare(deps)
    edit(tmp_path / "boats.toml", BARGES)
    watch.look(deps, lambda: deps.settings)
    assert source_of(deps) == FERRIES
    deps.now = lambda: datetime.now(UTC) + timedelta(seconds=61)
    watch.look(deps, lambda: deps.settings)
    assert source_of(deps) == BARGES


def test_a_broken_file_is_named_once_and_the_version_in_use_stays(
    worker: Callable[[], Deps], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deps, watch, said = worker(), TopicWatch(), list[str]()
    monkeypatch.setattr(topic_watch.log, "error", lambda event, **facts: said.append(facts["reason"]))
    declare(deps)
    (tmp_path / "boats.toml").write_text("name = ")
    for _ in range(3):
        watch.look(deps, lambda: deps.settings)
    assert source_of(deps) == FERRIES
    assert len(said) == 1
    assert str(tmp_path / "boats.toml") in said[0]
    edit(tmp_path / "boats.toml", BARGES)
    watch.look(deps, lambda: deps.settings)
    assert source_of(deps) == BARGES


def test_a_configuration_that_cannot_be_read_is_named_once(
    worker: Callable[[], Deps], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deps, watch, said = worker(), TopicWatch(), list[str]()
    monkeypatch.setattr(topic_watch.log, "error", lambda event, **facts: said.append(facts["reason"]))
    declare(deps)

    def broken() -> Settings:
        raise ConfigurationError("setting 'x' does not exist")

    watch.look(deps, broken)
    watch.look(deps, broken)
    assert said == ["setting 'x' does not exist"]
    edit(tmp_path / "boats.toml", BARGES)
    watch.look(deps, lambda: deps.settings)
    assert source_of(deps) == BARGES


def test_a_machine_with_an_older_file_undoes_nothing(
    worker: Callable[[], Deps], database: Database, tmp_path: Path
) -> None:
    deps, elsewhere = worker(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "boats.toml").write_text(FERRIES)
    declare(deps)
    edit(tmp_path / "boats.toml", BARGES)
    here, there = TopicWatch(), TopicWatch()
    here.look(deps, lambda: deps.settings)
    there.look(deps, lambda: make_settings(database, elsewhere))
    assert source_of(deps) == BARGES
    edit(elsewhere / "boats.toml", FERRIES)  # somebody saves it again: from now on it is the newest
    there.look(deps, lambda: make_settings(database, elsewhere))
    here.look(deps, lambda: deps.settings)
    assert source_of(deps) == FERRIES


@pytest.mark.parametrize("is_new", [True, False])
def test_it_is_applied_to_the_days_that_are_asked_for(
    worker: Callable[[], Deps], database: Database, tmp_path: Path, is_new: bool
) -> None:
    deps = worker()
    deps.settings = make_settings(database, tmp_path, retag_days=3)
    (tmp_path / "boats.toml").write_text(TRAINS if is_new else FERRIES)
    declare(deps)
    with deps.transaction() as session:
        old = analyze(session, "https://news.example/old", text=BARGE)
        recent = discover(session, "https://news.example/recent", body=words(1, BARGE), has_page=False)
    deps.now = lambda: NOW + 9 * DAY
    analyze_article.analyze_article(deps, recent)
    assert topics_of(deps, recent) == set()
    deps.now = lambda: NOW + 10 * DAY
    edit(tmp_path / "boats.toml", BARGES)
    declare(deps)
    with deps.reading() as session:
        waiting = retags.waiting_retags(session, now=deps.now(), limit=9)
        found = {one.topic: one.waiting for one in retags.retag_progress(session)}
    assert found["boats"] == 1
    for each in waiting:
        while retag_articles(deps, each):
            pass
    assert (topics_of(deps, recent), topics_of(deps, old)) == ({"boats"}, set())


def test_asked_for_all_of_them_after_some_it_begins_anew(worker: Callable[[], Deps]) -> None:
    deps = worker()
    declare(deps)
    with deps.transaction() as session:
        old = analyze(session, "https://news.example/old", text=FERRY)
        some = retags.start_retag(session, "boats", now=NOW + 9 * DAY, since=NOW + 8 * DAY)
        assert retags.start_retag(session, "boats", now=NOW + 9 * DAY) == some
    while retag_articles(deps, some):
        pass
    assert topics_of(deps, old) == {"boats"}
