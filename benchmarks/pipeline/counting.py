"""What steps cost: processor time, statements, transactions, and how long the stories are locked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

import worker.step
from worker.storage.db.database import Database, serialize_stories


@dataclass
class Cost:
    """Of one step, or of several: seconds of this process's CPU, and what was asked of the database."""

    seconds: float = 0.0
    runs: int = 0
    statements: int = 0
    writes: int = 0  # transactions that were committed
    reads: int = 0  # those that only looked
    locked: list[float] = field(default_factory=list)  # seconds from a story lock to its commit


class Meter:
    """Counts by step what a database is asked, while a step is `measured`."""

    def __init__(self, database: Database) -> None:
        self.costs: dict[str, Cost] = {}
        self.texts: dict[str, Counter[str]] = {}
        self._now = "besides"
        self._locked_at: float | None = None
        event.listen(database.engine, "before_cursor_execute", self._statement)
        self._do_commit = database.engine.dialect.do_commit
        database.engine.dialect.do_commit = self._commit  # type: ignore[method-assign]
        event.listen(database.engine, "rollback", self._rollback)
        worker.step.serialize_stories = self._lock  # type: ignore[attr-defined]

    @contextmanager
    def measured(self, step: str) -> Iterator[None]:
        """Count what the block costs as that step's."""
        before, self._now = self._now, step
        cost, started = self._cost(), time.process_time()
        try:
            yield
        finally:
            cost.seconds += time.process_time() - started
            cost.runs += 1
            self._now = before

    def _cost(self) -> Cost:
        return self.costs.setdefault(self._now, Cost())

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self._cost().statements += 1
        self.texts.setdefault(self._now, Counter())[statement] += 1

    def _commit(self, connection: Any) -> None:
        self._do_commit(connection)
        self._cost().writes += 1
        if self._locked_at is not None:
            self._cost().locked.append(time.perf_counter() - self._locked_at)
            self._locked_at = None

    def _rollback(self, _connection: Any) -> None:
        self._cost().reads += 1

    def _lock(self, session: Any) -> None:
        serialize_stories(session)
        self._locked_at = time.perf_counter()
