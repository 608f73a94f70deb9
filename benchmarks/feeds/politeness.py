"""Reads a world of slow hosts with the real steps, and says how each was treated: who came, when, how many at once.

    python -m benchmarks.feeds.politeness [--hosts 30] [--delay 10] [--seconds 150]

One server on loopback is the proxy for every host there is. Each has two feeds that list the same articles, answers
slowly, and some ask for a Crawl-delay. Polls, readings and pages are those of `worker.pipeline`, in as many threads as
a fetch worker has, with a real Redis and database; every few seconds all feeds are made due. Fails where more than
`per_host` visitors, robots.txt counted, were at one host; where robots.txt was asked for twice; where two requests came
nearer than a Crawl-delay; where a page and a feed of one host came nearer than feeds of one host are polled.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.own_redis import own_redis
from worker.pipeline import STEPS
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.articles import article_rows
from worker.storage.db import migrations
from worker.storage.feeds import feed_rows, owner_wishes
from worker.storage.feeds.feed_rows import NewFeed

FEEDS = 2
TOGETHER = 10  # feeds in a message
ONE_IN = 5  # hosts asks for a Crawl-delay


@dataclass(frozen=True)
class Plan:
    """How large the world is and how slow; durations in seconds. All feeds are made due every `again`."""

    hosts: int = 30
    articles: int = 3
    slowest: float = 3.0
    delay: float = 10.0
    spacing: float = 2.0
    again: float = 20.0
    seconds: float = 150.0
    per_host: int = 2
    threads: int = 16


@dataclass
class Host:
    """A host: how it answers, and what was asked of it. `visits` are moments and paths in order."""

    name: str
    latency: float
    delay: float
    visits: list[tuple[float, str]] = field(default_factory=list)
    inside: int = 0
    most_inside: int = 0

    def answer(self, path: str, articles: int) -> tuple[str, bytes]:
        if path == "/robots.txt":
            return (
                "text/plain",
                f"User-agent: *\n{f'Crawl-delay: {self.delay:g}' if self.delay else 'Disallow: /x'}".encode(),
            )
        if path.startswith("/feed"):
            items = "".join(
                f"<item><title>News {number}</title><link>http://{self.name}/a{number}</link></item>"
                for number in range(articles)
            )
            return (
                "application/rss+xml",
                f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode(),
            )
        return "text/html", b"<html><title>News</title><p>Something has happened.</p></html>"

    def nearest(self, *, mixed: bool) -> float:
        """The shortest time between two requests; with `mixed`, between a page and a feed."""
        told = [(at, path.startswith("/feed")) for at, path in self.visits if not mixed or path != "/robots.txt"]
        gaps = [later - sooner for (sooner, one), (later, other) in pairwise(told) if not mixed or one != other]
        return min(gaps, default=float("inf"))


def make_hosts(plan: Plan) -> dict[str, Host]:
    chance = random.Random(plan.hosts)
    named = (
        Host(f"host-{number}.example", chance.uniform(0.2, 1) * plan.slowest, 0 if number % ONE_IN else plan.delay)
        for number in range(plan.hosts)
    )
    return {host.name: host for host in named}


@contextlib.contextmanager
def serve(hosts: dict[str, Host], plan: Plan) -> Iterator[str]:
    """A proxy that is all these hosts; yields its address."""
    guard = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            host = hosts[asked.hostname or ""]
            with guard:
                host.visits.append((time.monotonic(), asked.path))
                host.inside += 1
                host.most_inside = max(host.most_inside, host.inside)
            time.sleep(host.latency)
            kind, body = host.answer(asked.path, plan.articles)
            with guard:
                host.inside -= 1
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_deps(plan: Plan, folder: Path, redis_url: str, proxy: str) -> Deps:
    fetch = {"proxy": proxy, "per_host": plan.per_host, "spacing_seconds": plan.spacing, "threads": plan.threads}
    database = f"sqlite:///{folder / 'world.db'}"
    settings = load_settings(folder=folder, database_url=database, redis_url=redis_url, fetch=fetch)
    deps = Deps(settings)
    migrations.upgrade(deps.database)
    return deps


def read_world(deps: Deps, hosts: dict[str, Host], plan: Plan) -> int:
    """Poll, read and fetch for as long as the plan says, or until all is had twice; return the pages had."""
    with deps.transaction() as session:
        new = [NewFeed(f"http://{name}/feed{number}") for name in hosts for number in range(FEEDS)]
        feed_rows.add_feeds(session, new, now=deps.now())
    running: dict[tuple[str, int], Future[object]] = {}
    started, made_due = time.monotonic(), 1
    with ThreadPoolExecutor(plan.threads) as pool:
        while (spent := time.monotonic() - started) < plan.seconds and not _is_done(hosts, plan):
            if spent > made_due * plan.again:
                made_due += 1
                with deps.transaction() as session:
                    owner_wishes.poll_now(session, now=deps.now())
            for step, together in (("poll_feeds", TOGETHER), ("fetch_page", 1)):
                ids = [one for one in STEPS[step].find_due(deps, 1_000) if (step, one) not in running]
                for at in range(0, len(ids), together):
                    some = ids[at : at + together]
                    running |= dict.fromkeys(((step, one) for one in some), pool.submit(STEPS[step].run, deps, *some))
            for document_id in STEPS["read_feed"].find_due(deps, 100):
                STEPS["read_feed"].run(deps, document_id)
            for key in [key for key, future in running.items() if future.done()]:
                running.pop(key).result()
            time.sleep(0.05)
    with deps.reading() as session:
        left = article_rows.waiting_articles(session, state="discovered", now=deps.now(), limit=10_000)
    return len(hosts) * plan.articles - len(left)


def _is_done(hosts: dict[str, Host], plan: Plan) -> bool:
    """Whether every page was asked for, and each host's feeds more than once."""
    for host in hosts.values():
        asked = [path for _, path in list(host.visits)]
        if sum(path.startswith("/feed") for path in asked) < 2 * FEEDS or len(set(asked)) < 1 + FEEDS + plan.articles:
            return False
    return True


def complaints(hosts: Sequence[Host], plan: Plan) -> list[str]:
    """What the hosts have to complain of, a line each."""
    apart, said = plan.spacing / 5, list[str]()
    for host in hosts:
        robots = sum(path == "/robots.txt" for _, path in host.visits)
        if host.most_inside > plan.per_host:
            said.append(f"{host.name}: {host.most_inside} visitors at once")
        if robots != 1:
            said.append(f"{host.name}: robots.txt was asked for {robots} times")
        if (near := host.nearest(mixed=False)) < host.delay:
            said.append(f"{host.name}: {near:.2f} s between two requests, Crawl-delay {host.delay:g}")
        if (near := host.nearest(mixed=True)) < apart:
            said.append(f"{host.name}: {near:.2f} s between a page and a feed, of {apart:g}")
    return said


def report(hosts: Sequence[Host], plan: Plan, pages: int) -> None:
    kinds = defaultdict(int)
    for host in hosts:
        for _, path in host.visits:
            kinds["robots.txt" if path == "/robots.txt" else "feeds" if path.startswith("/feed") else "pages"] += 1
    slow, asking = [host for host in hosts if not host.delay], [host for host in hosts if host.delay]
    print(f"hosts                        {len(hosts)}, {len(asking)} with Crawl-delay {plan.delay:g}")
    print(f"requests                     {dict(kinds)}; pages had {pages} of {len(hosts) * plan.articles}")
    print(f"most at once at a host       {max(host.most_inside for host in hosts)} (per_host {plan.per_host})")
    print(f"nearest with a Crawl-delay   {min((host.nearest(mixed=False) for host in asking), default=0):.2f} s")
    near = min(host.nearest(mixed=True) for host in slow)
    print(f"nearest page beside a feed   {near:.2f} s (of {plan.spacing / 5:g})")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=Plan.hosts)
    parser.add_argument("--delay", type=float, default=Plan.delay)
    parser.add_argument("--seconds", type=float, default=Plan.seconds)
    options = parser.parse_args()
    plan = Plan(hosts=options.hosts, delay=options.delay, seconds=options.seconds)
    hosts = make_hosts(plan)
    with tempfile.TemporaryDirectory(prefix="politeness-") as folder, serve(hosts, plan) as proxy, own_redis() as redis:
        pages = read_world(make_deps(plan, Path(folder), redis, proxy), hosts, plan)
    report(list(hosts.values()), plan, pages)
    said = complaints(list(hosts.values()), plan)
    print(f"complaints                   {len(said)}")
    for line in said:
        print(f"  {line}")
    return int(bool(said))


if __name__ == "__main__":
    sys.exit(main())
