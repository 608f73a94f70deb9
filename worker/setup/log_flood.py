"""Keeps a fault that strikes again and again from filling the disk with its lines."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable

_APART = 60.0  # seconds
_REMEMBERED = 500  # causes; when there are more, the oldest is forgotten
_OF_THE_LINE = ("timestamp", "level", "logger", "exc_info")
_CHANGING = re.compile(r"\d+|0x[0-9a-f]+")


class FloodFilter(logging.Filter):
    """Lets a warning or fault of one cause pass at most once a minute, and says with the next how many there were.

    Of one cause is what says the same but for numbers: for the same `reason`, or else of the same things. Each process
    counts for itself. `elapsed` is a clock in seconds that nobody sets.
    """

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._passed: dict[tuple[str, ...], float] = {}
        self._held: dict[tuple[str, ...], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if record.levelno < logging.WARNING:
            return True
        cause, now = _cause_of(record), self._elapsed()
        with self._lock:
            passed = self._passed.get(cause)
            if passed is not None and now - passed < _APART:
                self._held[cause] = self._held.get(cause, 0) + 1
                return False
            self._passed.pop(cause, None)
            self._passed[cause] = now
            held = self._held.pop(cause, 0)
            while len(self._passed) > _REMEMBERED:
                oldest = next(iter(self._passed))
                del self._passed[oldest]
                self._held.pop(oldest, None)
        if held:
            _say_how_many(record, held)
        return True


def _cause_of(record: logging.LogRecord) -> tuple[str, ...]:
    if isinstance(record.msg, dict):  # an event of ours, before it is put into words
        told = {key: value for key, value in record.msg.items() if key not in _OF_THE_LINE}
        said = (str(told.pop("event", "")), str(told.get("reason", told)))
    else:
        said = (str(record.msg), "")
    fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    return record.name, record.levelname, *(_CHANGING.sub("0", one)[:300] for one in said), fault


def _say_how_many(record: logging.LogRecord, held: int) -> None:
    if isinstance(record.msg, dict):
        record.msg = {**record.msg, "times_since": held}
    else:
        record.msg = f"{record.msg} (and {held} times since it was last said)"
