"""Stories with a model of sentence embeddings: frozen with the article, summed up in the story, never needed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Article, Story
from tests.conftest import NOW
from tests.integration.stored import DAY, discover
from tests.integration.tiny_model import make_model
from worker import pages, stories, topics
from worker.analysis.analyze_article import analyze_article
from worker.analysis.judgement import Embed, judge
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_next
from worker.analysis.updating import revise
from worker.cli.main import main
from worker.duplicates import MEASURED
from worker.errors import ConfigurationError
from worker.setup.deps import Deps
from worker.setup.embedder import Embedder, load_embedder, megabytes_needed
from worker.setup.settings import Settings
from worker.setup.tables import StoriesTable
from worker.storage.db.database import Database
from worker.storage.stories.embeddings import pack_embedding, unpack_embedding

HARBOUR = "The ferry to Kvalvik left the harbour of Sundholm at noon with forty passengers and came back by evening."
QUAY = "Forty passengers took the ferry from Sundholm to Kvalvik; by evening all of them stood on the quay again."
COURT = "The judge in Sundholm heard forty passengers of the Kvalvik ferry; the court will give its verdict by evening."


def using(folder: Path) -> Settings:
    return Settings(stories=StoriesTable(embeddings=folder))


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    found = load_embedder(using(make_model(tmp_path_factory.mktemp("model"))))
    assert found
    return found


def read(database: Database, name: str, text: str, embed: Embed | None) -> int:
    with database.transaction() as session:
        article_id = discover(session, f"https://{name}.example/")
    article = pages.ExtractedArticle(pages.PageKind.ARTICLE, "", text, language="en")
    judged = judge(article, published=NOW, outlet=name, topic_set=topics.TopicSet(()), embed=embed)
    with database.transaction() as session:
        place(session, article_id, judged, now=NOW)
    return article_id


def sums(database: Database) -> list[tuple[int, int]]:
    """Of every story that holds reports: how many, and how many of them its embedding counts."""
    with database.reading() as session:
        rows = session.execute(select(Story.size, Story.embedding).where(Story.size > 0).order_by(Story.id)).all()
    return [(size, found.count if (found := unpack_embedding(stored)) else 0) for size, stored in rows]


def test_a_model_tells_meanings_apart(embedder: Embedder) -> None:
    harbour, quay, court = map(embedder, (HARBOUR, "El transbordador volvió al muelle", "the judge and the court"))
    assert harbour
    assert quay
    assert court
    assert harbour.total == pytest.approx(quay.total)
    assert sum(map(float.__mul__, harbour.total, court.total)) == pytest.approx(0)
    assert embedder("nothing it knows") is embedder("") is None


def test_embeddings_are_stored_as_they_are(embedder: Embedder) -> None:
    said = embedder(HARBOUR)
    assert said
    assert unpack_embedding(pack_embedding(said)) == said
    assert pack_embedding(None) is unpack_embedding(None) is None


def test_the_model_is_known_by_what_it_holds(embedder: Embedder, tmp_path: Path) -> None:
    same, other = using(make_model(tmp_path / "same")), using(make_model(tmp_path / "other", dimensions=9))
    names = {found.name for settings in (same, other) if (found := load_embedder(settings))}
    assert embedder.name in names
    assert len(names) == 2


def test_embeddings_are_frozen_with_the_article_and_summed_up(database: Database, embedder: Embedder) -> None:
    first, second = read(database, "one", HARBOUR, embedder), read(database, "two", QUAY, embedder)
    read(database, "three", QUAY.replace("evening", "nightfall"), None)  # as if there were no model just then
    with database.reading() as session:
        stored = dict(session.execute(select(Article.id, Article.embedding)).all())
    assert stored[first] == pack_embedding(embedder(HARBOUR))
    assert stored[second] == pack_embedding(embedder(QUAY))
    assert sums(database) == [(3, 2)]
    while recluster_next(database, now=NOW).waiting:
        pass
    assert sums(database) == [(3, 2)]


def test_the_pipeline_reads_with_the_model(database: Database, embedder: Embedder, tmp_path: Path) -> None:
    settings = Settings(
        database_url=database.url, data=tmp_path, stories=StoriesTable(embeddings=make_model(tmp_path / "model"))
    )
    deps = Deps(settings, now=lambda: NOW)
    with database.transaction() as session:
        article_id = discover(session, "https://one.example/", title="", body=f"<p>{HARBOUR}</p>", has_page=False)
    analyze_article(deps, article_id)
    with database.reading() as session:
        stored = session.scalar(select(Article.embedding).where(Article.id == article_id))
    assert stored == pack_embedding(embedder(HARBOUR))
    deps.database.close()


def test_what_a_revision_says_replaces_what_was_said(database: Database, embedder: Embedder) -> None:
    article_id = read(database, "one", HARBOUR, embedder)
    read(database, "two", QUAY, embedder)
    article = pages.ExtractedArticle(pages.PageKind.ARTICLE, "", COURT, language="en")
    judged = judge(article, published=NOW, outlet="one", topic_set=topics.TopicSet(()), embed=embedder)
    with database.transaction() as session:
        revise(session, article_id, judged, rules=MEASURED, story_rules=stories.MEASURED, now=NOW)
    with database.reading() as session:
        stored = session.scalar(select(Article.embedding).where(Article.id == article_id))
    assert stored == pack_embedding(embedder(COURT))
    assert [counted for _, counted in sums(database)] == [size for size, _ in sums(database)]


def test_an_original_read_late_takes_the_meaning_over(database: Database, embedder: Embedder) -> None:
    with database.transaction() as session:
        late = discover(session, "https://late.example/", published=NOW - DAY)
    read(database, "one", HARBOUR * 3, embedder)
    article = pages.ExtractedArticle(pages.PageKind.ARTICLE, "", HARBOUR * 3, language="en")
    judged = judge(article, published=NOW - DAY, outlet="late", topic_set=topics.TopicSet(()), embed=embedder)
    with database.transaction() as session:
        assert place(session, late, judged, now=NOW).duplicate.duplicate_of is None
    with database.reading() as session:
        stored = dict(session.execute(select(Article.id, Article.embedding)).all())
    assert sorted(article_id for article_id, found in stored.items() if found) == [late]
    assert sums(database) == [(1, 1)]


def test_meaning_can_keep_apart_and_bring_together(sqlite: Database, embedder: Embedder) -> None:
    """By the words alone these three are one story."""
    strong = replace(stories.MEASURED, embedding_weight=20.0)
    for number, text in enumerate((HARBOUR, QUAY, COURT)):
        read(sqlite, f"plain{number}", text, None)
    assert sums(sqlite) == [(3, 0)]
    with sqlite.transaction() as session:
        for row in session.scalars(select(Article)):
            said = embedder((HARBOUR, QUAY, "judge court verdict")[row.id - 1])
            row.embedding = pack_embedding(said)
    with sqlite.transaction() as session:
        for row in session.scalars(select(Story)):
            row.unsettled_at = NOW
    while recluster_next(sqlite, rules=strong, now=NOW).waiting:
        pass
    assert sums(sqlite) == [(2, 2), (1, 1)]


def test_another_model_later_stops_nothing(database: Database, embedder: Embedder, tmp_path: Path) -> None:
    later = load_embedder(using(make_model(tmp_path, dimensions=9)))
    read(database, "one", HARBOUR, embedder)
    read(database, "two", QUAY, later)
    assert sums(database) == [(2, 1)]
    while recluster_next(database, now=NOW).waiting:
        pass
    assert sums(database) == [(2, 1)]


def test_a_model_that_is_gone_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    deps = Deps(using(tmp_path / "gone"))
    assert deps.embedder is None
    assert Deps(Settings()).embedder is None


def test_a_wrong_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"has no config\.json: it must be the folder of a model2vec model"):
        load_embedder(using(tmp_path))
    model = make_model(tmp_path / "model")
    (model / "model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(ConfigurationError, match="holds no model that can be read"):
        load_embedder(using(model))
    monkeypatch.setitem(sys.modules, "model2vec", None)
    with pytest.raises(ConfigurationError, match=r"pip install storywatch\[semantic\]"):
        load_embedder(using(model))


def test_commands_say_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STORYWATCH_STORIES__EMBEDDINGS", str(tmp_path / "gone"))
    monkeypatch.setenv("STORYWATCH_DATA", str(tmp_path))
    archive = tmp_path / "in.jsonl"
    archive.write_text(json.dumps({"id": "a", "title": "", "text": HARBOUR}) + "\n")
    for command in (
        ["replay", str(archive), "--out", str(tmp_path / "out")],
        ["worker", "analyze"],
        ["db", "upgrade", "--load"],
    ):
        assert main(command) == 2, command
        assert "stories.embeddings" in capsys.readouterr().err, command


def test_an_archive_is_replayed_with_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYWATCH_STORIES__EMBEDDINGS", str(make_model(tmp_path / "model")))
    monkeypatch.setenv("STORYWATCH_STORIES__EMBEDDING_WEIGHT", "2")
    archive, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"id": str(n), "title": "", "text": text, "language": "en"} for n, text in enumerate((HARBOUR, QUAY, COURT))
    ]
    archive.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["replay", str(archive), "--out", str(out)]) == 0
    told = [json.loads(line)["story"] for line in out.read_text().splitlines()]
    assert told[0] == told[1] != told[2] or len(set(told)) == 1


def test_processes_may_hold_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://localhost:1")
    from worker.queue.celery_app import make_app

    plain, with_model = Settings(), using(make_model(tmp_path))
    with (tmp_path / "model.safetensors").open("ab") as file:
        file.truncate(10_000_000)
    assert megabytes_needed(plain) == 0
    assert megabytes_needed(with_model) >= 30
    allowed = [make_app(settings).conf.worker_max_memory_per_child for settings in (plain, with_model)]
    assert allowed[1] - allowed[0] == 1024 * megabytes_needed(with_model)
