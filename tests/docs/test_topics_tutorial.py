"""docs/topics.md, followed to the letter: every file written, every line changed, every command run, in its order."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.integration.cli_site import json_of
from worker import pages
from worker.cli.main import main
from worker.setup.topic_sources import load_topics
from worker.topics import Band, TopicArticle, load_topic, match

TUTORIAL = ROOT / "docs" / "topics.md"
DATA = ROOT / "docs" / "tutorial" / "tequila-tariffs.jsonl"
TOPIC = Path("tequila-tariffs.toml")
_STEP = re.compile(r"^### (?P<heading>[^\n]+)$|^```(?P<kind>\w+)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)


def articles() -> list[dict[str, Any]]:
    return [json.loads(line) for line in DATA.read_text().splitlines()]


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the reader sees, the page has told them to put there."""
    monkeypatch.chdir(tmp_path)


def follow(step: re.Match[str], said: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Do what the step says; return what was printed by then."""
    kind, body = step["kind"], step["body"]
    if kind == "toml":
        edit(body)
    elif kind == "text":
        assert body.strip() in said
    elif kind == "console":
        for command in body.splitlines():
            run(command.removeprefix("$ "), capsys)
            printed = capsys.readouterr().out
            said += printed
    elif step["heading"] == "Make it better":
        TOPIC.write_text(TOPIC.read_text().replace("levys", "levies").replace("1.5", "3.5"))
    return said


def edit(block: str) -> None:
    """Write the topic file, or one line into a file, as the text around the block says."""
    if block.startswith("name = "):
        Path(f"{tomllib.loads(block)['name']}.toml").write_text(block)
    elif block.startswith("topic_files = "):
        configuration = Path("storywatch.toml")
        configuration.write_text(block + configuration.read_text())
    else:
        assert block.startswith("model = ")
        name, rest = TOPIC.read_text().split("\n", 1)
        TOPIC.write_text(f"{name}\n{block}{rest}")


def run(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    program, *arguments = shlex.split(command)
    if program == "cp":
        source, target = arguments
        assert source.removeprefix("/opt/storywatch/") == str(DATA.relative_to(ROOT))
        shutil.copy(DATA, target)
        return
    assert program == "storywatch"
    load_topics.cache_clear()  # a reader's command is a process of its own, which remembers nothing
    assert main(arguments) == 0, f"{command}: {capsys.readouterr().err}"


def test_the_tutorial_makes_a_second_topic(capsys: pytest.CaptureFixture[str]) -> None:
    said = ""
    for step in _STEP.finditer(TUTORIAL.read_text()):
        said = follow(step, said, capsys)
    assert "Against the version in use: 0 gained, " in said
    assert "Better: F1" in said
    assert "38 articles loaded, 0 of them copies; 0 were known" in said
    assert "tequila-tariffs: done, 38 articles" in said
    assert "Tequila makers brace for a ten percent duty\nhttps://courier.example/tequila/t01\n" in said
    (listed,) = (one for one in json_of(capsys, "topics", "list") if one["name"] == "tequila-tariffs")
    assert listed["model"].endswith(f", {datetime.now(UTC):%Y-%m-%d}")
    assert listed["matches_of_7_days"] >= 18
    assert not any("tequila" in line for line in json_of(capsys, "status")["warnings"])
    check_labels()


def check_labels() -> None:
    """The topic that came out says what the labels say."""
    topic = load_topic(TOPIC.read_text(), model_text=Path("tequila-tariffs.model.toml").read_text())
    for row in articles():
        if row["label"] == "borderline":
            continue
        found = match(TopicArticle(row["title"], row["text"], row["language"]), topic)
        hit = found is not None and found.band is not Band.WIDE
        assert hit == (row["label"] == "yes"), row["title"]


def test_the_articles_of_the_tutorial_are_what_the_text_says() -> None:
    labels = [row["label"] for row in articles()]
    assert {label: labels.count(label) for label in labels} == {"yes": 18, "no": 18, "borderline": 2}
    assert [row["label"] for row in (articles()[0], articles()[5], articles()[36])] == ["yes", "no", "borderline"]
    for row in articles():
        assert pages.detect_language(row["text"]) == row["language"], row["title"]
