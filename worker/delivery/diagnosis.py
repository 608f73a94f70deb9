"""What is wrong with the installation, told from a few numbers: pure, and the same for mail, `/health` and tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.storage.db.ticks import JUMPED, WATCHED_SINCE
from worker.storage.reports.vital_signs import VitalSigns

PARTS = ("database", "clock", "disk", "mail", "feeds", "topics")
"""The parts of an installation that may be ill."""

_UNREAD = timedelta(hours=1)
_JUMP_COUNTS = timedelta(hours=1)
_NEARLY_FULL = 0.9
_LEAST_BYTES = 200_000_000  # with less there is no room for a day
_FAILING_SHARE, _FEWEST_FAILING = 0.25, 3


@dataclass(frozen=True, slots=True)
class DiskRoom:
    """A disk that we write to."""

    where: str
    total: int
    free: int


@dataclass(frozen=True, slots=True)
class Ailment:
    """What needs a person, told apart by its `name`; `is_severe` where the service does not do its work for it."""

    part: str
    name: str
    said: str
    is_severe: bool = True


def diagnose(
    signs: VitalSigns, disks: tuple[DiskRoom, ...], *, late_jobs: tuple[str, ...], now: datetime
) -> tuple[Ailment, ...]:
    """Return what is wrong."""
    return (*_of_clock(signs, late_jobs, now), *_of_disks(disks), *_of_mail(signs), *_of_feeds(signs, now))


def _of_clock(signs: VitalSigns, late_jobs: tuple[str, ...], now: datetime) -> Iterator[Ailment]:
    if late_jobs:
        yield Ailment("clock", "clock", f"the clock's jobs {' and '.join(late_jobs)} have not run for too long")
    jumped = signs.ticks.get(JUMPED)
    if jumped is not None and abs(now - jumped) < _JUMP_COUNTS:
        yield Ailment("clock", "clock jumped", "the machine's clock was set by more than two minutes", is_severe=False)


def _of_disks(disks: tuple[DiskRoom, ...]) -> Iterator[Ailment]:
    for disk in disks:
        used = 1 - disk.free / disk.total if disk.total else 0.0
        if used >= _NEARLY_FULL:
            left = f"{disk.free / 1e9:.1f} GB are left"
            full = disk.free < _LEAST_BYTES
            yield Ailment("disk", "disk", f"the disk of {disk.where} is {used:.0%} full: {left}", is_severe=full)


def _of_mail(signs: VitalSigns) -> Iterator[Ailment]:
    if signs.blamed is not None:
        yield Ailment("mail", "mail refused", f"the mail server takes nothing from us as we are: {signs.blamed}")
    if signs.shut_out is not None:
        said = f"a webhook does not let us in: {signs.shut_out}"
        yield Ailment("mail", "webhook refused", said, is_severe=False)
    for host, said in signs.resting.items():
        yield Ailment("mail", "mail server", f"the mail server {host} does not do: {said}")


def _of_feeds(signs: VitalSigns, now: datetime) -> Iterator[Ailment]:
    if _is_cut_off(signs, now):
        yield Ailment("feeds", "no feed read", "no feed could be read for an hour: is the machine on the net?")
    if signs.failing_feeds >= max(_FEWEST_FAILING, _FAILING_SHARE * signs.feeds):
        said = f"{signs.failing_feeds} of {signs.feeds} feeds fail: 'storywatch feeds list' says why"
        yield Ailment("feeds", "feeds failing", said, is_severe=False)


def _is_cut_off(signs: VitalSigns, now: datetime) -> bool:
    """Whether no feed was had for an hour in which some were due: slow ones are due once a day."""
    since = signs.ticks.get(WATCHED_SINCE)
    read = max(filter(None, (signs.last_read, since)), default=None)
    if not signs.feeds or since is None or read is None or now - read <= _UNREAD:
        return False
    waits = signs.oldest_due is not None and now - signs.oldest_due > _UNREAD
    several = signs.vain_feeds >= min(_FEWEST_FAILING, signs.feeds)
    return waits or (several and signs.vain_since is not None and now - signs.vain_since > _UNREAD)
