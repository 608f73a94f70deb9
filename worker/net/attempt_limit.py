"""How often something may be tried, counted across all processes."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any


class AttemptLimit:
    """Counts attempts in Redis, in windows that begin with the first one. redis.RedisError passes."""

    def __init__(self, client: Any, prefix: str = "storywatch:attempts") -> None:
        self._client = client
        self._prefix = prefix

    def allows(self, what: str, whose: str, *, at_most: int, within: timedelta) -> bool:
        """Count an attempt; whether it is still one of those allowed. `whose` is kept as a hash only."""
        name = f"{self._prefix}:{what}:{sha256(whose.encode('utf-8', 'replace')).hexdigest()[:32]}"
        with self._client.pipeline() as pipe:
            pipe.set(name, 0, ex=within, nx=True)
            pipe.incr(name)
            count = pipe.execute()[-1]
        return int(count) <= at_most
