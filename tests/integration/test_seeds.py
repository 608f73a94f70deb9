"""The two articles the product was conceived from: one meeting, told by two outlets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import SHARED
from worker import pages
from worker.cli.main import main

pytestmark = pytest.mark.bench
SEEDS = sorted((SHARED / "seeds").glob("*.txt"))
BOILERPLATE = ("Skip to content", "Read also", "online service X,", "(center) at the")


def rows(*, titled: bool) -> list[dict[str, str | None]]:
    """The seeds raw, with their first line of text as title or with none."""
    texts = [path.read_text(encoding="utf-8") for path in SEEDS]
    titles = [next(line for line in text.splitlines() if line and "content" not in line) for text in texts]
    return [
        {
            "id": path.stem,
            "title": title if titled else "",
            "text": text,
            "url": None,
            "published": None,
            "language": None,
        }
        for path, title, text in zip(SEEDS, titles, texts, strict=True)
    ]


@pytest.mark.parametrize("titled", [True, False])
def test_one_story_two_voices_on_topic(titled: bool, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows(titled=titled)), encoding="utf-8")
    assert main(["replay", str(source), "--out", str(out)]) == 0
    first, second = (json.loads(line) for line in out.read_text(encoding="utf-8").splitlines())
    assert first["story"] == second["story"]
    assert {first["duplicate_kind"], second["duplicate_kind"]} == {"unique"}
    for row in (first, second):
        assert [match["topic"] for match in row["topics"]] == ["us-mexico-migration"]


@pytest.mark.parametrize("titled", [True, False])
def test_no_boilerplate_is_left_and_no_sentence_is_lost(titled: bool) -> None:
    for row in rows(titled=titled):
        text, title = str(row["text"]), row["title"]
        clean = pages.strip_boilerplate(text, title=title or None)
        assert not any(phrase in clean.text for phrase in BOILERPLATE)
        lost = {line.line for line in clean.removed}
        kept = [line.strip() for line in text.splitlines() if line.strip() and line.strip() not in lost]
        cut = [line for line in kept if line not in clean.text]
        assert all(line.endswith("...") for line in cut), "only the cut-off teaser may lose a part of itself"
