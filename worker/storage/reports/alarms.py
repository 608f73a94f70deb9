"""The alarms there are: read, and written as they were decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Alarm


@dataclass(frozen=True, slots=True)
class AlarmRecord:
    """Something has been wrong `since` then, and was last seen so at `seen_at`; `told` says that its operator knows."""

    name: str
    said: str
    since: datetime
    seen_at: datetime
    told: bool = False


def read_alarms(session: Session) -> dict[str, AlarmRecord]:
    """Return the alarms by name."""
    rows = session.scalars(select(Alarm).order_by(Alarm.name).with_for_update())
    return {row.name: AlarmRecord(row.name, row.said, row.since, row.seen_at, row.told) for row in rows}


def save_alarms(session: Session, alarms: Mapping[str, AlarmRecord]) -> None:
    """Let there be these alarms and no others."""
    session.execute(delete(Alarm).where(Alarm.name.not_in(list(alarms))))
    for alarm in alarms.values():
        session.merge(Alarm(**asdict(alarm)))
