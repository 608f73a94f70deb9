"""A feed's own wishes on polling, as the JSON of its row."""

from __future__ import annotations

from datetime import timedelta

from worker.feeds import PollHints


def hints_to_json(hints: PollHints) -> dict[str, object]:
    """Return the hints as JSON knows them, durations in seconds."""
    return {
        "ttl": hints.ttl.total_seconds() if hints.ttl else None,
        "update_every": hints.update_every.total_seconds() if hints.update_every else None,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }


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
