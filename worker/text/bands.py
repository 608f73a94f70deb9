"""A band: how sure a match of a topic is, and what somebody gets who asks for so sure ones."""

from __future__ import annotations

from enum import StrEnum


class Band(StrEnum):
    """How sure a match is, the surest first."""

    STRICT = "strict"
    BALANCED = "balanced"
    WIDE = "wide"

    @property
    def included(self) -> frozenset[Band]:
        """What somebody gets who asks for this band: it, and every one that is surer."""
        bands = list(Band)
        return frozenset(bands[: bands.index(self) + 1])

    @property
    def is_unsure(self) -> bool:
        """Whether its matches are shown apart and are no verdict: the article may be about something else."""
        return self is Band.WIDE


DEFAULT_BAND = Band.BALANCED
"""What holds where nobody says how sure a match must be."""
