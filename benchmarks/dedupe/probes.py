"""Probes: the articles that are decided while the clock runs, and how they are timed."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WARM_UP = 40
"""Articles of every kind that are decided before the clock runs: a worker runs for days."""


@dataclass(frozen=True)
class Probe:
    """An article that comes in; `original` is the stored one it copies."""

    article_id: int
    text: str
    original: int | None


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@contextmanager
def locked(file: Path | None, kind: int) -> Iterator[None]:
    """Hold the file's lock, shared or alone; None: no lock."""
    if file is None:
        yield
        return
    with file.open("a") as held:
        fcntl.flock(held, kind)
        yield
