"""The same articles in datasketch's MinHash LSH, in a process of its own: what is compared with."""

from __future__ import annotations

import fcntl
import time
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.dedupe.corpus import Corpus
from benchmarks.dedupe.probes import WARM_UP, Probe, locked, quantile


def keep_lsh(sizes: Sequence[int], pipe: Connection, lock: Path | None) -> None:
    """A process: the same articles in datasketch's MinHash LSH (128 permutations, Jaccard .3 of five-word shingles).

    Says that they are stored, waits for the probes of each size, and answers with a line for each.
    """
    import psutil
    from datasketch import MinHash, MinHashLSH

    def sketch(words: Sequence[str]) -> MinHash:
        made = MinHash(num_perm=128)
        made.update_batch([" ".join(words[n : n + 5]).encode() for n in range(len(words) - 4)])
        return made

    kept = []
    for size in sizes:
        before, spent, corpus = psutil.Process().memory_info().rss, 0.0, Corpus()
        index, rows = MinHashLSH(threshold=0.3, num_perm=128), corpus.articles(size, 1)
        for _ in range(0, size, 1_000):
            with locked(lock, fcntl.LOCK_SH):
                begin = time.perf_counter()
                for article_id, words, _ in islice(rows, 1_000):
                    index.insert(article_id, sketch(corpus.text(words).split()), check_duplication=False)
                spent += time.perf_counter() - begin
        taken = psutil.Process().memory_info().rss - before
        kept.append((size, index, size / spent, taken / size))
    pipe.send("stored")
    probes: dict[int, list[Probe]] = pipe.recv()
    lines = []
    with locked(lock, fcntl.LOCK_EX):
        for size, index, speed, bytes_each in kept:
            times, hits = list[float](), Counter[bool]()
            for probe in probes[size][:WARM_UP]:
                index.query(sketch(probe.text.split()))
            for probe in probes[size][WARM_UP:]:
                begin = time.perf_counter()
                found = index.query(sketch(probe.text.split()))
                times.append(1000 * (time.perf_counter() - begin))
                hits[probe.original is not None] += bool(found)
            copies = sum(probe.original is not None for probe in probes[size][WARM_UP:])
            lines.append(
                f"{'datasketch':10} {size:9} {'':9} {'':9} {quantile(times, 0.5):8.2f} {quantile(times, 0.99):8.2f} "
                f"{speed:9.0f} {bytes_each:8.0f}   copies found {hits[True] / copies:.3f}, "
                f"false {hits[False] / (len(times) - copies):.3f}"
            )
    pipe.send("\n".join(lines))
