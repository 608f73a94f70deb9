"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How a part fares: well; to be known, and no fault; ill, and a person must do something."""

    WELL = "well"
    NOTE = "note"
    ILL = "ill"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a part, in a sentence, and what to do about it in another; "" where there is nothing to do."""

    part: str
    health: Health
    said: str
    advice: str = ""


def well(part: str, said: str) -> Finding:
    """Return that a part is as it should be."""
    return Finding(part, Health.WELL, said)


def note(part: str, said: str, advice: str = "") -> Finding:
    """Return what is worth knowing of a part."""
    return Finding(part, Health.NOTE, said, advice)


def ill(part: str, said: str, advice: str) -> Finding:
    """Return what is wrong with a part."""
    return Finding(part, Health.ILL, said, advice)
