"""A look: what is new to a person is what came after they last looked. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_SAME = timedelta(minutes=30)
"""Between two visits that are one look: who reloads, or comes back from a story, still sees what was new."""


@dataclass(frozen=True, slots=True)
class Look:
    """Up to which news a person had looked `before` this look, `since` when; and the `latest` `at` their last visit."""

    before: int
    since: datetime | None
    latest: int
    at: datetime | None


def look_again(last: Look, *, latest: int, now: datetime) -> Look:
    """Return the look that a visit now is, with `latest` the number of the latest news there is.

    Who looks for the first time has nothing that is new to them: all of it would be.
    """
    if last.at is None:
        return Look(latest, None, latest, now)
    if now - last.at < _SAME:
        return Look(min(last.before, latest), last.since, latest, now)
    return Look(min(last.latest, latest), last.at, latest, now)
