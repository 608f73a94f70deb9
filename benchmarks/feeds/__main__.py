"""Measures the feed reader on real documents, beside plain feedparser in the same run.

    python -m benchmarks.feeds --data ../shared/bench/feeds [--rounds 3]

Agreement is counted per entry over the documents feedparser reads (JSON Feed is not one of its formats),
with its HTML cleaning and link resolution off. A link agrees when it is feedparser's, resolved against the
feed; an id is compared where the feed states one. The first figure counts every difference; the second, which has the
floor, leaves out those made on purpose: links that are no web address, guids that feedparser takes for links and are
no addresses, relative links of a feed whose site is another host, links behind a redirector's; dates outside 1990-2099,
and dates with a zone's name, with halves of the day or in slashes, which feedparser reads as other moments.
"""

from __future__ import annotations

import argparse
import gzip
import io
import re
import sys
import time
import warnings
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from benchmarks import floors
from worker.feeds import DocumentError, FeedEntry, ParsedFeed, parse_feed

BASE = "https://paper.example/feeds/all.xml"
FIELDS = ("title", "link", "id", "published")


@dataclass
class Tally:
    compared: Counter[str] = field(default_factory=Counter)
    differing: Counter[str] = field(default_factory=Counter)
    on_purpose: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    documents: int = 0
    json_documents: int = 0
    entries: int = 0
    unequal_counts: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: {"ours": 0.0, "feedparser": 0.0})


def read_plainly(document: bytes) -> Any:
    return feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)


def is_misread_link(entry: Any, site: str) -> bool:
    """Whether feedparser's link is not the page's: see above."""
    link = dict.get(entry, "link") or ""
    relative = not urlsplit(link).scheme
    is_guid = bool(dict.get(entry, "guidislink")) and relative and not link.startswith("/")
    elsewhere = relative and urlsplit(site).hostname not in (None, urlsplit(BASE).hostname)
    return is_guid or elsewhere or "feedburner_origlink" in entry or not urljoin(BASE, link).startswith("http")


def is_misread_date(entry: Any) -> bool:
    """Whether feedparser's date is absurd, or of a form whose zone or half of the day it passes over."""
    published = dict.get(entry, "published_parsed")
    stated = str(dict.get(entry, "published") or "")
    absurd = published is not None and not 1990 <= published[0] < 2100
    return absurd or re.search(r"(?i)\d\s*[ap]\.?m\b|\b(?!GMT|UTC)[A-Z]{3,4}\s*$|\d/\d", stated) is not None


def compare(name: str, ours: FeedEntry, theirs: Any, site: str, tally: Tally) -> None:
    link, published = dict.get(theirs, "link") or "", dict.get(theirs, "published_parsed")
    resolved = urljoin(BASE, link) if link else ""
    pairs = {
        "title": (ours.title, (dict.get(theirs, "title") or "").strip()),
        "link": (ours.url, resolved),
        "id": (ours.id, dict.get(theirs, "id") or ours.id),
        "published": (
            tuple(ours.published.timetuple())[:6] if ours.published else None,
            tuple(published)[:6] if published else None,
        ),
    }
    purposes = {"link": is_misread_link(theirs, site), "published": is_misread_date(theirs)}
    for part, (mine, plain) in pairs.items():
        tally.compared[part] += part != "id" or bool(dict.get(theirs, "id"))
        if mine != plain:
            tally.differing[part] += 1
            tally.on_purpose[part] += purposes.get(part, False)
            tally.examples.append(f"{name} {part}: {str(mine)[:70]!r}, feedparser {str(plain)[:70]!r}")


def judge(name: str, document: bytes, tally: Tally) -> None:
    theirs = read_plainly(document)
    try:
        ours: ParsedFeed = parse_feed(document, BASE)
    except DocumentError as error:
        tally.reasons.append(f"{name}: {error.code}: {error}")
        return
    except Exception as fault:  # noqa: BLE001 - the figure asked for is the number of these
        tally.exceptions.append(f"{name}: {fault!r}")
        return
    tally.documents += 1
    tally.entries += len(ours.entries)
    if ours.format.startswith("json"):
        tally.json_documents += 1
    elif len(ours.entries) != len(theirs.entries):
        tally.unequal_counts.append(f"{name}: {len(ours.entries)}, feedparser {len(theirs.entries)}")
    else:
        for mine, plain in zip(ours.entries, theirs.entries, strict=True):
            compare(name, mine, plain, ours.link, tally)


def clock(documents: list[bytes], rounds: int, tally: Tally) -> None:
    """Time both readers document by document, so that both meet the same moods of the machine."""
    for turn in range(rounds):
        for document in documents:
            # Whoever goes second finds the document in the caches, so they take turns.
            for reader in ("ours", "feedparser") if turn % 2 else ("feedparser", "ours"):
                begin = time.perf_counter()
                if reader == "feedparser":
                    read_plainly(document)
                else:
                    with suppress(DocumentError):
                        parse_feed(document, BASE)
                tally.seconds[reader] += time.perf_counter() - begin


def report(tally: Tally, documents: list[bytes], rounds: int) -> None:
    megabytes = sum(map(len, documents)) / 1e6
    print(f"documents            {len(documents)} ({megabytes:.1f} MB; {tally.json_documents} JSON Feed)")
    print(f"entries              {tally.entries}")
    print(f"exceptions           {len(tally.exceptions)}")
    print(f"recorded reasons     {len(tally.reasons)}")
    print(f"entry counts unequal {len(tally.unequal_counts)}")
    for part in FIELDS:
        all_of, wrong = tally.compared[part], tally.differing[part]
        share = 100 * (1 - wrong / all_of) if all_of else 0.0
        without = 100 * (1 - (wrong - tally.on_purpose[part]) / all_of) if all_of else 0.0
        note = f", {tally.on_purpose[part]} of them on purpose: {without:.3f} % without" if wrong else ""
        print(f"agreement {part:10} {share:.3f} % ({wrong} of {all_of} differ{note})")
    for reader, seconds in tally.seconds.items():
        speed = f"{rounds * len(documents) / seconds:.1f} documents/s, {rounds * megabytes / seconds:.2f} MB/s"
        print(f"speed {reader:14} {speed}")
    print(f"time beside feedparser's {tally.seconds['ours'] / tally.seconds['feedparser']:.2f}")
    for line in [*tally.exceptions, *tally.reasons, *tally.unequal_counts, *tally.examples]:
        print(" ", line)


def floor_figures(tally: Tally) -> dict[str, float]:
    agreement = {
        f"feeds.agreement.{part}": 1 - (tally.differing[part] - tally.on_purpose[part]) / tally.compared[part]
        for part in FIELDS
        if tally.compared[part]
    }
    faults = {"feeds.exceptions": len(tally.exceptions), "feeds.unequal_counts": len(tally.unequal_counts)}
    return {**agreement, **faults}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder of feed documents, gzipped or plain")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    warnings.simplefilter("ignore", DeprecationWarning)
    paths = [
        path for path in sorted(options.data.iterdir()) if path.suffix in {".gz", ".xml", ".json", ".rss", ".atom"}
    ]
    if not paths:
        parser.error(f"no feed documents in {options.data}")
    documents = [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in paths]
    tally = Tally()
    for path, document in zip(paths, documents, strict=True):
        judge(path.name, document, tally)
    clock(documents, options.rounds, tally)
    report(tally, documents, options.rounds)
    held = floors.check(floor_figures(tally), options.data.parent)
    return int(bool(tally.exceptions) or not held)


if __name__ == "__main__":
    sys.exit(main())
