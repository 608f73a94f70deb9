"""Time zones as dates name them: offsets, the zones' short names, and IANA's."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from worker.text.languages import primary_subtag

# Minutes east of Greenwich, as these names are used on news pages and in feeds (names of RFC 5322 §4.3 among them).
_MINUTES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "MET": 60, "MEZ": 60, "WAT": 60,
    "CEST": 120, "MEST": 120, "MESZ": 120, "EET": 120, "CAT": 120, "SAST": 120, "EEST": 180, "MSK": 180, "EAT": 180,
    "TRT": 180, "IDT": 180, "IRST": 210, "GST": 240, "PKT": 300, "IST": 330, "WIB": 420, "ICT": 420, "SGT": 480,
    "HKT": 480, "PHT": 480, "AWST": 480, "JST": 540, "KST": 540, "ACST": 570, "AEST": 600, "ACDT": 630, "AEDT": 660,
    "NZST": 720, "NZDT": 780, "NDT": -150, "BRT": -180, "ART": -180, "UYT": -180, "CLST": -180, "ADT": -180,
    "NST": -210, "AST": -240, "CLT": -240, "PYT": -240, "BOT": -240, "VET": -240, "EDT": -240, "ET": -300, "EST": -300,
    "COT": -300, "PET": -300, "ECT": -300, "CDT": -300, "CT": -360, "CST": -360, "MDT": -360, "MT": -420, "MST": -420,
    "PDT": -420, "PT": -480, "PST": -480, "AKDT": -480, "AKST": -540, "HST": -600,
}  # fmt: skip
# A name that means another zone in a text of this language.
_BY_LANGUAGE = {
    ("CST", "zh"): 480, ("IST", "he"): 120, ("IST", "ga"): 60, ("AST", "ar"): 180, ("BST", "bn"): 360,
}  # fmt: skip
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_FARTHEST = 14 * 60  # minutes: no zone is farther from Greenwich


@lru_cache(maxsize=256)
def find_zone(written: str, language: str | None = None) -> tzinfo | None:
    """Return the zone that is written as "+0200", "GMT+7", "CEST" or "Europe/Madrid"; None where none is called so.

    `language` is a tag: it decides between zones of one short name, such as CST.
    """
    offset = _OFFSET.fullmatch(written)
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > _FARTHEST:
            return None
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    name = written.upper()
    known = _BY_LANGUAGE.get((name, primary_subtag(language)), _MINUTES.get(name))
    if known is not None:
        return timezone(timedelta(minutes=known))
    return _iana_zone(written) if "/" in written else None


def _iana_zone(name: str) -> ZoneInfo | None:
    try:
        zone = ZoneInfo(name)
        zone.utcoffset(datetime(2026, 1, 1))  # noqa: DTZ001 - a zone is asked for a local time
    except (KeyError, ValueError, OSError):  # unknown; ill-formed or hostile; a folder's name
        return None
    return zone
