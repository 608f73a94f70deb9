"""What the tables of the configuration file are made of, for settings and channels alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from worker.text.bands import DEFAULT_BAND, Band
from worker.text.languages import ENGLISH, digest_languages, is_digest_language


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9.-]{1,255}", value) or not value.isascii():
        raise ValueError("must be a mail address such as name@example.org")
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("must be an IANA time zone such as America/Mexico_City or UTC")
    return value


def _either(allowed: Iterable[str]) -> str:
    *others, last = (f"'{one}'" for one in allowed)
    return f"{', '.join(others)} or {last}" if others else last


def _digest_language(value: str) -> str:
    if not is_digest_language(value):
        raise ValueError(f"must be {_either(one.code for one in digest_languages())}")
    return value


def _band(value: str) -> str:
    if value not in list(Band):
        raise ValueError(f"must be {_either(Band)}")
    return value


Address = Annotated[str, AfterValidator(_address)]
Zone = Annotated[str, AfterValidator(_zone)]
DigestLanguage = Annotated[str, AfterValidator(_digest_language)]
BandName = Annotated[str, AfterValidator(_band)]


class Table(BaseModel):
    """A table of the configuration file; an unknown name in it is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadingSetting(Table):
    """What is to be told, and when. A topic may name a band of its own: "us-mexico-migration:wide"."""

    language: DigestLanguage = ENGLISH.code
    zone: Zone = "UTC"
    topics: tuple[str, ...] = ("us-mexico-migration",)
    band: BandName = DEFAULT_BAND.value
    schedule: str = "daily at 07:00"
    stories: int = Field(25, ge=1, le=200)
    send_empty: bool = False
    pause_until: date | None = None
