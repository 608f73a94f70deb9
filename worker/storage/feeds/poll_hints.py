"""A feed's own hints on polling, as the JSON of its row."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache

from worker.feeds import PollHints

_REMEMBERED = 1000


def hints_to_json(hints: PollHints) -> dict[str, object]:
    """Return the hints as JSON knows them, durations in seconds."""
    return {
        "ttl": hints.ttl.total_seconds() if hints.ttl else None,
        "update_every": hints.update_every.total_seconds() if hints.update_every else None,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }


@lru_cache(_REMEMBERED)
def hints_from_text(stored: str | None) -> PollHints:
    """Return the hints from the text that a row keeps them in: most feeds hint what their common program hints."""
    return hints_from_json(None if stored is None else json.loads(stored))


def hints_from_json(saved: dict[str, object] | None) -> PollHints:
    """Return the hints that were saved; without any, none."""
    if not saved:
        return PollHints()

    def duration(name: str) -> timedelta | None:
        seconds = saved[name]
        return timedelta(seconds=seconds) if isinstance(seconds, float) else None

    def numbers(name: str) -> frozenset[int]:
        found = saved[name]
        return frozenset(found) if isinstance(found, list) else frozenset()

    return PollHints(duration("ttl"), duration("update_every"), numbers("skip_hours"), numbers("skip_days"))
