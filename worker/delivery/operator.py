"""The clock's look at the installation itself, and the mails to its operator."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from worker import digests
from worker.channels.webhook import Webhook
from worker.delivery.alarms import Change, change_alarms
from worker.delivery.diagnosis import Ailment, DiskRoom, diagnose
from worker.delivery.topic_silence import LEAST, LOOK_BACK, silent_topics
from worker.errors import ConfigurationError
from worker.setup.delivery_deps import DeliveryDeps
from worker.storage.db import ticks
from worker.storage.db.session import Session
from worker.storage.db.ticks import JUMPED, WATCHED_SINCE
from worker.storage.digests import outbox
from worker.storage.digests.outbox import NewDelivery
from worker.storage.reports.alarms import AlarmRecord, read_alarms, save_alarms
from worker.storage.reports.topic_rhythms import quiet_topics
from worker.storage.reports.vital_signs import read_vital_signs

_WATCH = "watch"
_GAP = timedelta(minutes=10)  # without a look, after which the service counts as having been away
_JUMP = timedelta(minutes=2)
_SLEEPLESS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # macOS counts sleep under the latter


@dataclass(slots=True)
class ClockWatch:
    """When a process last looked: by the machine's clock, and by one that nobody sets."""

    last: tuple[datetime, float] | None = None

    def has_jumped(self, now: datetime, elapsed: float) -> bool:
        """Whether the machine's clock was set since the last look."""
        before, self.last = self.last, (now, elapsed)
        if before is None:
            return False
        return abs((now - before[0]).total_seconds() - (elapsed - before[1])) > _JUMP.total_seconds()


_clock = ClockWatch()


def seconds_since_boot() -> float:
    """Return them as they went by: other than `time.monotonic` on Linux, also those in which the machine slept."""
    return time.clock_gettime(_SLEEPLESS)


def watch(
    deps: DeliveryDeps, *, clock: ClockWatch = _clock, elapsed: Callable[[], float] = seconds_since_boot
) -> Change:
    """Look at the installation, and write to its operator what has begun or ended; return that."""
    now = deps.now()
    with deps.transaction() as session:
        _note_look(session, now, has_jumped=clock.has_jumped(now, elapsed()))
    found = examine(deps)
    with deps.transaction() as session:
        change = change_alarms(read_alarms(session), found, now=now)
        save_alarms(session, change.alarms)
        for delivery in _deliveries(deps, change, now) if change.begun or change.ended else ():
            outbox.save_notice(session, "operator", delivery, now=now)
    return change


def examine(deps: DeliveryDeps) -> tuple[Ailment, ...]:
    """Return what is wrong with the installation now. Raises `StorageError` where that is the database."""
    now = deps.now()
    with deps.reading() as session:
        signs = read_vital_signs(session)
        quiet = quiet_topics(session, quiet_since=now - LEAST, after=now - LOOK_BACK)
    late = deps.settings.clock.late_jobs(signs.ticks, now=now)
    silent = silent_topics(quiet, watched_since=signs.ticks.get(WATCHED_SINCE, now), now=now)
    return (*diagnose(signs, _disks(deps), late_jobs=late, now=now), *silent)


def _note_look(session: Session, now: datetime, *, has_jumped: bool) -> None:
    """Write down that somebody looked, since when without a gap, and whether the clock was set in between."""
    last = ticks.last_tick(session, _WATCH)
    if last is None or abs(now - last) > _GAP:
        ticks.save_tick(session, WATCHED_SINCE, now=now)
    if has_jumped:
        ticks.save_tick(session, JUMPED, now=now)
    ticks.save_tick(session, _WATCH, now=now)


def _disks(deps: DeliveryDeps) -> tuple[DiskRoom, ...]:
    """The disks of the data folder and of SQLite's file, each once."""
    file = deps.database.file
    places = [deps.settings.data_folder.absolute(), *([file.parent] if file else [])]
    disks = {place.stat().st_dev: _room(place) for place in places if place.is_dir()}
    return tuple(disks.values())


def _room(place: Path) -> DiskRoom:
    usage = shutil.disk_usage(place)
    return DiskRoom(str(place), usage.used + usage.free, usage.free)


def _deliveries(deps: DeliveryDeps, change: Change, now: datetime) -> Iterator[NewDelivery]:
    """What is sent to the operator: a mail, a call of their webhook, or both."""
    operator = deps.settings.operator
    if operator.address:
        yield _letter(deps, change, now)
    if operator.webhook:
        yield _call(deps, change)


def _call(deps: DeliveryDeps, change: Change) -> NewDelivery:
    channel, known_as = deps.channels.of(Webhook.name), f"msg_{secrets.token_hex(16)}"
    if not isinstance(channel, Webhook):
        raise ConfigurationError(f"the channel {Webhook.name!r} calls no webhook")
    recipient, message = channel.notice(
        deps.settings.operator.webhook, delivery_id=known_as, subject=_subject(change), lines=_sentences(change)
    )
    return NewDelivery(channel.name, deps.settings.mail.sender, recipient, known_as, message)


def _letter(deps: DeliveryDeps, change: Change, now: datetime) -> NewDelivery:
    mail, channel, recipient = deps.settings.mail, deps.channels.mail, deps.settings.operator.address
    known_as = digests.message_id(secrets.token_hex(16), mail.sender_domain)
    letter = digests.Letter(
        language="en", subject=_subject(change), before=tuple(_sentences(change)),
        button="Status (a browser on the machine itself opens it)", link=_where_to_look(deps),
        after=("One mail comes when something needs you, and one when it is over.",),
    )  # fmt: skip
    message = digests.write_letter(letter, sender=mail.named_sender, recipient=recipient, message_id=known_as, at=now)
    return NewDelivery(channel.name, mail.sender, recipient, known_as, channel.freeze(message))


def _where_to_look(deps: DeliveryDeps) -> str:
    """The owner's pages, or what the readers' say of the parts where those are left out."""
    settings = deps.settings
    return f"{settings.status_url}/" if settings.status_url else f"{settings.web_url}/health?verbose"


def _subject(change: Change) -> str:
    if change.begun:
        return f"Storywatch needs you: {', '.join(one.name for one in change.begun)}"
    return f"Storywatch is well again: {', '.join(one.name for one in change.ended)}"


def _sentences(change: Change) -> Sequence[str]:
    def line(alarm: AlarmRecord, how: str) -> str:
        return f"{how} {alarm.since:%Y-%m-%d %H:%M} UTC: {alarm.said}"

    return [
        *(line(one, "Since") for one in change.begun),
        *(line(one, f"Over at {one.seen_at:%H:%M}, since") for one in change.ended),
    ]
