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


class Saved(NamedTuple):
    """What a step has written: what that `woke`, and what the log `says` of it once it is committed."""

    woke: Wakeups = ()
    says: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """What is left to be done of a step: writing what it came to, and the row's next state.

    With `locks_stories`, nobody else places articles meanwhile. That lock is taken before the row's own, as it is by
    all who take both.
    """

    write: Callable[[Session], Saved]
    locks_stories: bool = False


Row = TypeVar("Row", bound=Attempted)
Claimed = TypeVar("Claimed", bound=Attempted, covariant=True)


class Claim(Protocol[Claimed]):
    """Leases the row with that id until `now + lease`, or returns None where it is not to be had."""

    def __call__(self, session: Session, row_id: int, /, *, now: datetime, lease: timedelta) -> Claimed | None: ...


@dataclass(frozen=True, slots=True)
class Beats(Generic[Row]):
    """What is a step's own. `give_up` is written instead of the work once a row was tried more than `tries` times."""

    claim: Claim[Row]
    is_held: Callable[[Session, Row], bool]
    work: Callable[[Row], Save]
    give_up: Callable[[Session, Row], Saved] | None = None
    tries: int = 0

    def take(self, deps: BaseDeps, row_id: int, *, lease: timedelta | None = None) -> Wakeups:
        """Do the step on that row; return what it wakes, which is nothing where another has it."""
        with deps.transaction() as session:
            row = self.claim(session, row_id, now=deps.now(), lease=lease or deps.lease)
            if row is None:
                return ()
            given_up = self.give_up(session, row) if self.give_up and row.attempts > self.tries else None
        return self._work(deps, row) if given_up is None else _tell(given_up)

    def _work(self, deps: BaseDeps, row: Row) -> Wakeups:
        save = self.work(row)
        with deps.transaction() as session:
            if save.locks_stories:
                serialize_stories(session)
            saved = save.write(session) if self.is_held(session, row) else Saved()
        return _tell(saved)


def _tell(saved: Saved) -> Wakeups:
    if saved.says is not None:
        saved.says()
    return saved.woke
