"""What a command line already answers, so that it is not asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """The options of `storywatch init`; what is None was not given."""

    topic: str | None = None
    words: str | None = None
    also: str = ""
    never: str = ""
    title: str = ""
    sites: tuple[str, ...] = ()
    allow_private: bool = False
    address: str | None = None
    language: str | None = None
    zone: str | None = None
    schedule: str | None = None
    server: str | None = None
    security: str = ""
    user: str = ""
    password_file: str = ""
    sender: str = ""
