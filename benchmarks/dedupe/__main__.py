"""What finding copies costs as the archive grows, on SQLite and on PostgreSQL, beside datasketch's MinHash LSH.

    python -m benchmarks.dedupe [--sizes 10000 100000] [--probes 400] [--engines sqlite postgresql] [--days 30]
    python -m benchmarks.dedupe --sizes 10000 100000 1000000 --lsh 1000000                     # 15 GB of disk and memory
    python -m benchmarks.dedupe --sizes 10000 10000000 --engines postgresql --days 365 --lsh 0 # 45 GB of disk

What is compared with is what the service compares with: articles seen within `duplicates.window_days` (30). By default
all articles of an archive are that young, spread over the window and thus over two months, which is the most that can
be asked of so many. Ten million a month would be all the world's news; `--days 365` is an archive of that many in
a year, of which the index holds the two months that housekeeping leaves. Their texts and other indexes stay.

Archives are loaded in bulk (`benchmarks.dedupe.archive`). Then articles that are not stored, one in five a copy of one from
anywhere in the window, are decided, each on every size in turn, so that all sizes meet the same moods of the machine.
A decision is fingerprint, look-up, reading the candidates' texts and comparing, in wall time, as a worker does it
before it takes the lock; the look-up is also given alone, timed on every second article. "Worker" decides, indexes
and commits, article by article: one worker, without reading the page and without stories. Bytes are those of the
index of samples for each article that is stored in it. The servers have their default settings (PostgreSQL: 128 MB of
shared buffers, SQLite: 2 MB), so that a large archive is read from the file system; its index is read through once
before the clock runs, so that the system holds of it what fits into memory, as it does after a month of running. `--lock FILE` is for machines that others use:
the file is locked (flock) for the parts that are timed, and shared while loading.

datasketch runs in a process of its own, so that what it takes of memory is its own; it stores nothing on disk.
Text made to hurt: `benchmarks.hostile`.
"""

# ruff: noqa: E501 - tables of figures

from __future__ import annotations

import argparse
import fcntl
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.dedupe.archive import NOW, Archive, entries_of
from benchmarks.dedupe.corpus import Corpus, Ids
from benchmarks.dedupe.lsh import keep_lsh
from benchmarks.dedupe.postgres import open_postgres, postgres_server
from benchmarks.dedupe.probes import WARM_UP, Probe, locked, quantile
from models import Article
from worker.analysis.copy_candidates import Comparison, CopyCandidates, compare, find_candidates
from worker.analysis.judgement import Judgement
from worker.duplicates import MEASURED, DuplicateKind, Fingerprint, fingerprint, sample
from worker.pages import ExtractedArticle, PageKind
from worker.storage.articles import fingerprints, sample_months
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.db.hashes import string_hash
from worker.stories import StoryFeatures


@dataclass
class Stored:
    """One archive: its database and how many articles are in it."""

    engine: str
    size: int
    database: Database
    loaded: float = 0.0
    bytes_each: float = 0.0
    indexed: int = 0
    times: dict[str, list[float]] = field(default_factory=lambda: {"look-up": [], "decision": [], "worker": []})
    right: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def timing(self, part: str) -> Iterator[None]:
        """Write down how long the block took, in milliseconds of wall time."""
        begin = time.perf_counter()
        yield
        self.times[part].append(1000 * (time.perf_counter() - begin))


# --- what is stored


def load(stored: Stored, days: float, folder: Path, lock: Path | None) -> list[tuple[int, Ids]]:
    """Store the articles and their samples; return some originals, which probes may copy."""
    started = time.monotonic()
    migrations.upgrade(stored.database)
    archive = Archive(stored.database, stored.size, days=days, window=MEASURED.window, folder=folder)
    some = archive.load(Corpus(), lambda: locked(lock, fcntl.LOCK_SH))
    stored.loaded = time.monotonic() - started
    stored.indexed = sum(sample_months.month_of(archive.seen(n)) in archive.months for n in range(1, stored.size + 1))
    stored.bytes_each = index_bytes(stored.database) / stored.indexed
    return [row[:2] for row in some if row[2] is None and NOW - archive.seen(row[0]) < MEASURED.window]


def check_loading(folder: Path) -> None:
    """The corpus samples as the service does, and the bulk loader leaves the entries that the service would."""
    loaded, grown = (Database(f"sqlite:///{folder / name}.db") for name in ("loaded", "grown"))
    for database in (loaded, grown):
        migrations.upgrade(database)
    archive = Archive(loaded, 700, days=30, window=MEASURED.window, folder=folder / "check")
    archive.load(Corpus())
    corpus, known = Corpus(), dict[int, Fingerprint]()
    with grown.transaction() as session:
        for article_id, words, original in corpus.articles(700, 1):
            taken = known[article_id] = fingerprint(corpus.text(words))
            beside = known[original].samples if original else ()
            fingerprints.save_samples(session, article_id, taken, seen=archive.seen(article_id), known=beside)
    if sorted(entries_of(loaded)) != sorted(entries_of(grown)):
        sys.exit("benchmarks.dedupe.archive no longer stores what worker.storage.articles.fingerprints does")
    for database in (loaded, grown):
        database.close()


def index_bytes(database: Database) -> int:
    if database.is_sqlite:
        pages = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('sample_pages', 'sqlite_autoindex_sample_pages_1')"
    else:
        pages = (
            "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'sample_pages'::regclass"
        )
    with database.reading() as session:
        return int(session.scalar(text(pages)))


# --- deciding


def decide(stored: Stored, probe: Probe) -> Comparison:
    """Decide on one article, as a worker does before it takes the story lock."""
    taken = fingerprint(probe.text)
    with stored.database.reading() as session:
        candidates = _find(session, probe, taken)
    return compare(candidates, rules=MEASURED)


def look_up(stored: Stored, probe: Probe) -> None:
    """Only find what might be alike."""
    taken = fingerprint(probe.text)
    with stored.database.reading() as session, stored.timing("look-up"):
        fingerprints.find_candidates(session, probe.article_id, taken, seen=NOW, window=MEASURED.window)


def work(stored: Stored, probe: Probe) -> None:
    """Decide and index, as a worker does."""
    taken = fingerprint(probe.text)
    with stored.database.transaction() as session:
        comparison = compare(_find(session, probe, taken), rules=MEASURED)
        parent = comparison.relation.decision.duplicate_of
        known = sample(comparison.fingerprints[parent].words) if parent else ()
        fingerprints.save_samples(session, probe.article_id, taken, seen=NOW, known=known)


def _find(session: Session, probe: Probe, taken: Fingerprint) -> CopyCandidates:
    nothing = ExtractedArticle(PageKind.ARTICLE, "", "")
    judgement = Judgement(nothing, NOW, None, taken, StoryFeatures({}, (), None, NOW), ())
    return find_candidates(session, probe.article_id, judgement, rules=MEASURED)


def announce(stored: Stored, probes: Sequence[Probe]) -> None:
    """The rows of the articles that come in, waiting to be decided."""
    rows = [
        {"id": probe.article_id, "url": "https://news.example/", "url_hash": string_hash(f"probe {probe.article_id}"),
         "state": "fetched", "discovered_at": NOW + timedelta(minutes=1)}
        for probe in probes
    ]  # fmt: skip
    with stored.database.transaction() as session:
        session.execute(Article.__table__.insert(), rows)


def make_probes(corpus: Corpus, originals: Sequence[tuple[int, Ids]], count: int, size: int) -> list[Probe]:
    fresh = Corpus(corpus.seed)
    fresh.rng = np.random.default_rng(corpus.seed + 1)
    rng = Random(3)
    probes = []
    for number in range(count):
        original, words = rng.choice(originals) if number % 5 == 0 else (None, None)
        said = fresh._write() if words is None else fresh._edit(words)
        probes.append(Probe(size + 1 + number, corpus.text(said), original))
    return probes


def probe_all(archives: Sequence[Stored], probes: dict[int, list[Probe]]) -> None:
    for stored in archives:
        announce(stored, probes[stored.size])
        with stored.database.reading() as session:
            session.execute(text("SELECT sum(length(entries)) FROM sample_pages"))
        for probe in probes[stored.size][:WARM_UP]:
            decide(stored, probe)
    for turn in range(WARM_UP, len(probes[archives[0].size])):
        for stored in archives if turn % 4 < 2 else reversed(archives):
            probe = probes[stored.size][turn]
            # By turns: whatever is timed second would find in memory what the first has brought there.
            if turn % 2:
                look_up(stored, probe)
                decision = decide(stored, probe).relation.decision
            else:
                with stored.timing("decision"):
                    decision = decide(stored, probe).relation.decision
            is_copy = decision.kind is not DuplicateKind.UNIQUE
            stored.right["copies" if probe.original else "fresh"] += 1
            if probe.original:
                stored.right["found"] += is_copy
            else:
                stored.right["false"] += is_copy
    for turn in range(WARM_UP, len(probes[archives[0].size])):
        for stored in archives:
            with stored.timing("worker"):
                work(stored, probes[stored.size][turn])


def measure_pruning(stored: Stored) -> str:
    """Forgetting the last month: its partition dropped, beside its rows deleted."""
    month, times = sample_months.month_of(NOW), list[float]()
    with stored.database.engine.connect() as connection:
        for statement in (f"DELETE FROM sample_pages WHERE month = {month}", f"DROP TABLE sample_pages_{month}"):
            begin = time.perf_counter()
            connection.execute(text(statement))
            times.append(time.perf_counter() - begin)
            connection.rollback()
    return f"postgresql, a month of {stored.size} articles: {times[0]:.2f} s to delete, {times[1]:.3f} s to drop"


# --- report


def report(archives: Sequence[Stored]) -> None:
    for one in archives:
        times, right = one.times, one.right
        print(
            f"{one.engine:10} {one.size:9} {quantile(times['look-up'], 0.5):9.2f} {quantile(times['look-up'], 0.99):9.2f} "
            f"{quantile(times['decision'], 0.5):8.2f} {quantile(times['decision'], 0.99):8.2f} "
            f"{1000 * len(times['worker']) / sum(times['worker']):9.0f} {one.bytes_each:8.0f}   "
            f"copies found {right['found'] / max(1, right['copies']):.3f}, false {right['false'] / max(1, right['fresh']):.3f}",
            flush=True,
        )
    for engine in dict.fromkeys(one.engine for one in archives):
        same = [one for one in archives if one.engine == engine]
        small, large = same[0], same[-1]
        ratios = [
            f"{name} {quantile(large.times[name], 0.5) / quantile(small.times[name], 0.5):.2f}"
            for name in ("look-up", "decision")
        ]
        print(f"{engine}: p50 at {large.size} beside that at {small.size}: {', '.join(ratios)}")


def run(given: argparse.Namespace, folder: Path, open_archive: dict[str, Callable[[int], Database]]) -> None:
    check_loading(folder)
    sizes, probes, corpus = sorted(given.sizes), dict[int, list[Probe]](), Corpus()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    sketched = [size for size in sizes if size <= given.lsh]
    lsh = multiprocessing.get_context("spawn").Process(
        target=keep_lsh, args=(sketched, theirs, given.lock), daemon=True
    )
    if sketched:
        lsh.start()
    theirs.close()  # so that its end is noticed here
    archives = []
    for engine in given.engines:
        for size in sizes:
            stored = Stored(engine, size, open_archive[engine](size))
            originals = load(stored, given.days, folder / f"samples-{engine}-{size}", given.lock)
            probes[size] = make_probes(corpus, originals, given.probes + WARM_UP, size)
            archives.append(stored)
            print(f"{engine}: {size} articles loaded in {stored.loaded:.0f} s, {stored.indexed} indexed", flush=True)
    is_still_loading = bool(sketched)
    if is_still_loading and given.lock is None:
        is_still_loading = ours.recv() != "stored"
    head = f"{'index':10} {'articles':>9} {'look-up':>9} {'p99 ms':>9} {'decision':>8} {'p99 ms':>8} {'worker/s':>9} {'bytes':>8}"
    print(head, flush=True)
    for engine in given.engines:
        same = [one for one in archives if one.engine == engine]
        with locked(given.lock, fcntl.LOCK_EX):
            probe_all(same, probes)
        report(same)
    if is_still_loading:
        ours.recv()
    if sketched:
        ours.send(probes)
        print(ours.recv(), flush=True)
        lsh.join()
    for stored in archives:
        if stored.engine == "postgresql" and stored.size == sizes[-1]:
            print(measure_pruning(stored), flush=True)
        stored.database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--probes", type=int, default=400)
    parser.add_argument("--days", type=float, default=30, help="how old the oldest article of an archive is")
    parser.add_argument("--lsh", type=int, default=100_000, help="the largest size that datasketch gets too")
    parser.add_argument("--lock", type=Path, help="a file that is locked while something is timed")
    parser.add_argument("--folder", type=Path, help="where the archives are put for as long as this runs")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dedupe-", dir=given.folder))
    try:
        if "postgresql" not in given.engines:
            run(given, folder, {"sqlite": lambda size: Database(f"sqlite:///{folder / f'{size}.db'}")})
            return
        with postgres_server(folder) as uri:
            run(given, folder, {
                "sqlite": lambda size: Database(f"sqlite:///{folder / f'{size}.db'}"),
                "postgresql": lambda size: open_postgres(uri, size),
            })  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
