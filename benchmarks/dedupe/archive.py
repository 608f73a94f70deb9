"""Loads `benchmarks.dedupe`'s archives: rows and sample pages as a service that ran for a month leaves them.

In bulk, in a fraction of the time: articles by COPY with their indexes made afterwards; samples go through files, one
for each range of hashes, and from there in key order into pages as full as random insertion leaves them (between half
and all of a page, ln 2 on average: Yao 1978). That both are the same is checked on a few hundred articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.dedupe.corpus import Corpus, Ids
from worker.storage.articles import sample_months
from worker.storage.articles.sample_pages import FULL, LOWEST
from worker.storage.db.database import Database
from worker.storage.db.hashes import string_hash

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
CROWDED = 51
_BATCH = 5_000
_RANGES = 16
_ENTRY = np.dtype([("sample", ">i8"), ("article", ">u4")])
_COLUMNS = (
    "id", "url", "url_hash", "outlet", "entry_id", "entry_title", "entry_body", "mailable", "state", "attempts",
    "feed_only", "discovered_at", "published_at", "title", "text", "text_hash", "duplicate_of", "copied_from",
)  # fmt: skip

Row = tuple[int, Ids, int | None]
"""An article's id, its words, and the id of the one it copies."""


class Archive:
    """The articles of the last `days`, evenly spread, the newest with the highest ids."""

    def __init__(self, database: Database, size: int, *, days: float, window: timedelta, folder: Path) -> None:
        self.database, self.size, self.days, self.folder = database, size, days, folder
        self.months = sample_months.months_around(NOW, window)
        self.kept: dict[int, Ids] = {}

    def seen(self, article_id: int) -> datetime:
        """When the article came in."""
        return NOW - timedelta(days=self.days * (1 - article_id / self.size))

    def load(self, corpus: Corpus, turn: Callable[[], AbstractContextManager[None]] = nullcontext) -> list[Row]:
        """Store all of it, each part in a `turn` of seconds; return a thousand articles from all over it."""
        some, every = list[Row](), max(1, self.size // 1_000)
        self.folder.mkdir()
        indexes = self._drop_indexes()
        rows = corpus.articles(self.size, 1)
        for _ in range(0, self.size, _BATCH):
            with turn():
                batch = list(islice(rows, _BATCH))
                some += [row for row in batch if row[0] % every == 0]
                self._save_articles(corpus, batch)
                self._sort_samples(corpus, batch)
        for statement in indexes:
            with turn(), self.database.transaction() as session:
                session.execute(text(statement))
        for month in self.months:
            with self.database.transaction() as session:
                sample_months.prepare_months(session, now=datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC))
            self._save_month(month, turn)
        if not self.database.is_sqlite:
            with turn(), self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
                connection.execute(text("CHECKPOINT"))
        return some

    def _drop_indexes(self) -> list[str]:
        """Drop the articles' indexes; return the statements that make them again."""
        if self.database.is_sqlite:
            made = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'articles' AND type = 'index' AND sql <> ''"
        else:
            made = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'articles' AND indexname LIKE 'ix%'"
        with self.database.transaction() as session:
            found = session.execute(text(made)).all()
            for name, _ in found:
                session.execute(text(f"DROP INDEX {name}"))
        return [statement for _, statement in found]

    def _save_articles(self, corpus: Corpus, batch: Sequence[Row]) -> None:
        rows, zone = [], "" if self.database.is_sqlite else "+00"
        for article_id, words, original in batch:
            said, seen = corpus.text(words), self.seen(article_id).strftime("%Y-%m-%d %H:%M:%S.%f" + zone)
            url_hash = string_hash(str(article_id))
            rows.append((
                article_id, f"https://news.example/{article_id}", url_hash, "", "", "", "", 1, "analyzed", 0, 0, seen,
                seen, "", said, url_hash[:40], original, original,
            ))  # fmt: skip
        with self.database.transaction() as session:
            driver = _driver(session)
            if self.database.is_sqlite:
                places = ", ".join("?" * len(_COLUMNS))
                driver.executemany(f"INSERT INTO articles ({', '.join(_COLUMNS)}) VALUES ({places})", rows)
                return
            with driver.cursor() as cursor, cursor.copy(f"COPY articles ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
                nothing = "\\N"
                copy.write("".join("\t".join(nothing if v is None else str(v) for v in row) + "\n" for row in rows))

    def _sort_samples(self, corpus: Corpus, batch: Sequence[Row]) -> None:
        """Put the batch's entries into the file of their month and range; a copy's without those of its original."""
        found: dict[int, list[Ids]] = {}
        for article_id, words, original in batch:
            month = sample_months.month_of(self.seen(article_id))
            samples = corpus.samples(words)
            if original is None:
                self.kept[article_id] = samples
                self.kept.pop(article_id - 10 * _BATCH, None)
            elif original in self.kept:
                samples = np.setdiff1d(samples, self.kept[original])
            entries = np.empty(len(samples), dtype=_ENTRY)
            entries["sample"], entries["article"] = samples, article_id
            found.setdefault(month, []).append(entries)
        for month, parts in found.items():
            entries = np.concatenate(parts).astype(_ENTRY)  # which it turns into the order of this machine
            # Most samples are of the lowest eighth of all values; those of short texts are above it.
            ranges = np.minimum(entries["sample"].astype(np.int64) >> 57, _RANGES)
            for number in np.unique(ranges) if month in self.months else ():
                with self._file(month, int(number)).open("ab") as file:
                    file.write(entries[ranges == number].tobytes())

    def _file(self, month: int, number: int) -> Path:
        return self.folder / f"{month}-{number}"

    def _save_month(self, month: int, turn: Callable[[], AbstractContextManager[None]]) -> None:
        first, rng = LOWEST, np.random.default_rng(month)
        for number in range(_RANGES + 1):
            if self._file(month, number).exists():
                with turn():
                    entries = np.fromfile(self._file(month, number), dtype=_ENTRY)
                    self._file(month, number).unlink()
                    first = self._save_pages(month, first, _in_order(entries), rng)

    def _save_pages(self, month: int, first: int, entries: np.ndarray[Any, Any], rng: np.random.Generator) -> int:
        """Store pages of these entries; return what the next page begins with."""
        packed, samples = entries.tobytes(), entries["sample"].astype(np.int64)
        starts = np.flatnonzero(np.r_[True, samples[1:] != samples[:-1]])
        sizes = (FULL * 2 ** (rng.random(len(entries) // (FULL // 2) + 1) - 1)).astype(int)
        cuts = np.unique(np.searchsorted(starts, np.cumsum(sizes)))
        ends = [*starts[cuts[cuts < len(starts)]].tolist(), len(entries)]
        with self.database.transaction() as session:
            driver = _driver(session)
            rows, start = [], 0
            for end in ends:
                rows.append((month, first, packed[start * _ENTRY.itemsize : end * _ENTRY.itemsize]))
                start, first = end, int(samples[end]) if end < len(samples) else int(samples[-1]) + 1
            if self.database.is_sqlite:
                driver.executemany("INSERT INTO sample_pages (month, first, entries) VALUES (?, ?, ?)", rows)
                return first
            with driver.cursor() as cursor, cursor.copy("COPY sample_pages (month, first, entries) FROM STDIN") as copy:
                for some in range(0, len(rows), 10_000):
                    copy.write("".join(f"{m}\t{f}\t\\\\x{e.hex()}\n" for m, f, e in rows[some : some + 10_000]))
        return first


def _in_order(entries: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Sorted by sample and article, and no more of one sample than are indexed."""
    order = np.lexsort((entries["article"], entries["sample"].astype(np.int64)))
    ordered = entries[order]
    samples = ordered["sample"].astype(np.int64)
    places = np.arange(len(ordered))
    begins = np.maximum.accumulate(np.where(np.r_[True, samples[1:] != samples[:-1]], places, 0))
    return ordered[places - begins < CROWDED]


def _driver(session: Session) -> Any:
    return session.connection().connection.driver_connection


def entries_of(database: Database) -> Iterator[tuple[int, int, int]]:
    """Everything in the index: month, sample, article."""
    with database.reading() as session:
        for month, entries in session.execute(text("SELECT month, entries FROM sample_pages")):
            for sample, article in np.frombuffer(entries, dtype=_ENTRY).tolist():
                yield month, sample, article
