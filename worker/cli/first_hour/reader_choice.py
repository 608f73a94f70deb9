"""The third question: who reads, in which language, and when."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from zoneinfo import available_timezones

from worker.cli.first_hour.answers import ReaderAnswer
from worker.cli.first_hour.given import Given
from worker.cli.first_hour.questions import ask, explain
from worker.text.languages import ENGLISH, digest_languages

_LOCAL_TIME = Path("/etc/localtime")
_SCHEDULE = "daily at 07:00"


def choose_reader(given: Given, *, asking: bool) -> ReaderAnswer | None:
    """Return who reads, None where that was not said. Raises `SettingError` for what cannot be used."""
    if not asking:
        return _from_options(given) if given.address else None
    explain("Who reads the digest, and when?")
    return ReaderAnswer(
        address=_given_or_asked("address", given.address, "Mail address"),
        language=_given_or_asked("language", given.language, f"Language ({_languages()})", _spoken_here()),
        zone=_given_or_asked("zone", given.zone, "Time zone", local_zone()),
        schedule=_given_or_asked("schedule", given.schedule, "When", _SCHEDULE),
    )


def local_zone(variable: str | None = None, link: Path = _LOCAL_TIME) -> str:
    """Return this machine's time zone, UTC where it does not say."""
    named = (variable or os.environ.get("TZ", "")).removeprefix(":")
    known = available_timezones()
    if named in known:
        return named
    target = str(link.resolve()).partition("/zoneinfo/")[2]
    return target if target in known else "UTC"


def check_value(name: str, typed: str) -> str:
    """Return what was typed for that setting of a subscriber. Raises `SettingError` that says what is allowed."""
    from worker import digests
    from worker.setup.declarations import blame, check_subscriber

    if name == "schedule":
        with blame(name):
            return str(digests.parse_schedule(typed))
    return str(getattr(check_subscriber({"address": "reader@example.org", name: typed}), name))


def _given_or_asked(name: str, given: str | None, question: str, default: str = "") -> str:
    check: Callable[[str], str] = lambda typed: check_value(name, typed)  # noqa: E731 (bound to this name)
    return check(given) if given is not None else ask(question, check, default=default)


def _from_options(given: Given) -> ReaderAnswer:
    return ReaderAnswer(
        check_value("address", given.address or ""),
        check_value("language", given.language or ENGLISH.code),
        check_value("zone", given.zone or "UTC"),
        check_value("schedule", given.schedule or _SCHEDULE),
    )


def _languages() -> str:
    return ", ".join(f"{one.code} {one.name}" for one in digest_languages())


def _spoken_here() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    codes = [one.code for one in digest_languages()]
    return spoken[:2] if spoken[:2] in codes else ENGLISH.code
