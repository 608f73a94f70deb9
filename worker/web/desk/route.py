"""A route of the desk: what may be asked for, by whom, and what answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from worker.web.desk.roles import Role
from worker.web.desk.visit import Endpoint

SHORT = 20_000
"""Bytes of a form that anybody may send."""

DESK = "/desk"
"""Where the desk's addresses begin."""


@dataclass(frozen=True, slots=True)
class DeskRoute:
    """`path` is below `/desk`, and "" the desk itself; a form may have `longest` bytes."""

    method: Literal["GET", "POST"]
    path: str
    needs: Role
    answer: Endpoint
    longest: int = SHORT

    @property
    def address(self) -> str:
        """The path as the browser asks for it."""
        return f"{DESK}{self.path}"
