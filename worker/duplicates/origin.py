"""Where a group of copies comes from: who had it first, which wire agency wrote it, how many outlets printed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Printing:
    """One article of the group. `agency` is the wire agency it credits (`find_agency`)."""

    outlet: str
    published: datetime
    agency: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """`first` is the outlet that had it first; `outlets` counts those that printed it, the agency's own left out."""

    agency: str | None
    first: str
    first_published: datetime
    outlets: int


def trace_origin(printings: Iterable[Printing]) -> Origin | None:
    """Return the origin of a group of copies; None for an empty group.

    The agency is the one the first printing credits, else the one most of the others do (ties: by name): an outlet
    that cuts the credit off took the text from the agency all the same.
    """
    group = sorted(printings, key=lambda one: (one.published, one.outlet))
    if not group:
        return None
    credited = Counter(one.agency for one in group if one.agency)
    agency = group[0].agency or min(credited, key=lambda name: (-credited[name], name), default=None)
    outlets = {one.outlet.casefold() for one in group} - {(agency or "").casefold(), ""}
    return Origin(agency, group[0].outlet, group[0].published, len(outlets))
