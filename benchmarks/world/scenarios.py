"""News that may get lost on its way to the reader: clocks that are wrong, mail servers that say no, digests missed.

What is published in a scenario is plain and on the topic, each report an event of its own, so that whatever no mail
tells was lost by the service, and whatever two mails tell was told twice.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.world.articles import START, World
from benchmarks.world.facts import further_pages
from benchmarks.world.mail_server import MailServer, Mood, serve_mail
from benchmarks.world.mails import read_mails, with_pages
from benchmarks.world.outlets import draw_outlets
from benchmarks.world.run import Installation, Setup, install
from benchmarks.world.truth import Label, Piece, Report, in_order

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_TOPIC = (
    'name = "harbour"\ndescription = "Ships"\nlanguages = ["en"]\n[title]\nen = "Harbour"\n[query]\nany = "harbour"\n'
)
_PASSWORD = "STORYWATCH_MAIL__PASSWORD"


Trouble = Callable[[timedelta, Installation, MailServer], bool]
"""Makes the trouble of that time; returns whether the service runs at all."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """`at` is when each report is published; `trouble` is asked before every look of the service, `step` apart."""

    name: str
    schedule: str
    at: tuple[timedelta, ...]
    until: timedelta
    step: timedelta
    trouble: Trouble
    zone: str = "America/Mexico_City"
    start: datetime = START


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the reports: how many there were, and which no mail told, or two."""

    scenario: str
    published: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]


def _clock(off: timedelta, start: timedelta, end: timedelta, *, of_mail: bool = False) -> Trouble:
    """The clock of the whole installation, or of the machine that mails, is off for a while and then right again."""

    def trouble(now: timedelta, installation: Installation, _: MailServer) -> bool:
        wrong = off if start <= now < end else timedelta()
        installation.clock.off, installation.clock.mail_off = timedelta() if of_mail else wrong, wrong
        return True

    return trouble


def _skewed(now: timedelta, installation: Installation, _: MailServer) -> bool:
    """Two machines take turns at mailing, one of them ten minutes ahead."""
    installation.clock.mail_off = 10 * _MINUTE if now // _MINUTE % 2 else timedelta()
    return True


def _refusing(mood: Mood, start: timedelta, end: timedelta) -> Trouble:
    def trouble(now: timedelta, _: Installation, server: MailServer) -> bool:
        server.mood = mood if start <= now < end else Mood.TAKES
        return True

    return trouble


def _down(start: timedelta, end: timedelta) -> Trouble:
    return lambda now, _installation, _server: not start <= now < end


def _every(step: timedelta, start: timedelta, end: timedelta) -> tuple[timedelta, ...]:
    return tuple(start + number * step for number in range((end - start) // step))


_OCTOBER = datetime(2026, 10, 19, tzinfo=UTC)  # a Monday; clocks in New York go back on the Sunday after the next

_AT_ONCE = "instant every 1 minutes"
_STEADILY = _every(10 * _MINUTE, _HOUR, 4 * _HOUR)

SCENARIOS = (
    Scenario("clock an hour ahead, then right", _AT_ONCE, _STEADILY, 8 * _HOUR, 5 * _MINUTE,
             _clock(_HOUR, 2 * _HOUR, 2.5 * _HOUR)),
    Scenario("mailing machine an hour ahead, then right", _AT_ONCE, _STEADILY, 8 * _HOUR, 5 * _MINUTE,
             _clock(_HOUR, 2 * _HOUR, 2.5 * _HOUR, of_mail=True)),
    Scenario("mailing machine a day ahead, then right", "hourly", _every(_HOUR, _HOUR, 40 * _HOUR), 60 * _HOUR,
             30 * _MINUTE, _clock(_DAY, 5 * _HOUR, 7 * _HOUR, of_mail=True)),
    Scenario("mailing machine an hour behind, then right", "hourly", _every(20 * _MINUTE, _HOUR, 6 * _HOUR),
             10 * _HOUR, 10 * _MINUTE, _clock(-_HOUR, 3 * _HOUR, 4 * _HOUR, of_mail=True)),
    Scenario("two mailing machines ten minutes apart", _AT_ONCE, _STEADILY, 6 * _HOUR, 3 * _MINUTE, _skewed),
    Scenario("relay denied for an hour", _AT_ONCE, _STEADILY, 30 * _HOUR, 10 * _MINUTE,
             _refusing(Mood.DENIES_RELAY, 2 * _HOUR, 3 * _HOUR)),
    Scenario("wrong password for three days", "daily at 07:00", _every(12 * _HOUR, _HOUR, 5 * _DAY), 7 * _DAY, _HOUR,
             _refusing(Mood.DENIES_LOGIN, 10 * _HOUR, 3 * _DAY + 10 * _HOUR)),
    Scenario("a Monday missed by a digest of weekdays", "weekdays at 07:00", _every(8 * _HOUR, 3 * _DAY, 9 * _DAY),
             11 * _DAY, 2 * _HOUR, _down(7 * _DAY + 6 * _HOUR, 8 * _DAY + 15 * _HOUR)),
    Scenario("a weekly digest over the clock change of autumn", "weekly on monday at 07:00",
             _every(2 * _HOUR, timedelta(), 7 * _DAY + 11 * _HOUR)
             + _every(10 * _MINUTE, 7 * _DAY + 11 * _HOUR, 7 * _DAY + 14 * _HOUR), 15 * _DAY, 20 * _MINUTE,
             _down(timedelta(), timedelta()), "America/New_York", _OCTOBER),
)  # fmt: skip


def run_scenario(scenario: Scenario, redis: str) -> Outcome:
    """Run it and return what was lost and what came twice."""
    world = _plain_world(scenario)
    with serve_mail() as server, _password():
        setup = Setup(scenario.schedule, server.settings, "harbour", _TOPIC, scenario.zone)
        with install(world, redis, setup) as installation:
            _live(scenario, installation, server)
            counts: Counter[str] = Counter()
            for mail in with_pages(read_mails(server.taken), further_pages(installation)):
                links = {link for story in mail.stories for link in story.links}
                found = {report.id for link in links if (report := installation.site.report_at(link))}
                counts.update(found)
    reports = world.truth.reports
    return Outcome(
        scenario.name, len(reports), tuple(name for name in reports if not counts[name]),
        tuple(name for name in reports if counts[name] > 1),
    )  # fmt: skip


def _live(scenario: Scenario, installation: Installation, server: MailServer) -> None:
    clock, look = installation.clock, timedelta()
    while look < scenario.until:
        look += scenario.step
        clock.now = scenario.start + look
        if scenario.trouble(look, installation, server):
            installation.work()


@contextmanager
def _password() -> Iterator[None]:
    os.environ[_PASSWORD] = "of no account"
    try:
        yield
    finally:
        del os.environ[_PASSWORD]


def _plain_world(scenario: Scenario) -> World:
    """Return one outlet that publishes a report of its own event at each of the moments."""
    rng = random.Random(scenario.name)
    drawn = next(one for one in draw_outlets(rng) if one.language == "en")
    outlet = replace(drawn, key="o0", layout="brief", feed="rss_full", habit="", answers={})
    moments = [scenario.start + at for at in scenario.at]
    reports = [_report(rng, number, moment) for number, moment in enumerate(moments)]
    return World(0, 1, {"o0": outlet}, in_order(reports), is_shared=False, start=scenario.start)


def _report(rng: random.Random, number: int, at: datetime) -> Report:
    title = f"Harbour: {_words(rng, 6)}"
    paragraphs = (f"{_words(rng, 60)}.", f"{_words(rng, 60)}.")
    piece = Piece(f"p{number}", title, paragraphs, "en", Label.YES, f"p{number}")
    return Report(f"r{number:04}", piece, "o0", at, title, paragraphs, piece.id)


def _words(rng: random.Random, count: int) -> str:
    """Return words of no language, which no two events share."""
    syllables = ["".join(pair) for pair in zip("bdfgklmnprst" * 5, "aeiou" * 12, strict=True)]
    return " ".join("".join(rng.choice(syllables) for _ in range(3)) for _ in range(count)).capitalize()
