"""Sends real feed documents through the running service and says how every feed and article ended.

    python -m benchmarks.feeds.service --data ../shared/bench/feeds [--seconds 600]

One loopback server holds the documents and is also the service's proxy: whatever page an entry names is asked
of it and answered 404, so nothing leaves this machine. The service is `storywatch run` with its real processes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from models import Article, Document, Feed, Sighting
from worker import net
from worker.pipeline import STEPS
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db.database import Database

CONFIGURATION = """
log_format = "json"
[fetch]
proxy = "{proxy}"
allow_private_hosts = ["127.0.0.1"]
spacing_seconds = 0
per_host = 16
[web]
port = 0
[clock]
feeds_seconds = 1
sweep_seconds = 2
lease_seconds = 20
"""


class FeedServer(ThreadingHTTPServer):
    """Serves /NAME for every document, and 404 for every other address it is asked for as a proxy."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.documents = {f"/{path.stem}": path for path in sorted(folder.glob("*.gz"))}
        self.pages_refused = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FeedServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        path = self.server.documents.get(target.path) if target.hostname in {None, "127.0.0.1"} else None
        body = gzip.decompress(path.read_bytes()) if path else b"no such page"
        self.server.pages_refused += path is None
        self.send_response(200 if path else 404)
        self.send_header("Content-Type", "application/xml" if path else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        self.server.pages_refused += 1
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=600)
    given = parser.parse_args()
    server = FeedServer(given.data)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="service-feeds-") as folder:
        print(f"{len(server.documents)} feeds on {server.url}")
        run(Path(folder), server, given.seconds)


def run(folder: Path, server: FeedServer, seconds: float) -> None:
    feeds = "".join(f'[[feeds]]\nurl = "{server.url}{name}"\n' for name in server.documents)
    (folder / "storywatch.toml").write_text(CONFIGURATION.format(proxy=server.url) + feeds)
    log = folder / "run.log"
    started = time.monotonic()
    with log.open("w") as output:
        service = subprocess.Popen(
            [sys.executable, "-m", "worker.cli.main", "run"], cwd=folder, stdout=output, stderr=output,
            env={**os.environ, "STORYWATCH_CONFIG": str(folder / "storywatch.toml")},
        )  # fmt: skip
        database = Database(f"sqlite:///{folder / 'data' / 'storywatch.db'}")
        try:
            while time.monotonic() - started < seconds and not is_done(database, len(server.documents)):
                time.sleep(1)
        finally:
            wall = time.monotonic() - started
            service.send_signal(signal.SIGTERM)
            service.wait(20)
    print(f"service stopped after {wall:.0f} s: {count_states(database)}")
    retry_for_a_day(folder)
    report(database, log.read_text(), wall, server)
    database.close()


def count_states(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return dict(session.execute(select(Article.state, func.count()).group_by(Article.state)).all())


def retry_for_a_day(folder: Path) -> None:
    """Let the clock run ahead, in this process, so that pages that could not be had come to the end of their tries."""
    os.environ["STORYWATCH_CONFIG"] = str(folder / "storywatch.toml")
    deps = Deps(load_settings())
    deps.hosts = net.NoHostLimits()
    deps.robots = net.Robots(deps.fetcher, net.MemoryCache(), deps.user_agent)
    start = datetime.now(UTC)
    for hours in range(24):
        deps.now = lambda hours=hours: start + timedelta(hours=hours)
        for name in ("fetch_page", "read_feed", "analyze_article"):
            for row_id in STEPS[name].find_due(deps, 100_000):
                STEPS[name].run(deps, row_id)
    deps.database.close()


def is_done(database: Database, feeds: int) -> bool:
    """Whether every feed was polled and read, and every article is done or waits for its next try."""
    try:
        with database.reading() as session:
            polled = session.scalar(select(func.count()).where(Feed.last_success_at.is_not(None) | (Feed.failures > 0)))
            unread = session.scalar(select(func.count()).where(Document.state == "pending"))
            open_ = session.scalar(
                select(func.count()).where(
                    (Article.state == "fetched") | ((Article.state == "discovered") & Article.reason.is_(None))
                )
            )
    except Exception as error:  # noqa: BLE001 (the tables come when the service has made them)
        print(f"waiting: {str(error)[:60]}", file=sys.stderr)
        return False
    return polled == feeds and not unread and not open_


def report(database: Database, log: str, wall: float, server: FeedServer) -> None:
    with database.reading() as session:
        feeds = list(session.scalars(select(Feed)))
        states = Counter(session.scalars(select(Article.state)))
        feed_only = session.scalar(select(func.count()).where(Article.feed_only, Article.state == "analyzed"))
        with_article = set(session.scalars(select(Sighting.feed_id)))
        session.expunge_all()
        reasons = Counter(str(reason).split(" ")[-1][:40] for reason in session.scalars(select(Article.reason)))
    faults = [line for line in log.splitlines() if "Traceback" in line or '"level": "error"' in line]
    print(f"wall time {wall:.0f} s; {sum(states.values())} articles: {dict(states)}, feed_only {feed_only}")
    print(f"feeds with articles {sum(feed.id in with_article for feed in feeds)}, "
          f"with a recorded reason {sum(feed.error is not None for feed in feeds)}")  # fmt: skip
    for feed in feeds:
        if feed.id not in with_article:
            print(f"  {urlsplit(feed.url).path}: {feed.error or '; '.join(feed.remarks or ()) or 'read, and empty'}")
    print(f"pages asked for {server.pages_refused}; commonest ends of reasons: {reasons.most_common(4)}")
    print(f"errors in the log: {len(faults)}")
    for line in faults[:5]:
        print("  " + line[:300])
    print(json.dumps({"wall_s": round(wall), "articles": dict(states), "feed_only": feed_only, "errors": len(faults)}))


if __name__ == "__main__":
    main()
