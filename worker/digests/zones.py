"""IANA time zones by name."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from worker.errors import ConfigurationError


def zone_of(name: str) -> ZoneInfo:
    """The time zone called `name`. Raises ConfigurationError when there is none.

    Zones come from the machine, or from the `tzdata` package where it has none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown; ill-formed or hostile; a folder's name
        raise ConfigurationError(
            f"time zone {name[:60]!r} is not known; use an IANA name such as America/Mexico_City"
        ) from error
