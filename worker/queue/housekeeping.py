"""What the clock clears away, once a day: batch by batch, while the service works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from worker.errors import StorageError
from worker.queue.prunings import BATCH, Prune, prunings
from worker.setup.deps import Deps
from worker.storage.articles import sample_months
from worker.storage.db import sizes, ticks
from worker.storage.digests import forgetting

HOUSEKEEPING = "housekeeping"
_BATCHES = 300  # at one knock of the clock; what is left is done at the next
_PAUSE = timedelta(milliseconds=20)  # between two batches, in which others write
_PAGES = 1_000  # of SQLite's file that are given back in a transaction


def keep_house(deps: Deps) -> dict[str, int]:
    """Delete what has outlived its use or its time, at most once a day; return how much of what.

    The clock knocks every few minutes, so that a service restarted every morning is tidied all the same, and a
    year that is too old, as after an upgrade, goes little by little.

    Raises `ExceptionGroup` of the kinds that could not be deleted, when all others have been.
    """
    now = deps.now()
    gone = _forget_unconfirmed(deps, now)
    return gone | _clear_away(deps, now) if _is_due(deps, now) else gone


def _clear_away(deps: Deps, now: datetime) -> dict[str, int]:
    gone, left, faults = dict[str, int](), _BATCHES, list[Exception]()
    for name, prune in prunings(deps, now):
        try:
            gone[name], taken = _prune(deps, prune, left)
        except StorageError:
            raise  # the database is away or full, for all kinds
        except Exception as fault:  # noqa: BLE001 (raised below: those after it shall not grow for it)
            fault.add_note(f"while {name} were deleted")
            faults.append(fault)
        else:
            left -= taken
    if left > 0 and _give_back(deps, left):
        _finish(deps, now)
    if faults:
        raise ExceptionGroup("not all that is old could be deleted", faults)
    return gone


def _forget_unconfirmed(deps: Deps, now: datetime) -> dict[str, int]:
    """Delete, at each knock, what is stored of addresses whose owners have not said that they are theirs."""
    with deps.transaction() as session:
        unconfirmed = forgetting.forget_unconfirmed(session, now=now)
    return {"unconfirmed": unconfirmed} if unconfirmed else {}


def _is_due(deps: Deps, now: datetime) -> bool:
    with deps.reading() as session:
        last = ticks.last_tick(session, HOUSEKEEPING)
    return last is None or now - last >= timedelta(seconds=deps.settings.clock.housekeeping_seconds)


def _prune(deps: Deps, prune: Prune, most: int) -> tuple[int, int]:
    """Delete batches until nothing is left, at most so many; return how much went, and how many were full."""
    gone = 0
    for full in range(most):
        deps.sleep(_PAUSE if full else timedelta())
        with deps.transaction() as session:
            found = prune(session)
        gone += found
        if found < BATCH:
            return gone, full
    return gone, most


def _give_back(deps: Deps, most: int) -> bool:
    """Give what is free back to the disk; whether that came to an end."""
    return any(not left for left in islice(_pages_left(deps), most))


def _pages_left(deps: Deps) -> Iterator[int]:
    while True:
        with deps.transaction() as session:
            left = sizes.give_back(session, pages=_PAGES)
        yield left
        deps.sleep(_PAUSE)


def _finish(deps: Deps, now: datetime) -> None:
    with deps.transaction() as session:
        sample_months.prepare_months(session, now=now)
        sizes.save_size(session, now=now)
        ticks.save_tick(session, HOUSEKEEPING, now=now)
