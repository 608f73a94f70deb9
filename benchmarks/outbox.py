"""Planning and sending: `python -m benchmarks.outbox [--subscribers 300] [--stories 25] [--database URL]`.

Plans a digest for each subscriber by the step `plan_digests`, and hands each to a mail server on this machine by
`deliver`, without a rate limit. The figures for 10,000 are the measured ones times the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from worker import duplicates, pages, stories, topics
from worker.delivery.deliver import deliver
from worker.delivery.plan_digests import plan_digests
from worker.setup.deps import Deps
from worker.setup.logs import configure_logs
from worker.setup.settings import load_settings
from worker.storage.articles import article_rows, discoveries
from worker.storage.db import migrations
from worker.storage.digests import due_times, subscribers
from worker.storage.stories import membership
from worker.storage.topics import topic_rows

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOPIC = "us-mexico-migration"
MANY = 10_000
TEXT = "Officials in six border cities signed a plan for shelter beds on Friday. It takes effect in December. "


def fill(deps: Deps, readers: int, told: int) -> list[int]:
    """So many readers of one topic, with so many new stories; returns whose digest is due."""
    with deps.transaction() as session:
        for number in range(told):
            add_story(session, number)
        for number in range(readers):
            asked = subscribers.SubscriptionRequest(
                address=f"reader{number}@news.example", name="Ana Peña", language="en", zone="America/Mexico_City",
                topics=(TOPIC,), band="balanced", schedule="daily at 07:00", story_limit=25, send_empty=False,
                since=NOW - timedelta(days=1), first_due=NOW - timedelta(hours=1),
            )  # fmt: skip
            subscribers.save_request(session, asked, now=NOW)
    with deps.reading() as session:
        return due_times.due_subscriptions(session, now=NOW, limit=readers)


def add_story(session, number: int) -> None:
    url, published = f"https://news.example/{number}", NOW - timedelta(hours=3)
    entry = discoveries.NewArticle(key=url, url=url, entry_id=url, title=f"Plan {number}", body="", published=published)
    (found,) = discoveries.discover(session, None, f"Outlet {number % 7}", [entry], now=NOW)
    text = f"{TEXT * 8} Number {number}."
    read = pages.ExtractedArticle(pages.PageKind.ARTICLE, f"Six cities agree on plan {number}", text, language="en")
    article_rows.save_analysis(
        session, found.id, read, published=published, agency=None, text_hash=duplicates.fingerprint(text).text_hash,
        duplicate=duplicates.DuplicateDecision(duplicates.DuplicateKind.UNIQUE), now=NOW,
    )  # fmt: skip
    said = stories.StoryFeatures({f"key{number}": 0.5}, (f"key{number}",), "en", published)
    opened = stories.join_story(found.id, said, (), now=NOW)
    membership.write_membership(session, opened, now=NOW - timedelta(hours=2))
    match = topics.TopicMatch(TOPIC, 0.9, topics.Band.STRICT, (), ("said",))
    topic_rows.save_matches(session, found.id, [match], now=NOW)


def measure(deps: Deps, step, ids: list[int]) -> tuple[list[int], float, float]:
    """Run a step for each id: what it woke, and the wall and CPU seconds it took."""
    step(deps, ids[0])  # imports, compiled templates and statements
    wall, cpu = time.perf_counter(), time.process_time()
    woken = [wakeup.row_id for row_id in ids[1:] for wakeup in step(deps, row_id)]
    return woken, time.perf_counter() - wall, time.process_time() - cpu


async def take_everything(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A mail server's side of a conversation, which keeps nothing."""
    writer.write(b"220 sink\r\n")
    try:
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                while await reader.readline() not in (b".\r\n", b""):
                    pass
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
    except ConnectionError:
        pass
    writer.close()


async def serve_sink() -> None:
    server = await asyncio.start_server(take_everything, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.wait_for(server.serve_forever(), 600)


def main() -> None:
    """Print the figures, one a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=300)
    parser.add_argument("--stories", type=int, default=25)
    parser.add_argument("--database", default="")
    parser.add_argument("--sink", action="store_true", help=argparse.SUPPRESS)  # the mail server's process
    arguments = parser.parse_args()
    if arguments.sink:
        asyncio.run(serve_sink())
        return
    configure_logs("warning", "text")
    with tempfile.TemporaryDirectory() as folder:
        sink = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.outbox", "--sink"], stdout=subprocess.PIPE, text=True
        )
        try:
            report(Path(folder), arguments, int(sink.stdout.readline()))
        finally:
            sink.kill()
            sink.communicate()


def report(folder: Path, arguments: argparse.Namespace, port: int) -> None:
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "per_minute": 0}
    url = arguments.database or f"sqlite:///{folder / 'bench.db'}"
    deps = Deps(load_settings(folder=folder, database_url=url, mail=mail), now=lambda: NOW)
    migrations.upgrade(deps.database)
    due = fill(deps, arguments.subscribers, arguments.stories)
    deliveries, wall, cpu = measure(deps, plan_digests, due)
    planned = len(due) - 1
    print(f"plan     {planned} digests of {arguments.stories} stories: {wall / planned * 1000:.2f} ms each "
          f"({cpu / planned * 1000:.2f} CPU), {MANY} in {cpu / planned * MANY:.0f} s CPU")  # fmt: skip
    if deliveries:
        _, wall, cpu = measure(deps, deliver, deliveries)
        sent = len(deliveries) - 1
        each = cpu / sent
        print(f"deliver  {sent} messages: {sent / wall:.0f}/s, {1 / each:.0f}/s by CPU ({each * 1000:.2f} ms each)")
    deps.channels.mail.mailer.close()
    deps.database.close()


if __name__ == "__main__":
    main()
