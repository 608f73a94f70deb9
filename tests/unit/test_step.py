"""The beats of a step, on a database of its own with one row to work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW
from worker.setup.base_deps import BaseDeps
from worker.setup.settings import load_settings
from worker.step import Beats, Save, Saved, Wakeup

WOKEN = (Wakeup("deliver", 7),)


@dataclass(frozen=True, slots=True)
class Row:
    """A claimed row."""

    id: int
    attempts: int = 1


@dataclass
class Told:
    """What happened, in order, and whether a transaction was open meanwhile."""

    events: list[tuple[str, bool]] = field(default_factory=list)
    is_open: bool = False

    def note(self, event: str) -> None:
        self.events.append((event, self.is_open))


class Deps(BaseDeps):
    """The real base with transactions that are told."""

    told: Told

    def transaction(self):  # type: ignore[no-untyped-def]
        told = self.told

        class Transaction:
            def __enter__(self) -> str:
                told.is_open = True
                return "session"

            def __exit__(self, *fault: object) -> None:
                told.is_open = False

        return Transaction()


@pytest.fixture
def deps(tmp_path: Path) -> Deps:
    deps = Deps(load_settings(folder=tmp_path), now=lambda: NOW)
    deps.told = Told()
    return deps


def beats(told: Told, row: Row | None, *, held: bool = True, tries: int = 3, locks: bool = False) -> Beats[Row]:
    def claim(session: object, row_id: int, /, *, now: datetime, lease: timedelta) -> Row | None:
        told.note(f"claim {row_id} at {now:%H:%M} for {lease.total_seconds():g}")
        return row

    def work(claimed: Row):  # type: ignore[no-untyped-def]
        told.note("work")

        def write(session: object) -> Saved:
            told.note(f"save {claimed.id}")
            return Saved(WOKEN, lambda: told.note("say"))

        return Save(write, locks_stories=locks)

    def is_held(session: object, claimed: Row) -> bool:
        told.note("held?")
        return held

    def give_up(session: object, claimed: Row) -> Saved:
        told.note("give up")
        return Saved(says=lambda: told.note("say"))

    return Beats(claim=claim, is_held=is_held, work=work, give_up=give_up, tries=tries)


def test_the_beats_come_in_order_and_the_work_is_done_with_no_transaction_open(deps: Deps) -> None:
    assert beats(deps.told, Row(7)).take(deps, 7) == WOKEN
    claim = f"claim 7 at {NOW:%H:%M} for {deps.settings.clock.lease_seconds:g}"
    told = [(claim, True), ("work", False), ("held?", True), ("save 7", True), ("say", False)]
    assert deps.told.events == told, "and the log tells what is committed"


def test_who_does_not_get_the_row_does_nothing(deps: Deps) -> None:
    assert beats(deps.told, None).take(deps, 7) == ()
    assert [event for event, _ in deps.told.events if not event.startswith("claim")] == []


def test_who_took_too_long_writes_nothing(deps: Deps) -> None:
    assert beats(deps.told, Row(7), held=False).take(deps, 7) == ()
    assert [event for event, _ in deps.told.events][1:] == ["work", "held?"]


@pytest.mark.parametrize(("attempts", "given_up"), [(1, False), (3, False), (4, True)])
def test_a_row_is_given_up_once_it_was_tried_too_often(deps: Deps, attempts: int, given_up: bool) -> None:
    beats(deps.told, Row(7, attempts)).take(deps, 7)
    events = [event for event, _ in deps.told.events]
    assert ("give up" in events, "work" in events) == (given_up, not given_up)
    assert deps.told.events[-1] == ("say", False)


def test_a_step_may_lease_its_row_for_a_time_of_its_own(deps: Deps) -> None:
    beats(deps.told, None).take(deps, 7, lease=timedelta(seconds=5))
    assert deps.told.events[0][0].endswith("for 5")


def test_the_story_lock_is_taken_before_the_rows_own(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.step.serialize_stories", lambda session: deps.told.note("lock"))
    beats(deps.told, Row(7), locks=True).take(deps, 7)
    beats(deps.told, Row(8)).take(deps, 8)
    events = [event for event, _ in deps.told.events if not event.startswith("claim")]
    assert events == ["work", "lock", "held?", "save 7", "say", "work", "held?", "save 8", "say"]
