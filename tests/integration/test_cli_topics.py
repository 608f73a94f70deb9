"""`storywatch topics` on a real database: tried on the past, taught, applied again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.cli_site import install, json_of
from tests.integration.stored import UNIQUE, discover
from worker import duplicates, pages
from worker.cli.main import main
from worker.cli.topics import training as topic_training
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.setup.topic_sources import load_topics
from worker.storage.articles import article_rows
from worker.topics import LinearModel, Thresholds, TopicArticle, load_model
from worker.topics.article_index import Length
from worker.topics.learning.quality import LabelledArticle, Quality
from worker.topics.learning.training import TrainingResult
from worker.topics.model import article_key

DAY = timedelta(days=1)
BOATS = 'name = "boats"\nlanguages = ["en"]\nquery.any = "ferry OR zeppelin"\n'
TEXTS = ("The ferry came. The ferry left.", "The barge came. The barge left.", "It rained on the bridge.")
QUALITY = Quality(9, 1, 1, 0.0, 0.0)


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deps]:
    """A topic in use, and three articles: of today, of ten days ago and of forty."""
    (tmp_path / "boats.toml").write_text(BOATS)
    monkeypatch.setenv("STORYWATCH_TOPIC_FILES", '["boats.toml"]')
    install(tmp_path, monkeypatch)
    deps = Deps(load_settings())
    for text, days in zip(TEXTS, (0, 10, 40), strict=True):
        published = deps.now() - days * DAY
        with deps.transaction() as session:
            article_id = discover(session, f"https://news.example/{days}", published=published)
            read = pages.ExtractedArticle(pages.PageKind.ARTICLE, text.split(".")[0], text, language="en")
            article_rows.save_analysis(
                session, article_id, read, published=published, agency=None, duplicate=UNIQUE, now=deps.now(),
                text_hash=duplicates.fingerprint(text).text_hash,
            )  # fmt: skip
    yield deps
    deps.database.close()


def change(folder: Path, **words: str) -> Path:
    path = folder / "boats.toml"
    for old, new in words.items():
        path.write_text(path.read_text().replace(old, new))
    load_topics.cache_clear()
    return path


def test_a_changed_file_is_compared_with_the_version_in_use(
    deps: Deps, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.toml"
    new.write_text(BOATS.replace("ferry", "barge"))
    found = json_of(capsys, "topics", "test", str(new), "--since", "30d")["backtest"]
    assert (found["articles"], found["hits"], found["compared"], found["gained"], found["lost"]) == (2, 1, True, 1, 1)
    assert [one["title"] for one in found["gained_sample"]] == ["The barge came"]
    assert [one["title"] for one in found["lost_sample"]] == ["The ferry came"]
    assert {term["term"]: (term["articles"], term["alone"]) for term in found["terms"]} == {
        "barge": (1, 1), "zeppelin": (0, 0),
    }  # fmt: skip
    assert main(["topics", "test", str(new), "--since", "30d"]) == 0
    out = capsys.readouterr().out
    assert "2 articles on 2 days: 1 hits" in out
    assert "Against the version in use: 1 gained, 1 lost" in out
    assert "In no article: zeppelin" in out


def test_the_version_in_use_is_not_compared_with_itself(deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    found = json_of(capsys, "topics", "test", "boats", "--since", "2020-01-01")["backtest"]
    assert (found["articles"], found["hits"], found["compared"]) == (3, 1, False)
    assert main(["topics", "test", "boats", "--since", "1h", "--band", "strict"]) == 0
    assert "The surest hits" in capsys.readouterr().out


def test_a_long_archive_is_read_in_batches_each_article_once(
    deps: Deps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("worker.replay.backtesting._BATCH", 1)
    assert json_of(capsys, "topics", "test", "boats", "--since", "60d")["backtest"]["articles"] == 3


def test_a_file_is_an_archive_too_and_needs_no_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "boats.toml").write_text(BOATS)
    lines = [
        {"id": str(n), "title": "", "text": text, "published": f"2026-03-0{n + 1}"} for n, text in enumerate(TEXTS)
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)))
    found = json_of(capsys, "topics", "test", "boats.toml", "--archive", "in.jsonl", "--since", "2026-03-02")[
        "backtest"
    ]
    assert [day["day"] for day in found["days"]] == ["2026-03-02", "2026-03-03"]
    assert json_of(capsys, "topics", "list")[0]["matches_of_7_days"] is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["boats.toml", "in.jsonl"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["test", "boats", "--since", "soon"], "since is 'soon'"),
        (["test", "boats", "--since", "1d", "--band", "loose"], "band is 'loose'"),
        (["label", "boats", "1", "maybe"], "the label is 'maybe': write yes, no, borderline"),
        (["label", "boats", "999", "yes"], "no article is known by '999'"),
        (["label", "trams", "1", "yes"], "'trams' is no topic in use (boats, us-mexico-migration)"),
        (["labels", "trams"], "'trams' is no topic in use"),
        (["confusion", "trams"], "'trams' is no topic in use"),
        (["retag", "trams"], "'trams' is no topic in use"),
        (["train", "trams"], "'trams' is neither a file nor a topic in use"),
        (["train", "boats"], "0 articles labelled yes; training needs at least 10"),
        (["train", "us-mexico-migration"], "is built in: name the model file to write with --out"),
        (["train", "boats", "--labels", "gone.jsonl"], "gone.jsonl cannot be read"),
    ],
)
def test_what_is_wrong_is_named(
    arguments: list[str], said: str, deps: Deps, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["topics", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_labels_are_kept_listed_written_and_held_against_the_topic(
    deps: Deps, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["topics", "label", "boats", "1", "yes", "--who", "ana"]) == 0
    assert capsys.readouterr().out == "yes: The ferry came\n"
    for article, label in (("https://news.example/10", "yes"), ("3", "no")):
        assert json_of(capsys, "topics", "label", "boats", article, label)["label"] == label
    out = tmp_path / "labels.jsonl"
    listed = json_of(capsys, "topics", "labels", "boats", "--out", str(out))
    assert [(one["article_id"], one["label"], one["via"]) for one in listed] == [
        (3, "no", "command"), (2, "yes", "command"), (1, "yes", "command"),
    ]  # fmt: skip
    assert [row["label"] for row in map(json.loads, out.read_text().splitlines())] == ["yes", "yes", "no"]
    found = json_of(capsys, "topics", "confusion", "boats")
    assert (found["right_hits"], found["right_misses"], found["precision"], found["recall"]) == (1, 1, 1.0, 0.5)
    assert [one["title"] for one in found["missed"]] == ["The barge came"]
    assert main(["topics", "confusion", "boats"]) == 0
    assert "precision 1.00, recall 0.50" in capsys.readouterr().out
    assert main(["topics", "labels", "boats"]) == 0
    assert "ana\tcommand" in capsys.readouterr().out


def test_what_a_model_was_fitted_to_counts_as_it_was_held_back(
    deps: Deps, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = TopicArticle("The ferry came", TEXTS[0], "en", "Example")
    seen = {article_key(article): 0.15}
    model = LinearModel("boats", 3.0, {}, {}, Thresholds(0.8, 0.4, 0.2), yes=3, no=4, seen=seen)
    (tmp_path / "boats.model.toml").write_text(model.dump())
    change(tmp_path, **{'name = "boats"\n': 'name = "boats"\nmodel = "boats.model.toml"\n'})
    assert main(["topics", "label", "boats", "1", "yes"]) == 0
    (missed,) = json_of(capsys, "topics", "confusion", "boats")["missed"]
    assert (missed["score"], missed["held_back"]) == (0.15, True)


def test_a_changed_topic_is_offered_by_status_and_worked_off(
    deps: Deps, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["topics", "retag"]) == 0
    assert "No topic has changed" in capsys.readouterr().out
    assert json_of(capsys, "topics", "retag", "boats", "--now")[0]["gained"] == 1
    assert {one["name"]: one["matches_of_7_days"] for one in json_of(capsys, "topics", "list")}["boats"] == 1
    change(tmp_path, ferry="barge")
    assert main(["topics", "retag"]) == 0
    assert capsys.readouterr().out == "boats: 3 articles waiting for the service, 0 articles, 0 gained, 0 lost so far\n"
    assert any("3 articles waiting" in line for line in json_of(capsys, "status")["warnings"])
    assert json_of(capsys, "topics", "retag", "boats", "--now")[0] | {"started": "", "finished": ""} == {
        "topic": "boats", "state": "done", "articles": 3, "waiting": 0, "gained": 1, "lost": 1, "reason": None,
        "started": "", "finished": "",
    }  # fmt: skip
    change(tmp_path, barge="bridge")
    assert main(["db", "upgrade", "--load"]) == 0
    warnings = json_of(capsys, "status")["warnings"]
    assert "topic boats changed since 3 articles were tagged: run 'storywatch topics retag boats'" in warnings


def learned(monkeypatch: pytest.MonkeyPatch, *, better: bool) -> list[int]:
    """Let training come out so; return how many articles each was given."""
    given: list[int] = []

    def train(topic: object, labelled: list[LabelledArticle], **_: object) -> TrainingResult:
        given.append(len(labelled))
        model = LinearModel("boats", -1.0, {}, {"ferry": 1.5}, Thresholds(0.8, 0.4, 0.2), yes=3, no=4)
        quality = {"all": QUALITY, "en": QUALITY}
        return TrainingResult(model, better, "because", (), (), quality, quality, {}, {Length.SHORT: QUALITY}, ())

    monkeypatch.setattr("worker.topics.learning.training.train", train)
    return given


def test_only_a_better_model_is_written_unless_asked(
    deps: Deps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    labels, model = tmp_path / "labels.jsonl", tmp_path / "boats.model.toml"
    labels.write_text('{"title": "A", "text": "The ferry is late.", "label": "yes"}\n' * 3)
    assert learned(monkeypatch, better=False) == []
    assert main(["topics", "train", "boats", "--labels", str(labels)]) == 1
    assert "Not better: because" in capsys.readouterr().out
    assert not model.exists()
    assert json.loads(failed_json(capsys, "topics", "train", "boats", "--labels", str(labels)))["written"] is None
    assert main(["topics", "train", "boats", "--labels", str(labels), "--force"]) == 0
    assert load_model(model.read_text()).words == {"ferry": 1.5}
    elsewhere = tmp_path / "other.toml"
    given = learned(monkeypatch, better=True)
    assert json_of(capsys, "topics", "train", "boats", "--labels", str(labels), "--out", str(elsewhere))["better"]
    assert given == [3]
    assert elsewhere.read_text() == model.read_text()
    assert main(["topics", "train", str(tmp_path / "boats.toml"), "--labels", str(labels)]) == 0
    assert 'below its name: model = "boats.model.toml"' in capsys.readouterr().out
    path = change(tmp_path, **{'name = "boats"\n': 'name = "boats"\nmodel = "boats.model.toml"\n'})
    assert topic_training._model_path(str(path), topic_training.find_topic(str(path))) == model
    listed = {one["name"]: one["model"] for one in json_of(capsys, "topics", "list")}
    assert listed["boats"] == "1 words from 3 yes, 4 no"
    model.unlink()
    load_topics.cache_clear()
    assert main(["topics", "list"]) == 2
    assert "the file boats.model.toml is missing" in capsys.readouterr().err


def failed_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 1
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "A"}', "'label' is None"),
        ('{"label": "perhaps"}', "'label' is 'perhaps': write yes, no"),
        ("[]", "object"),
    ],
)
def test_a_wrong_line_of_labels_is_named(
    line: str, said: str, deps: Deps, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text(f'{{"text": "A", "label": "yes"}}\n{line}\n')
    assert main(["topics", "train", "boats", "--labels", str(labels)]) == 2
    err = capsys.readouterr().err
    assert "line 2" in err
    assert said in err


def test_a_miss_is_explained_by_its_roles(deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Found dead near the tracks in Laredo, Texas"
    assert main(["topics", "test", "us-mexico-migration", "--text", text]) == 0
    said = capsys.readouterr().out
    assert "people: none; setting: " in said
    assert "Laredo" in said
    (found,) = json_of(capsys, "topics", "test", "us-mexico-migration", "--text", text)["articles"]
    assert [role["name"] for role in found["reading"]["roles"]] == ["people", "setting", "act"]
