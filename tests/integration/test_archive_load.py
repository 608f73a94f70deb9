"""`storywatch archive load`, on both databases: the real way, once, to the end, and mailed to nobody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models import Article
from tests.conftest import NOW
from tests.integration.cli_site import install, json_of
from tests.integration.stored import DAY, discover, look_at, subscribe
from worker.cli.main import main
from worker.replay.archive import ArchivedArticle
from worker.replay.loading import Arrival, Loaded, load_archive
from worker.replay.replay import replay_archive, replay_database
from worker.setup.analysis_deps import AnalysisRules
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.setup.topics_in_use import remember_topics
from worker.storage.db.database import Database
from worker.storage.reports.placements import read_placements

BOATS = 'name = "boats"\nlanguages = ["en"]\nquery.any = "ferry"'


@pytest.fixture
def deps(database: Database, tmp_path: Path) -> Iterator[Deps]:
    (tmp_path / "boats.toml").write_text(BOATS)
    settings = load_settings(
        folder=tmp_path, database_url=database.url, topic_files=(Path("boats.toml"),), builtin_topics=False
    )
    deps = Deps(settings, now=lambda: NOW)
    with deps.transaction() as session:
        remember_topics(session, settings, now=NOW)
    yield deps
    deps.database.close()


def articles(count: int) -> list[ArchivedArticle]:
    """So many reports of their own, a day apart and the last one now; every third is about ferries."""
    return [
        ArchivedArticle(
            id=f"a{number}", title=f"Report {number}", url=f"https://news.example/{number}", language="en",
            text=" ".join(f"w{number}x{word}" for word in range(50)) + (" ferry ferry" if number % 3 == 0 else ""),
            published=NOW - (count - 1 - number) * DAY,
        )
        for number in range(count)
    ]  # fmt: skip


def rows(deps: Deps) -> list[tuple[Any, ...]]:
    columns = (Article.id, Article.url, Article.state, Article.published_at, Article.discovered_at, Article.story_id)
    with deps.reading() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Article.id))]


def test_every_article_comes_in_at_its_time_the_real_way(deps: Deps) -> None:
    archive = articles(7)
    assert load_archive(archive, deps) == Loaded(articles=7, copies=0, known=0, matches={"boats": 3})
    for (_, url, state, published, discovered, story), line in zip(rows(deps), archive, strict=True):
        assert (url, state, published, discovered) == (line.url, "analyzed", line.published, line.published)
        assert story is not None


def test_loaded_again_it_changes_nothing(deps: Deps) -> None:
    load_archive(articles(5), deps)
    before = rows(deps)
    assert load_archive(articles(5), deps) == Loaded(known=5, matches={})
    assert rows(deps) == before
    assert load_archive(articles(7), deps).articles == 2


def test_what_was_interrupted_goes_on(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.replay.loading._BATCH", 2)

    def give_up(arriving: Iterable[Arrival]) -> Iterator[Arrival]:
        for number, arrival in enumerate(arriving):
            if number == 5:
                raise KeyboardInterrupt
            yield arrival

    with pytest.raises(KeyboardInterrupt):
        load_archive(articles(7), deps, watch=give_up)
    assert len(rows(deps)) == 4, "whole batches"
    assert load_archive(articles(7), deps) == Loaded(3, 0, 4, {"boats": 1})
    assert [row[1] for row in rows(deps)] == [line.url for line in articles(7)]


def test_what_a_feed_has_brought_is_left_as_it_is(deps: Deps) -> None:
    with deps.transaction() as session:
        known = discover(session, "https://news.example/2")
    assert load_archive(articles(4), deps) == Loaded(3, 0, 1, {"boats": 2})
    assert rows(deps)[0][:3] == (known, "https://news.example/2", "discovered")


def test_an_address_is_one_article_and_lines_without_one_are_known_by_what_they_say(deps: Deps) -> None:
    first, second = articles(2)
    same = ArchivedArticle("b", "The same", second.text, f"{first.url}#comments", NOW, "en")
    nameless = [ArchivedArticle("c", "Without", f"{word} " * 30, "", NOW, "en") for word in ("quay", "dock")]
    assert load_archive([first, same, *nameless], deps) == Loaded(3, 0, 1, {"boats": 1})
    assert load_archive(nameless, deps).known == 2


def test_undated_ones_come_in_just_now_and_none_after(deps: Deps) -> None:
    undated = [
        ArchivedArticle(str(number), "", f"quay{number} " * 30, "", None, "en") for number in range(3)
    ]  # fmt: skip
    load_archive(undated, deps)
    assert [row[4] for row in rows(deps)] == [NOW - timedelta(minutes=left) for left in (2, 1, 0)]
    load_archive([ArchivedArticle("f", "", "dock " * 30, "", NOW + 9 * DAY, "en")], deps)
    assert rows(deps)[-1][4] == NOW


def test_it_is_placed_as_a_replay_places_it(deps: Deps) -> None:
    event = " ".join(f"event{word}" for word in range(60))
    archive = articles(6)
    archive += [
        ArchivedArticle("e1", "The bridge opens", event, "https://a.example/e", NOW, "en"),
        ArchivedArticle("e2", "The bridge opens", event, "https://b.example/e", NOW + timedelta(hours=1), "en"),
    ]
    deps.now = lambda: NOW + DAY
    rules = AnalysisRules(deps.topics, deps.copy_rules, deps.story_rules)
    with replay_database(None) as scratch:
        replayed = replay_archive(archive, rules, scratch)
    assert load_archive(archive, deps).copies == 1
    with deps.reading() as session:
        placed = read_placements(session, [row[0] for row in rows(deps)])
    ids = {line.id: row[0] for line, row in zip(archive, rows(deps), strict=True)}
    for row in replayed:
        found = placed[ids[row["id"]]]
        assert found.duplicate.duplicate_of == ids.get(row["duplicate_of"])
        assert [match.topic for match in found.matches] == [match["topic"] for match in row["topics"]]


def test_nobody_is_mailed_the_past(deps: Deps) -> None:
    with deps.transaction() as session:
        subscription = subscribe(session, topics=("boats",), since=NOW - 9 * DAY)
    load_archive(articles(7), deps)
    with deps.reading() as session:
        assert look_at(session, subscription, "boats") == ()


def test_the_command_says_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    path = tmp_path / "in.jsonl"
    now = datetime.now(UTC)
    lines = [{"id": str(n), "title": "", "text": f"quay{n} " * 30, "published": now.isoformat()} for n in range(3)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    capsys.readouterr()
    assert main(["archive", "load", str(path)]) == 0
    assert capsys.readouterr().out == "3 articles loaded, 0 of them copies; 0 were known\n"
    assert json_of(capsys, "archive", "load", str(path)) == {"articles": 0, "copies": 0, "known": 3, "matches": {}}
    path.write_text("{}\n{")
    assert main(["archive", "load", str(path)]) == 2
    assert f"{path} line 1: 'id' is None, expected text" in capsys.readouterr().err
