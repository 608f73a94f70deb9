"""Who may do what at the desk."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a route asks for, or a person has: an owner may do all that an editor may; `OPEN` asks for no login."""

    OPEN = "open"
    EDITOR = "editor"
    OWNER = "owner"

    def suffices(self, needed: Role) -> bool:
        """Whether who has this role may do what needs that one."""
        ranks = tuple(Role)
        return ranks.index(self) >= ranks.index(needed)


GIVEN = (Role.OWNER, Role.EDITOR)
"""The roles that people have."""
