"""Quality and speed of `worker.pages` on the extraction sets, beside trafilatura's default with metadata.

    python -m benchmarks.pages --data ../shared/bench/extraction [--rounds 3] [--json] [--choices]

Quality comes from the data folder's own scorer, run as a subprocess. Speed is pages per CPU second of the extraction
calls; the two systems take turns on each page, and the median of the rounds counts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import floors
from benchmarks.pages import choices
from worker.pages import ExtractedArticle, extract_article
from worker.pages import normalize_line as letters

Page = tuple[str, str | None, bytes]


def read_pages(folder: Path) -> list[Page]:
    pages = []
    for line in (folder / "MANIFEST.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        data = (folder / row["path"]).read_bytes()
        pages.append((row["id"], row["url"], gzip.decompress(data) if row["path"].endswith(".gz") else data))
    return pages


def as_row(key: str, article: ExtractedArticle) -> dict[str, Any]:
    return {
        "id": key,
        "title": article.title,
        "text": article.text,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "authors": article.authors,
        "kind": article.kind,
        "removed": [{"line": line.line, "rule": line.rule} for line in article.removed],
    }


def score(data: Path, folder: Path, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out.jsonl"
        out.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
        command = [sys.executable, str(data / "score_extraction.py"), str(out), str(folder / "GOLD.jsonl")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def our_rows(pages: Iterable[Page]) -> Iterator[dict[str, Any]]:
    return (as_row(key, extract_article(html, url)) for key, url, html in pages)


def their_rows(pages: Iterable[Page]) -> Iterator[dict[str, Any]]:
    for key, url, html in pages:
        found: Any = trafilatura_default(html, url)
        yield {
            "id": key,
            "title": found and found.title,
            "text": found and found.text,
            "published": found and found.date,
        }


def trafilatura_default(html: bytes, url: str | None) -> object:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    return bare_extraction(html, url=url, include_comments=False, with_metadata=True)


def measure_speed(pages: list[Page], rounds: int) -> tuple[float, float]:
    """Pages per CPU second of both, page by page in turn, so that a busy machine slows both alike."""
    calls: tuple[Callable[[bytes, str | None], object], ...] = (extract_article, trafilatura_default)
    spent = [0.0, 0.0]
    for _, url, html in pages:
        times: list[list[float]] = [[], []]
        for turn in range(2 * rounds):
            system = (turn + turn // 2) % 2  # a b b a a b b a …
            started = time.process_time()
            calls[system](html, url)
            times[system].append(time.process_time() - started)
        for system in (0, 1):
            spent[system] += statistics.median(times[system])
    return len(pages) / spent[0], len(pages) / spent[1]


def metadata_figures(folder: Path, rows: Iterable[Mapping[str, Any]]) -> dict[str, float | None]:
    """Share of the pages dated to the very day, of the golds that name one; and of the gold's authors that were found,
    and of ours that are gold, both as means over the pages that have any."""
    golds = [json.loads(line) for line in (folder / "GOLD.jsonl").read_text("utf-8").strip().split("\n")]
    found = {row["id"]: row for row in rows}
    dated = [gold for gold in golds if gold.get("published")]
    days = [_same_day(gold["published"], found[gold["id"]]["published"]) for gold in dated]
    recalls, precisions = [], []
    for gold in golds:
        if wanted := set(map(letters, gold.get("authors") or ())):
            ours = set(map(letters, found[gold["id"]]["authors"]))
            recalls.append(len(wanted & ours) / len(wanted))
            precisions += [len(wanted & ours) / len(ours)] if ours else []
    figures = {"published_same_day": days, "authors_recall": recalls, "authors_precision": precisions}
    return {name: round(statistics.mean(each), 4) if each else None for name, each in figures.items()}


def _same_day(gold: str, ours: str | None) -> bool:
    """Whether both are of one day, in the gold's zone where it states one."""
    if ours is None:
        return False
    try:
        zone = datetime.fromisoformat(gold).tzinfo
    except ValueError:
        return False
    return datetime.fromisoformat(ours).astimezone(zone or UTC).date().isoformat() == gold[:10]


def show(name: str, result: dict[str, Any]) -> None:
    leaks = "  ".join(f"{kind} {100 * share:.1f}%" for kind, share in result["leaks"].items() if share is not None)
    print(
        f"{name}: F1 {result['f1']:.4f} ± {result['f1_std']:.4f}  P {result['precision']:.4f}  R {result['recall']:.4f}"
    )
    print(f"  leaks: {leaks}")
    below, stripped = result["recall_below_0.9"], result["stripped_gold"]
    print(f"  recall < .9: {100 * below:.1f}%  stripped gold: {100 * stripped:.1f}%  empty: {result['empty']}")
    peer = result["trafilatura"]
    print(f"  trafilatura: F1 {peer['f1']:.4f}  P {peer['precision']:.4f}  R {peer['recall']:.4f}")
    for figure in ("title_equal", "published_within_1_day"):
        if result[figure] is not None:
            print(f"  {figure}: {100 * result[figure]:.1f}%, trafilatura {100 * peer[figure]:.1f}%")
    for figure in ("published_same_day", "authors_recall", "authors_precision"):
        if result[figure] is not None:
            print(f"  {figure}: {100 * result[figure]:.1f}%")
    ours, theirs = result["pages_per_second"], result["trafilatura_pages_per_second"]
    print(f"  pages per CPU second: {ours:.1f}, trafilatura with metadata {theirs:.1f}: {ours / theirs:.2f} times")


def floor_figures(results: Mapping[str, dict[str, Any]]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, result in results.items():
        found = {key: result[key] for key in ("f1", "precision", "recall", "recall_below_0.9")}
        found |= {f"leak_{kind}": share for kind, share in result["leaks"].items()}
        found |= {key: result[key] for key in ("title_equal", "published_within_1_day")}
        found |= {key: result[key] for key in ("published_same_day", "authors_recall", "authors_precision")}
        found["speed_ratio"] = result["pages_per_second"] / result["trafilatura_pages_per_second"]
        figures |= {f"pages.{name}.{key}": value for key, value in found.items() if value is not None}
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with the sets and score_extraction.py")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the speed measurement (default 3)")
    parser.add_argument("--choices", action="store_true", help="what each rule and threshold is worth on either set")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    args = parser.parse_args()
    sets = {each.parent.name: read_pages(each.parent) for each in sorted(args.data.glob("*/MANIFEST.jsonl"))}
    if not sets:
        sys.exit(f"no set (a folder with MANIFEST.jsonl) under {args.data}")
    if args.choices:
        choices.report(args.data, sets)
        return
    results = {name: measure(args.data, name, pages, args.rounds) for name, pages in sets.items()}
    if args.json:
        print(json.dumps(results))
        return
    for name, result in results.items():
        show(name, result)
    sys.exit(not floors.check(floor_figures(results), args.data.parent))


def measure(data: Path, name: str, pages: list[Page], rounds: int) -> dict[str, Any]:
    rows = list(our_rows(pages))  # also warms both the code and the word lists
    result = score(data, data / name, rows) | metadata_figures(data / name, rows)
    result["trafilatura"] = score(data, data / name, their_rows(pages))
    ours, theirs = measure_speed(pages, rounds)
    result["pages_per_second"], result["trafilatura_pages_per_second"] = round(ours, 1), round(theirs, 1)
    return result


if __name__ == "__main__":
    main()
