"""How stories fare: in other orders, with other thresholds, on the seeds, and on articles made to be slow.

    python -m benchmarks.stories --data ../shared/bench [--seeds ../shared/seeds] [--orders 5]

Orders go through `storywatch replay` as the figures of `benchmarks.replay` do; thresholds and seeds through what the
service reclusters with, without a database. Copies are not joined there, so that SemEval reads .002 higher than through
replay.
Run alone: the milliseconds are processor time.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.clusters import cluster
from worker import pages, stories
from worker.replay.archive import ArchivedArticle, arrivals, read_archive
from worker.stories.similarity import as_probability
from worker.stories.vector_tags import read_tags

Told = Mapping[str, list[tuple[str, stories.StoryFeatures]]]
SETS = ("basil", "neus", "ecb", "meantime", "semeval")
FLOORS = "basil BCubed >= .995, neus >= .915 and pairs >= .83, ecb >= .92, meantime en-es >= .96, semeval >= .86"
VARIED = (
    "growth", "core", "unlike", "alike", "base", "likeness", "names", "names_alone", "numbers", "counts",
    "headline_counts", "day_apart", "dateline_apart", "other_day", "far_days", "other_weekday", "weekday_apart",
    "other_names", "form", "other_facts", "other_language",
)  # fmt: skip
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MET = datetime(2023, 12, 28, tzinfo=UTC)  # when the seeds appeared


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=Path, help="the folder of the two seeds; beside the data if not given")
    parser.add_argument("--orders", type=int, default=5)
    given = parser.parse_args()
    slow_articles()
    seeds(given.seeds or given.data.parent / "seeds", given.data / "topics" / "IN.jsonl")
    sensitivity(given.data / "stories")
    for name in SETS:
        orders(given.data / "stories", name, given.orders)


def slow_articles() -> None:
    """Processor time of an article's features and of a look at 50 full candidates."""
    crowd = [stories.StoryCandidate(n, (_features(_words(n, 400)),) * 5) for n in range(50)]
    texts = {
        "empty": "", "three words": "ha ha ha", "one word a million times": "ha " * 1_000_000,
        "1 MB of text": _words(0, 130_000), "digits": "1234567890 " * 100_000, "one long line": "x" * 1_000_000,
        "mixed scripts": "Ω ж ع 新聞 niño " * 60_000, "names only": "said " + "and Xyzabcd " * 80_000,
        "days only": "June 9, 2008 " * 80_000, "the words of every story": " ".join(_words(n, 12) for n in range(50)),
    }  # fmt: skip
    for name, text in texts.items():
        started = time.process_time()
        features = _features(text)
        stories.assign(features, crowd, now=NOON)
        print(f"{name}: {1000 * (time.process_time() - started):.0f} ms", flush=True)


def seeds(folder: Path, others: Path) -> None:
    """How far the two seeds' log-odds are above those of each to the nearest other article.

    Once as if all had appeared on one day, once by their dates.
    """
    told = [_seed(path) for path in sorted(folder.glob("*.txt"))]
    if len(told) < 2 or not others.exists():
        print("seeds: not there")
        return
    first, second = told[:2]
    rows = [row for row in read_archive(others) if not row.id.startswith("seed")]
    near = [_features(_clean(row), title=row.title, language=row.language, at=row.published) for row in rows]
    for dated in (False, True):
        for name, one, other in (("first", first, second), ("second", second, first)):
            score = _score(one, other, dated=dated)
            nearest, row = max(
                (_score(one, article, dated=dated), row.id) for article, row in zip(near, rows, strict=True)
            )
            print(
                f"{name} seed, {'by their dates' if dated else 'as if of one day'}: {as_probability(score):.3f}, the "
                f"nearest of {len(near)} others {as_probability(nearest):.3f} ({row}), margin {score - nearest:.2f} "
                f"log-odds, {as_probability(score) - as_probability(nearest):.3f} in probability"
            )


def sensitivity(data: Path) -> None:
    """Every figure with each threshold a tenth lower and higher, all others as they are."""
    print(f"to be reached: {FLOORS}")
    told = {name: read_features(data / name / "IN.jsonl") for name in SETS}
    defaults = stories.StorySettings()
    print(f"as it is: {_figures(data, told, defaults)}", flush=True)
    print(f"without the days that reports open with: {_figures(data, _without_days(told), defaults)}", flush=True)
    for name in VARIED:
        for factor in (0.9, 1.1):
            settings = _vary(defaults, name, factor)
            print(f"{name} x {factor}: {_figures(data, told, settings)}", flush=True)


def _vary(defaults: stories.StorySettings, name: str, factor: float) -> stories.StorySettings:
    """With one setting, or one weight of a pair, so much lower or higher."""
    if hasattr(defaults, name):
        return replace(defaults, **{name: getattr(defaults, name) * factor})
    weights = replace(defaults.weights, **{name: getattr(defaults.weights, name) * factor})
    return replace(defaults, weights=weights)


def _without_days(told: Told) -> Told:
    return {name: [(number, _without_day(one)) for number, one in rows] for name, rows in told.items()}


def _without_day(article: stories.StoryFeatures) -> stories.StoryFeatures:
    day = str(read_tags(article.vector).day)
    return replace(article, vector={term: weight for term, weight in article.vector.items() if term != day})


def orders(data: Path, name: str, count: int) -> None:
    """The set's first figure as it arrives and in other orders, through the real path."""
    lines = (data / name / "IN.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        for seed in range(count + 1):
            shuffled = lines[:]
            if seed:
                random.Random(seed).shuffle(shuffled)
            source.write_text("\n".join(shuffled) + "\n", encoding="utf-8")
            _run("-m", "worker.cli.main", "replay", source, "--out", out)
            found.append(_figure(data, name, out))
    apart = max(found) - min(found)
    print(f"{name}, as it arrives and in {count} other orders: {found}, apart {apart:.4f}", flush=True)


def _figures(data: Path, told: Told, settings: stories.StorySettings) -> str:
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.jsonl"
        for name, rows in told.items():
            features = [one for _, one in rows]
            groups = cluster(features, settings)
            story = {place: number for number, group in enumerate(groups) for place in group}
            lines = (json.dumps({"id": row[0], "story": story[place]}) for place, row in enumerate(rows))
            out.write_text("\n".join(lines) + "\n", encoding="utf-8")
            figures.append(f"{name} {_score_line(data, name, out)}")
    return "; ".join(figures)


def _score_line(data: Path, name: str, out: Path) -> str:
    scores = _scores(data, name, out)
    if name == "semeval":
        return " ".join(f"{group} {found['F1']:.3f}" for group, found in scores["listed_pairs"].items())
    across = scores.get("cross_language_pairs")
    return f"{scores['bcubed']['F1']:.4f} {scores['pairs']['F1']:.3f}" + (f" {across['F1']:.3f}" if across else "")


def _figure(data: Path, name: str, out: Path) -> float:
    scores = _scores(data, name, out)
    return float((scores["listed_pairs"]["all"] if name == "semeval" else scores["bcubed"])["F1"])


def _scores(data: Path, name: str, out: Path) -> dict:  # type: ignore[type-arg]
    gold = ["--pairs", data / name / "PAIRS.jsonl"] if name == "semeval" else [data / name / "GOLD.jsonl"]
    found: dict = json.loads(_run(data / "score_stories.py", out, *gold).splitlines()[-1])  # type: ignore[type-arg]
    return found


def read_features(path: Path) -> list[tuple[str, stories.StoryFeatures]]:
    rows = read_archive(path)
    times = arrivals([row.published for row in rows])
    return [
        (row.id, _features(_clean(row), title=row.title, language=row.language, at=at))
        for row, at in zip(rows, times, strict=True)
    ]


def _clean(row: ArchivedArticle) -> str:
    return pages.strip_boilerplate(row.text, title=row.title or None).text


def _seed(path: Path) -> stories.StoryFeatures:
    text = path.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line and "content" not in line)
    return _features(pages.strip_boilerplate(text, title=title).text, title=title, at=MET)


def _features(
    text: str, *, title: str = "", language: str | None = "en", at: datetime | None = None
) -> stories.StoryFeatures:
    return stories.features(stories.StoryArticle(title, text, language or pages.detect_language(text), at or NOON))


def _score(article: stories.StoryFeatures, other: stories.StoryFeatures, *, dated: bool) -> float:
    at = other.published if dated else article.published
    return stories.score(article, [replace(other, published=at)])


def _words(start: int, count: int) -> str:
    return " ".join(f"word{start}x{number}" for number in range(count))


def _run(*arguments: str | Path) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
