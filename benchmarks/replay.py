"""Scores copies, stories and topics as `storywatch replay` decides them, with the scorers beside the data.

    python -m benchmarks.replay --data ../shared/bench [--seeds 7 11 23 42]

Every set goes through a fresh database in the order it arrives, with one configuration for all. Thresholds and the
built-in topic were developed on these very halves: figures on other halves will be lower.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it also runs as a file

from benchmarks import floors

STORY_SETS = ("basil", "neus", "ecb", "meantime")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[7])
    given = parser.parse_args()
    stories = given.data / "stories"
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for set_name in STORY_SETS:
            gold = stories / set_name / "GOLD.jsonl"
            found = show(set_name, replay(stories / set_name / "IN.jsonl", folder), stories / "score_stories.py", gold)
            figures[f"stories.{set_name}.bcubed_f1"] = found["bcubed"]["F1"]
        pairs = ("--pairs", stories / "semeval" / "PAIRS.jsonl")
        found = show("semeval", replay(stories / "semeval" / "IN.jsonl", folder), stories / "score_stories.py", *pairs)
        figures["stories.semeval.f1"] = found["listed_pairs"]["all"]["F1"]
        topics = given.data / "topics"
        wanted = (topics / "GOLD.jsonl", "--topic", "us-mexico-migration")
        found = show("topics", replay(topics / "IN.jsonl", folder), topics / "score_topics.py", *wanted)
        figures |= {f"topics.{key}": found["all"][key] for key in ("P", "R", "F1", "hard_negatives_fired")}
        for seed in given.seeds:
            found = copies(given.data / "duplicates", folder, seed)
            figures |= {
                f"duplicates.{seed}.f1": found["total"]["F1"],
                f"duplicates.{seed}.trap_rate": found["trap_rate"],
            }
    return int(not floors.check(figures, given.data))


def copies(data: Path, folder: Path, seed: int) -> dict[str, Any]:
    made, gold = folder / "in.jsonl", folder / "gold.jsonl"
    run(data / "make_pairs.py", data / "base_dev.jsonl", made, gold, "--seed", str(seed))
    return show(f"duplicates, seed {seed}", replay(made, folder), data / "score_duplicates.py", gold)


def replay(source: Path, folder: Path) -> Path:
    """Replay the articles, say how fast, and return where the decisions are."""
    out = folder / "out.jsonl"
    started = time.monotonic()
    run("-m", "worker.cli.main", "replay", source, "--out", out)
    with source.open(encoding="utf-8") as lines:
        count = sum(1 for _ in lines)
    print(f"{count} articles, {count / (time.monotonic() - started):.0f} a second", end="; ")
    return out


def show(name: str, out: Path, scorer: Path, *arguments: str | Path) -> dict[str, Any]:
    last = run(scorer, out, *arguments).splitlines()[-1]
    print(f"{name}: {last}", flush=True)
    found: dict[str, Any] = json.loads(last)
    return found


def run(*arguments: str | Path) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
