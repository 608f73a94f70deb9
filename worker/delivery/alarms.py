"""When the operator is told: once when something is wrong that lasts, and once when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from worker.delivery.diagnosis import Ailment
from worker.storage.reports.alarms import AlarmRecord

LASTS = timedelta(minutes=3)
"""How long something must be wrong before anybody is told."""

OVER = timedelta(minutes=10)
"""How long it must be well again: what comes and goes is told once."""


@dataclass(frozen=True, slots=True)
class Change:
    """What there is from now on, and what the operator is to be told of: what has `begun`, and what has `ended`."""

    alarms: dict[str, AlarmRecord]
    begun: tuple[AlarmRecord, ...] = ()
    ended: tuple[AlarmRecord, ...] = ()


def change_alarms(known: dict[str, AlarmRecord], found: Sequence[Ailment], *, now: datetime) -> Change:
    """Return what becomes of the alarms by what was found now."""
    ill = {one.name: one for one in found}
    alarms = {name: alarm for name, alarm in known.items() if name in ill or now - alarm.seen_at < OVER}
    for name, one in ill.items():
        former = known.get(name) or AlarmRecord(name, one.said, now, now)
        alarms[name] = replace(former, said=one.said, seen_at=now)
    begun = tuple(one for name, one in alarms.items() if name in ill and not one.told and now - one.since >= LASTS)
    ended = tuple(alarm for name, alarm in known.items() if name not in alarms and alarm.told)
    return Change(alarms | {one.name: replace(one, told=True) for one in begun}, begun, ended)
