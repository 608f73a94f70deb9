"""How often each step was done, how it ended and how long it took, counted across all processes."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BOUNDS = (0.05, 0.2, 1.0, 5.0, 10.0, 30.0)
"""Seconds: a step is counted under each that it did not take longer than."""


@dataclass(frozen=True, slots=True)
class StepTimes:
    """How often a step ended so, how many seconds that took in all, and how often it took no longer than each bound."""

    step: str
    outcome: str
    times: int
    seconds: float
    within: Mapping[float, int]


class StepMeter:
    """Counts in Redis, which begins anew at nothing when it is started anew, as whoever reads counters knows.

    Without a client nothing is counted.
    """

    def __init__(self, client: Any, name: str = "storywatch:steps") -> None:
        self._client = client
        self._name = name

    def note(self, step: str, outcome: str, seconds: float) -> None:
        """Count a step; a Redis that is away keeps none from having been done."""
        if self._client is None:
            return
        from redis import RedisError

        this = f"{step}|{outcome}|"
        with contextlib.suppress(RedisError), self._client.pipeline(transaction=False) as pipe:
            pipe.hincrby(self._name, f"{this}times", 1)
            pipe.hincrbyfloat(self._name, f"{this}seconds", seconds)
            for bound in BOUNDS:
                if seconds <= bound:
                    pipe.hincrby(self._name, f"{this}{bound}", 1)
            pipe.execute()

    def read(self) -> list[StepTimes]:
        """Return what was counted, by step and outcome. redis.RedisError passes."""
        found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for field, value in self._client.hgetall(self._name).items():
            step, outcome, what = field.decode().split("|")
            found[step, outcome][what] = float(value)
        return [
            StepTimes(
                step, outcome, int(counted.get("times", 0)), counted.get("seconds", 0.0),
                {bound: int(counted.get(str(bound), 0)) for bound in BOUNDS},
            )
            for (step, outcome), counted in sorted(found.items())
        ]  # fmt: skip
