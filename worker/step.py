"""The beats of a step on one row: claim it, work, save what came of it, wake what comes next.

The claim counts the attempt before the work, so that a row whose work kills its process is given up in the end. The
work is done with no transaction open. What came of it is saved only while the lease is still the step's own: who took
too long finds another at work, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

from worker.setup.base_deps import BaseDeps
from worker.storage.db.database import serialize_stories
from worker.storage.db.session import Session


class Wakeup(NamedTuple):
    """Do the step with this name on the row with this id. Losing one costs time, never an article."""

    step: str
    row_id: int


Wakeups = tuple[Wakeup, ...]


class Attempted(Protocol):
    """A claimed row: how often it was claimed for this step, this time included."""

    @property
    def attempts(self) -> int: ...


Row = TypeVar("Row", bound=Attempted)
Claimed = TypeVar("Claimed", bound=Attempted, covariant=True)
Save = Callable[[Session], Wakeups]
"""Writes what a step came to and the row's next state; returns what that wakes."""


class Claim(Protocol[Claimed]):
    """Leases the row with that id until `now + lease`, or returns None where it is not to be had."""

    def __call__(self, session: Session, row_id: int, /, *, now: datetime, lease: timedelta) -> Claimed | None: ...


@dataclass(frozen=True, slots=True)
class Beats(Generic[Row]):
    """What is a step's own. `give_up` is done instead of the work once a row was tried more than `tries` times.

    With `locks_stories`, nobody else places articles while the result is saved.
    """

    claim: Claim[Row]
    is_held: Callable[[Session, Row], bool]
    work: Callable[[Row], Save]
    give_up: Callable[[Session, Row], Wakeups] | None = None
    tries: int = 0
    locks_stories: bool = False

    def take(self, deps: BaseDeps, row_id: int, *, lease: timedelta | None = None) -> Wakeups:
        """Do the step on that row; return what it wakes, which is nothing where another has it."""
        with deps.transaction() as session:
            row = self.claim(session, row_id, now=deps.now(), lease=lease or deps.lease)
            if row is None:
                return ()
            if self.give_up is not None and row.attempts > self.tries:
                return self.give_up(session, row)
        save = self.work(row)
        with deps.transaction() as session:
            if self.locks_stories:
                serialize_stories(session)
            return save(session) if self.is_held(session, row) else ()
