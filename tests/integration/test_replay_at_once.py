"""Several processes that read one archive, as a service's workers do: nothing is lost, nothing stands elsewhere."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks.workers import replay_at_once
from worker.storage.db.database import Database
from worker.storage.stories.story_lives import list_stories

# Each event is told by three outlets in other words, and by a fourth in those of the first: where, who, what.
EVENTS = [
    ("Alder", "Holm", "ferry", "ran aground in fog", "herring boats"),
    ("Corvin", "Brandt", "brewery", "burned to the ground", "copper kettles"),
    ("Elmsund", "Farholt", "orchestra", "lost its subsidy", "cello concertos"),
    ("Gribsk", "Moreau", "observatory", "found a comet", "mirror telescopes"),
    ("Irsund", "Jelvik", "cathedral", "opened its crypt", "medieval frescoes"),
]
REPORTS = [
    "The {2} of {0} {3} on Tuesday, said its director {1}. Neighbours in {0} spoke of the {4} they remember.",
    "On Tuesday the {2} {3}, and {0} talks of nothing else. Its {4} are known everywhere, the director {1} said.",
    "Director {1} wants to know why the {2} {3}. There will be a meeting in {0} on Friday about the {4}.",
]


def archive(folder: Path) -> Path:
    rows = [
        {"id": f"{event[0]}.{place}", "title": "", "text": report.format(*event), "language": "en"}
        for place, report in enumerate([*REPORTS, REPORTS[0]])
        for event in EVENTS
    ]
    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_four_processes_at_once_open_no_story_twice_and_lose_nothing(empty_database: Database, tmp_path: Path) -> None:
    url = empty_database.engine.url.render_as_string(hide_password=False)
    found = replay_at_once(archive(tmp_path), url, workers=4)
    assert [row["id"] for row in found] == [f"{event[0]}.{place}" for place in range(4) for event in EVENTS]
    copies = {row["id"]: row["duplicate_of"] for row in found if row["duplicate_of"]}
    assert copies == {f"{event[0]}.3": f"{event[0]}.0" for event in EVENTS}
    events = defaultdict(set)
    for row in found:
        events[row["id"].partition(".")[0]].add(row["story"])
    assert all(len(stories) == 1 for stories in events.values()), events
    assert len(set().union(*events.values())) == len(EVENTS)
    with empty_database.reading() as session:
        told = list_stories(session)
    assert [story.life.size for story in told if story.life] == [len(REPORTS)] * len(EVENTS)


def test_a_process_that_fails_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = "import sys\nif '--share' in sys.orig_argv:\n    sys.exit(9)\n"
    (tmp_path / "sitecustomize.py").write_text(ends)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RuntimeError, match="2 of 2 processes failed"):
        replay_at_once(archive(tmp_path), None, workers=2)
