"""Measures what an unchanged poll costs: the whole path beside the bare HTTP client, against one server on loopback.

    python -m benchmarks.fetch [--rounds 10] [--polls 1000] [--threads 2] [--database-url postgresql://...]

The server answers every request with 304, as nginx words it. "whole path" is `pipeline.poll_feeds` as the tasks of one
fetch worker call it: claim, the hosts' turns in Redis, request, decision, the feed's row. "our client" is the same
client with nothing around it, "pycurl" the library below it, set up once and asked again and again. All three run in
one thread, each with one open connection; "more threads" is the whole path in --threads of them, which here, where
nobody waits for a network, only wait for each other. All of them, on databases of 1,000, 10,000 and 100,000 feeds in a
process each, take turns in rounds, so that they meet the same moods of the machine; the middle round counts. Every feed
remembers 50 entries, the most there are, and every second one has polling hints of its own.

With --database-url each size gets a database of its own on that server, which is dropped again.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pycurl
from sqlalchemy import create_engine, func, insert, make_url, select, text, update

from benchmarks.own_redis import own_redis
from models import Feed
from worker import net
from worker.pipeline import STEPS
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.db.database import Database
from worker.storage.db.hashes import bytes_hash, string_hash
from worker.storage.feeds import feed_rows

ANSWER = (
    b"HTTP/1.1 304 Not Modified\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
    b'Last-Modified: Sat, 21 Nov 2026 08:00:00 GMT\r\nConnection: keep-alive\r\nETag: "6740a1b2-3f21"\r\n\r\n'
)
KNOWN = net.Validators('"6740a1b2-3f21"', "Sat, 21 Nov 2026 08:00:00 GMT")
SIZES = (1_000, 10_000, 100_000)
WAYS = ("pycurl", "our client", "whole path", "more threads")
TOGETHER = 40  # feeds in a message, as `tasks.send` puts them together when many are due
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
ENTRY_TIMES = [(YESTERDAY - timedelta(hours=3 * entry)).isoformat() for entry in range(50)]
PACE = [(count, ENTRY_TIMES[count - 1]) for count in (50, 20)]
HINTS = {"ttl": 1800.0, "update_every": None, "skip_hours": [], "skip_days": []}


class _Unchanged(asyncio.Protocol):
    """Answers 304 as often as it is asked, as fast as it can."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(ANSWER * data.count(b"\r\n\r\n"))  # type: ignore[attr-defined]


def serve(port: multiprocessing.Queue[int]) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(_Unchanged, "127.0.0.1", 0)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextlib.contextmanager
def unchanged_server() -> Iterator[str]:
    port: multiprocessing.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=serve, args=(port,), daemon=True)
    process.start()
    yield f"127.0.0.1:{port.get(timeout=10)}"
    process.kill()


def due_order(feeds: int) -> list[int]:
    """The ids in the order in which they are due, which is not the one they lie in."""
    order = list(range(1, feeds + 1))
    random.Random(feeds).shuffle(order)
    return order


def fill(database: Database, place: str, feeds: int) -> None:
    rows = (
        {
            "id": number, "url": f"http://{place}/{number}", "url_hash": string_hash(str(number)), "host": "127.0.0.1",
            "title": f"Feed {number}", "site": f"http://{place}/site/{number}", "added_at": YESTERDAY,
            "etag": KNOWN.etag, "last_modified": KNOWN.last_modified, "body_hash": bytes_hash(str(number).encode()),
            "entry_times": ENTRY_TIMES, "pace": PACE, "hints": HINTS if number % 2 else None,
            "next_poll_at": YESTERDAY + timedelta(milliseconds=place_in_line),
            "last_success_at": YESTERDAY, "last_read_at": YESTERDAY,
        }
        for place_in_line, number in sorted(enumerate(due_order(feeds)), key=lambda pair: pair[1])
    )  # fmt: skip
    with database.transaction() as session:
        if session.scalar(select(func.count(Feed.id))):
            sys.exit("the database has feeds already: this is no place for a benchmark")
        while some := list(itertools.islice(rows, 5000)):
            session.execute(insert(Feed), some)


class _Unhurried:
    """All feeds here are of one host, which would be given time to breathe whenever it answers slowly."""

    def __init__(self, gate: net.HostGate) -> None:
        self._gate = gate
        self.enter_all, self.learn = gate.enter_all, gate.learn

    def leave_all(self, visits: Sequence[net.Visit]) -> None:
        self._gate.leave_all([(lease, timedelta()) for lease, _ in visits])


class Worker:
    """One fetch worker on a database of so many feeds, and the same client by itself."""

    def __init__(self, options: argparse.Namespace) -> None:
        fetch = {"allow_private_hosts": (options.place,), "spacing_seconds": 0, "threads": options.threads}
        settings = load_settings(
            folder=options.folder, database_url=options.database_url, redis_url=options.redis, fetch=fetch
        )
        self.deps = Deps(settings, jitter=lambda: 0.0)
        self.deps.feed_hosts = _Unhurried(self.deps.feed_hosts)  # type: ignore[assignment]
        self.place, self.threads, self.polls = options.place, options.threads, options.polls
        self.due = itertools.cycle(due_order(options.worker))

    def ask_barely(self) -> None:
        curl = pycurl.Curl()
        curl.setopt(pycurl.HTTPHEADER, [f"If-None-Match: {KNOWN.etag}", f"If-Modified-Since: {KNOWN.last_modified}"])
        for number in range(self.polls):
            curl.setopt(pycurl.URL, f"http://{self.place}/{number}")
            curl.perform()

    def ask(self) -> None:
        for number in range(self.polls):
            self.deps.fetcher.fetch(f"http://{self.place}/{number}", KNOWN, accept=net.ACCEPT_FEED)

    def poll(self, batches: Sequence[Sequence[int]], threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda ids: STEPS["poll_feeds"].run(self.deps, *ids), batches))

    def round(self) -> dict[str, tuple[float, float]]:
        found = {"pycurl": cost(self.ask_barely), "our client": cost(self.ask)}
        for way, threads in (("whole path", 1), ("more threads", self.threads)):
            ids = list(itertools.islice(self.due, self.polls))
            batches = [ids[at : at + TOGETHER] for at in range(0, len(ids), TOGETHER)]
            self.make_due()
            started = datetime.now(UTC)
            found[way] = cost(self.poll, batches, threads)
            self.require_polled(started)
        return found

    def make_due(self) -> None:
        with self.deps.transaction() as session:
            session.execute(update(Feed).where(Feed.next_poll_at > datetime.now(UTC)).values(next_poll_at=YESTERDAY))

    def require_polled(self, started: datetime) -> None:
        with self.deps.reading() as session:
            polled = session.scalar(select(func.count()).where(Feed.last_success_at >= started))
        if polled != self.polls:
            sys.exit(f"{polled} of {self.polls} feeds were polled")

    def look(self) -> float:
        """Return the milliseconds it takes to find the 2,000 that are due first when nearly all are due."""
        started = time.perf_counter()
        with self.deps.reading() as session:
            feed_rows.due_feeds(session, now=self.deps.now(), limit=2000)
        return (time.perf_counter() - started) * 1000


def cost(work: Callable[..., object], *given: object) -> tuple[float, float]:
    """Return the wall time and the process's own CPU time, in seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work(*given)
    return time.perf_counter() - wall, time.process_time() - cpu


def peak_mb() -> float:
    # Not getrusage: its figure is inherited from the parent process.
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def work(options: argparse.Namespace) -> None:
    """One process: a round for each line that comes in, and at the end what it took."""
    worker = Worker(options)
    worker.round()
    for _ in sys.stdin:
        print(json.dumps(worker.round()), flush=True)
    print(json.dumps({"peak": peak_mb(), "look": worker.look()}), flush=True)


@contextlib.contextmanager
def database_of(size: int, folder: Path, server: str) -> Iterator[str]:
    """An empty database for so many feeds: a file, or one of the server's, dropped at the end."""
    if not server:
        yield f"sqlite:///{folder / f'{size}.db'}"
        return
    name = f"storywatch_fetch_bench_{size}"
    engine = create_engine(Database(server).engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


@contextlib.contextmanager
def worker_of(size: int, folder: Path, place: str, options: argparse.Namespace) -> Iterator[subprocess.Popen[str]]:
    with database_of(size, folder, options.database_url) as url:
        database = Database(url)
        migrations.upgrade(database)
        fill(database, place, size)
        database.close()
        arguments = [
            f"--worker={size}", f"--folder={folder}", f"--place={place}", f"--redis={options.redis}",
            f"--polls={options.polls}", f"--threads={options.threads}", f"--database-url={url}",
        ]  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.fetch", *arguments]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            yield process
            process.kill()


def measure(options: argparse.Namespace, folder: Path, place: str) -> None:
    found: dict[int, list[dict[str, tuple[float, float]]]] = {size: [] for size in SIZES}
    ends = {}
    with contextlib.ExitStack() as stack:
        workers = {size: stack.enter_context(worker_of(size, folder, place, options)) for size in SIZES}
        for turn in range(options.rounds):
            for size in SIZES if turn % 2 else SIZES[::-1]:
                print("go", file=workers[size].stdin, flush=True)
                found[size].append(json.loads(workers[size].stdout.readline()))  # type: ignore[union-attr]
        for size, process in workers.items():
            ends[size] = json.loads(process.communicate()[0])
    report(options, found, ends)


def report(
    options: argparse.Namespace,
    found: dict[int, list[dict[str, tuple[float, float]]]],
    ends: dict[int, dict[str, float]],
) -> None:
    def middle(size: int, way: str, part: int) -> float:
        return median(turn[way][part] for turn in found[size]) / options.polls

    kind = make_url(options.database_url).get_backend_name() if options.database_url else "sqlite"
    print(f"{kind}, {options.rounds} rounds of {options.polls} each way; more threads: {options.threads}")
    for way in WAYS:
        wall, cpu = (median(middle(size, way, part) for size in SIZES) for part in (0, 1))
        print(f"{way:12} {1 / wall:8,.0f} a second  {cpu * 1000:.3f} ms CPU each")
    turns = [turn for turns in found.values() for turn in turns]
    for way, beside in (("whole path", "our client"), ("more threads", "our client"), ("whole path", "pycurl")):
        shares = [turn[beside][0] / turn[way][0] for turn in turns]
        print(f"{way + ' beside ' + beside:31}{100 * median(shares):.0f} % (median of {len(shares)} rounds, "
              f"{100 * min(shares):.0f}-{100 * max(shares):.0f})")  # fmt: skip
    print(f"peak RSS at {SIZES[1]:,} feeds      {ends[SIZES[1]]['peak']:.0f} MB")
    for size in SIZES:
        wall, cpu = (middle(size, "whole path", part) * 1000 for part in (0, 1))
        print(f"cost of a poll at {size:7,} feeds {wall:.3f} ms, {cpu:.3f} ms CPU; "
              f"finding what is due {ends[size]['look']:.0f} ms")  # fmt: skip
    pairs = zip(found[SIZES[0]], found[SIZES[-1]], strict=True)
    growth = median(many["whole path"][1] / few["whole path"][1] - 1 for few, many in pairs)
    print(f"CPU at {SIZES[-1]:,} beside {SIZES[0]:,} feeds {100 * growth:+.0f} %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--polls", type=int, default=1000, help="in a round, at most 1,000")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--database-url", default="")
    for name in ("--worker", "--folder", "--place", "--redis"):  # what a worker's process is told
        parser.add_argument(name, type={"--worker": int, "--folder": Path}.get(name, str), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options)
        return
    with (
        tempfile.TemporaryDirectory(prefix="fetch-bench-") as folder,
        unchanged_server() as place,
        own_redis() as options.redis,
    ):
        measure(options, Path(folder), place)


if __name__ == "__main__":
    main()
