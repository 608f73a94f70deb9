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
_AT_WORK = "task"  # what a fault struck: a full disk strikes them all
_LONGEST = 300  # characters of what is said that tell causes apart
_CHANGING = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|0x[0-9a-f]+|\d+(?:\.\d+)?")


class FloodFilter(logging.Filter):
    """Lets a warning or fault of one cause pass at most once a minute, and says with the next how many there were.

    Of one cause is what says the same of the same things, but for numbers and ids: those of rows differ with each line.
    Which task met it tells causes apart only where no `reason` is given. Each process counts for itself. `elapsed` is a
    clock in seconds that nobody sets.
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
    said: tuple[str, ...]
    if isinstance(record.msg, dict):  # an event of ours, before it is put into words
        told = {key: value for key, value in record.msg.items() if key not in _OF_THE_LINE}
        if "reason" in told:
            told.pop(_AT_WORK, None)
        said = (str(told.pop("event", "")), str(told.pop("reason", "")), str(told))
    else:
        said = (_words_of(record),)
    fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    return record.name, record.levelname, *(_CHANGING.sub("0", one)[:_LONGEST] for one in said), fault


def _words_of(record: logging.LogRecord) -> str:
    """What a library says. It may have one template for all: Celery's names task and fault in its arguments."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # its arguments do not fit: the handler says so
        return str(record.msg)


def _say_how_many(record: logging.LogRecord, held: int) -> None:
    if isinstance(record.msg, dict):
        record.msg = {**record.msg, "times_since": held}
    else:
        record.msg = f"{record.msg} (and {held} times since it was last said)"
