"""The plain stream that the built-in topic is taught: what hints at its roles and has none of its words."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.topics.rows import plain_stream
from worker.topics import builtin_topics

STORM = "A mother and two children were rescued in Texas when a truck crossed the river; a bus took families to a camp."
TALKED_OF = "A mother and two children were rescued at the border in Texas; the bus took migrants to a camp."
CHESS = "The tournament ended in a draw after forty moves."


def write(path: Path, *texts: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {"id": f"{number}", "title": f"Report {number}", "text": text, "language": "en", "story": "one"}
        for number, text in enumerate(texts)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf8")


def test_it_is_what_hints_at_the_topic_and_has_none_of_its_words(tmp_path: Path) -> None:
    for name in ("basil", "meantime", "neus"):
        write(tmp_path / "stories" / name / "IN.jsonl")
        write(tmp_path / "stories" / name / "GOLD.jsonl")
    write(tmp_path / "duplicates" / "base_dev.jsonl", STORM, TALKED_OF, CHESS)
    taught, counted = plain_stream(tmp_path, builtin_topics()[0])
    assert [each.article.text for each in (*taught, *counted)] == [STORM]
    assert all(each.id == "stream base:0" for each in (*taught, *counted))
