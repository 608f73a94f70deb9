"""What an article costs on its whole way, beside what trafilatura alone takes for the same pages.

    python -m benchmarks.pipeline --data ../shared/bench/extraction [--sets sh andy] [--database-url postgresql://...]
        [--statements]

The pages of the sets are published on loopback, each site at an address of its own, in feeds of twelve, and take the
real steps in one process: polled, read, fetched, extracted, fingerprinted, compared, placed, matched with the built-in
topic, the sites learned, the stories looked at again. The first feed goes ahead unmeasured, so that nothing is counted
that a process does once. CPU is this process's. Trafilatura reads the same pages, with metadata, before and after. The
ratio is the whole way ÷ trafilatura. "locked" is from the story lock to its commit, a wall time. With --statements what
the steps ask the database is listed, the most frequent first. A database named has to be empty.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import floors
from benchmarks.fetch import peak_mb
from benchmarks.own_redis import own_redis
from benchmarks.pages.__main__ import Page, read_pages, trafilatura_default
from benchmarks.pipeline.counting import Cost, Meter
from benchmarks.pipeline.press import LISTED, by_site, published
from worker.pipeline import STEPS
from worker.queue import sweep
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.step import Wakeup
from worker.storage.db import migrations

JOBS = ("sweep", "stories")
ENOUGH = 30  # looks for what is due


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", nargs="+", default=["sh", "andy"])
    parser.add_argument("--database-url", help="an empty PostgreSQL database; SQLite if not given")
    parser.add_argument("--statements", action="store_true")
    given = parser.parse_args()
    pages = [page for name in given.sets for page in read_pages(given.data / name)]
    before = extracted(pages)
    with tempfile.TemporaryDirectory() as folder, own_redis() as redis:
        meter = live(Path(folder), by_site(pages), redis, given.database_url)
    theirs = (before + extracted(pages)) / 2
    if given.statements:
        show_statements(meter, len(pages) - LISTED)
    whole = show(meter, len(pages) - LISTED, theirs)
    engine = "postgresql" if given.database_url else "sqlite"
    measured = {f"pipeline.{engine}.ratio": whole / theirs} if given.sets == ["sh", "andy"] else {}
    return int(not floors.check(measured, given.data.parent))


def extracted(pages: Sequence[Page]) -> float:
    """Milliseconds of CPU that trafilatura takes for a page, with metadata."""
    for _, url, html in pages[:10]:
        trafilatura_default(html, url)
    started = time.process_time()
    for _, url, html in pages:
        trafilatura_default(html, url)
    return (time.process_time() - started) / len(pages) * 1000


def live(folder: Path, sites: Mapping[str, list[Page]], redis: str, database: str | None) -> Meter:
    """Let the sites' pages go the whole way, the first feed's ahead; return what the others cost."""
    with published(sites) as feeds:
        fetch = {"allow_private_hosts": ("127.0.0.0/8",), "spacing_seconds": 0}
        tables = [{"url": url} for url in feeds]
        url = database or f"sqlite:///{folder / 'storywatch.db'}"
        settings = load_settings(
            folder=folder, database_url=url, redis_url=redis, fetch=fetch, feeds=tables[:1], log_level="error"
        )
        deps = Deps(settings)
        migrations.upgrade(deps.database)
        reconcile(deps)
        pass_through(deps, Meter(deps.database))
        reconcile(Deps(settings.model_copy(update={"feeds": load_settings(folder=folder, feeds=tables).feeds})))
        meter = Meter(deps.database)
        pass_through(deps, meter)
        deps.database.close()
    return meter


def pass_through(deps: Deps, meter: Meter) -> None:
    """Do what is due, and what that wakes, until nothing is left."""
    for _ in range(ENOUGH):
        todo = deque[Wakeup]()
        with meter.measured("sweep"):
            for queue in sweep.queues_of("sweep"):
                todo.extend(one for job in JOBS for one in sweep.look(deps, job, queue, room=10_000))
        if not todo:
            return
        while todo:
            step, row_id = todo.popleft()
            with meter.measured(step):
                todo.extend(STEPS[step].run(deps, row_id))


def show(meter: Meter, pages: int, theirs: float) -> float:
    """Print the table; return the milliseconds that an article costs."""
    print(f"{'an article of ' + str(pages):24} CPU ms   share  statements  writes  reads  locked ms (p50, p95)")
    costs = sorted(meter.costs.items(), key=lambda pair: -pair[1].seconds)
    whole = sum(cost.seconds for _, cost in costs) / pages * 1000
    for name, cost in costs:
        print_cost(f"{name} × {cost.runs}", cost, pages, whole)
    counted = (sum(getattr(cost, name) for _, cost in costs) for name in ("statements", "writes", "reads"))
    total = Cost(whole * pages / 1000, 1, *counted)
    print_cost("whole way", total, pages, whole)
    print(f"trafilatura with metadata {theirs:.2f} ms; ratio {whole / theirs:.2f}; {1000 / whole:.0f} articles a CPU s")
    print(f"peak memory {peak_mb():.0f} MB")
    return whole


def print_cost(name: str, cost: Cost, pages: int, whole: float) -> None:
    own = cost.seconds / pages * 1000
    line = f"{name:24} {own:6.2f}  {own / whole:5.1%}  {cost.statements / pages:10.2f}  {cost.writes / pages:6.2f}"
    line += f"  {cost.reads / pages:5.2f}"
    if len(cost.locked) > 1:
        half, most = statistics.median(cost.locked), statistics.quantiles(cost.locked, n=20)[-1]
        line += f"  {half * 1000:.2f}, {most * 1000:.2f}"
    print(line)


def show_statements(meter: Meter, pages: int) -> None:
    """Print what each step asks the database, the most frequent first."""
    for step, texts in meter.texts.items():
        for text, count in texts.most_common(40):
            print(f"{step:18} {count / pages:5.2f}  {' '.join(text.split())[:150]}")


if __name__ == "__main__":
    sys.exit(main())
