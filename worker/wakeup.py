"""Wake-ups: what a step asks to be done next. Losing one costs time, never an article."""

from __future__ import annotations

from typing import NamedTuple


class Wakeup(NamedTuple):
    """Run the step with this name on the row with this id. A message carries no more than that."""

    step: str
    row_id: int


Wakeups = tuple[Wakeup, ...]
