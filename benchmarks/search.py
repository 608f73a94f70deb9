"""Searching a large archive: `python -m benchmarks.search [--articles 100000] [--on sqlite postgresql]`.

The archive is generated: sentences of words as frequent as they are in English, twenty to an article, a minute apart.
Printed are, for each database and each kind of query, how long a page takes (of the database, of reading, ranking and
marking), and how large the index is beside the articles.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import insert, text

from benchmarks.dedupe.postgres import open_postgres, postgres_server
from models import Article
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.search.archive_search import search
from worker.text.word_frequencies import word_frequencies
from worker.topics.search import read_wanted

START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 5_000
ROUNDS = 7
KINDS = {
    "a frequent word": ["people", "government", "city"],
    "a rare word": ["shipwreck", "glacier", "archbishop"],
    "two words": ["government AND border", "police AND river", "school AND winter"],
    "any of many": ["ferry OR harbour OR vessel OR sailor", "snow OR frost OR blizzard", "mayor OR council"],
    "without": ["border AND NOT police", "river AND NOT water", "market AND NOT food"],
    "a beginning": ["migra*", "harbo*", "glaci*"],
    "a phrase": ['"last year"', '"of the city"', '"prime minister"'],
    "near": ['"border police"~8', '"river bridge"~12', '"mayor council"~8'],
    "in the headline": ["title:border", "title:(river OR bridge)", "title:government"],
    "an outlet, a language": ["outlet:tribune border", "lang:es border", "outlet:gazette lang:en river"],
    "in a month": ["border after:2026-01-10 before:2026-01-20", "river after:2026-01-02 before:2026-01-09"],
    "in the lead (read)": ["lead:border", "lead:(river AND bridge)", "lead:government"],
}


def generate(articles: int) -> Iterator[dict[str, Any]]:
    """Rows of articles that were read."""
    chance = random.Random(7)  # the same archive each time
    known = {word: share for word, share in word_frequencies("en").items() if word.isalpha()}
    words, sums = list(known), list(accumulate(known.values()))
    sentences = [" ".join(chance.choices(words, cum_weights=sums, k=15)).capitalize() + "." for _ in range(40_000)]
    titles = [" ".join(chance.choices(words, cum_weights=sums, k=9)).capitalize() for _ in range(40_000)]
    outlets = [f"{town} {kind}" for town in ("Harbour", "River", "Hill", "Lake") for kind in ("Tribune", "Gazette")]
    for number in range(articles):
        moment = START + timedelta(minutes=number)
        yield {
            "url": f"https://news.example/{number}", "url_hash": f"{number:064x}", "state": "analyzed",
            "outlet": outlets[number % 8], "discovered_at": moment, "analyzed_at": moment, "published_at": moment,
            "title": chance.choice(titles), "text": " ".join(chance.choices(sentences, k=20)),
            "language": "es" if number % 10 == 0 else "en", "kind": "article",
        }  # fmt: skip


def fill(database: Database, articles: int) -> None:
    """Store them, and say what that took and how large the index is."""
    rows, seconds = generate(articles), 0.0
    while batch := list(islice(rows, BATCH)):
        begun = perf_counter()
        with database.transaction() as session:
            session.execute(insert(Article), batch)
        seconds += perf_counter() - begun
    print(f"  stored with the index: {seconds / articles * 1e6:.0f} µs an article")
    with database.transaction() as session:
        if database.is_sqlite:
            index = session.scalar(text("SELECT sum(length(block)) FROM search_index_data")) or 0
            pages, size = (session.scalar(text(f"PRAGMA {name}")) or 0 for name in ("page_count", "page_size"))
            whole = pages * size
        else:
            session.execute(text("ANALYZE"))
            index = session.scalar(text("SELECT pg_total_relation_size('search_index')")) or 0
            whole = session.scalar(text("SELECT pg_database_size(current_database())")) or 0
    print(f"  index: {index / 1e6:.0f} MB of {whole / 1e6:.0f} MB, {index / articles:.0f} bytes an article")


def measure(database: Database, articles: int) -> None:
    """Ask each query several times, the first time not counted."""
    now, every = START + timedelta(minutes=articles), list[float]()
    for kind, queries in KINDS.items():
        took, shown = list[float](), 0
        cpu = process_time()
        for query in queries:
            for number in range(ROUNDS + 1):
                begun = perf_counter()
                with database.reading() as session:
                    shown = len(search(session, read_wanted(query), now=now).articles)
                if number:
                    took.append((perf_counter() - begun) * 1000)
        every += took
        cpu = (process_time() - cpu) * 1000 / len(queries) / (ROUNDS + 1)
        print(f"  {kind:24} {_figures(took)}   CPU {cpu:6.1f} ms   ({shown} shown)")
    print(f"  {'all':24} {_figures(every)}")


def _figures(took: list[float]) -> str:
    return f"p50 {statistics.median(took):7.1f} ms  p95 {sorted(took)[int(len(took) * 0.95)]:7.1f} ms"


def _try(name: str, database: Database, articles: int) -> None:
    print(f"{name}, {articles} articles")
    fill(database, articles)
    measure(database, articles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--on", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in asked.on:
            database = Database(f"sqlite:///{folder}/search.db")
            migrations.upgrade(database)
            _try("SQLite", database, asked.articles)
            database.close()
        if "postgresql" in asked.on:
            with postgres_server(Path(folder)) as server:
                database = open_postgres(server, 0)
                migrations.upgrade(database)
                _try("PostgreSQL", database, asked.articles)
                database.close()


if __name__ == "__main__":
    main()
