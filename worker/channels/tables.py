"""What the tables of the configuration file are made of, for settings and channels alike."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9.-]{1,255}", value) or not value.isascii():
        raise ValueError("must be a mail address such as name@example.org")
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be an IANA time zone such as America/Mexico_City or UTC")
    return value


Address = Annotated[str, AfterValidator(_address)]
Zone = Annotated[str, AfterValidator(_zone)]
Band = Literal["strict", "balanced", "wide"]


class Table(BaseModel):
    """A table of the configuration file; an unknown name in it is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadingSetting(Table):
    """What is to be told, and when. A topic may name a band of its own: "us-mexico-migration:wide"."""

    language: Literal["en", "es"] = "en"
    zone: Zone = "UTC"
    topics: tuple[str, ...] = ("us-mexico-migration",)
    band: Band = "balanced"
    schedule: str = "daily at 07:00"
    stories: int = Field(25, ge=1, le=200)
    send_empty: bool = False
    pause_until: date | None = None
