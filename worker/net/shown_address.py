"""An address as it may stand in a message: what looks like the key of a private feed is left out."""

from __future__ import annotations

import re
from urllib.parse import unquote

_LOOKED_AT, _SHOWN = 8_000, 200  # characters
_KEPT = 4  # characters of a key: enough to tell two apart, and of sixteen no help
_PATH = re.compile(r"(?<![:/])/([^/?#\s]+)")
_ANNOUNCED = re.compile(r"(?i)(?:private|secret|token|auth|key|apikey|signed|personal)")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{8}T?\d{4}")
_RUN = re.compile(r"[A-Za-z0-9]+")
_CHANGE = re.compile(r"(?<=[0-9])(?=[A-Za-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[a-z])(?=[A-Z])|(?<=[A-Z]{2})(?=[a-z])")


def shown(url: str) -> str:
    """The URL in one line, bounded, without credentials.

    The values of its query are left out, and so is a part of its path that looks drawn by lot: many a private feed
    carries its key there, and messages reach the status page and the digests of every reader.
    """
    text = re.sub(r"//[^/?#]*@", "//", url[:_LOOKED_AT])
    text = re.sub(r"([?&][^=&#\s]*=)[^&#\s]+", r"\1…", text)
    text = _without_keys(text)
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _without_keys(text: str) -> str:
    before = ""

    def part(found: re.Match[str]) -> str:
        nonlocal before
        named, before = _ANNOUNCED.fullmatch(before) is not None, found[1]
        return f"/{found[1][:_KEPT]}…" if is_key(found[1], announced=named) else found[0]

    return _PATH.sub(part, text)


def is_key(part: str, *, announced: bool = False) -> bool:
    """Whether a part of a path looks drawn by lot and not written: sixteen characters that change their kind often.

    Words in a slug change from letters to digits and from small to large at most a few times; one that a part named
    "private" or the like announces need only be eight characters with a digit.
    """
    stem = unquote(part).partition(".")[0]
    if _UUID.search(stem):
        return True
    runs = _RUN.findall(stem)
    if announced and any(len(run) >= 16 or (len(run) >= 8 and not run.isalpha()) for run in runs):
        return True
    if any(len(run) >= 18 and run.isdigit() for run in runs):
        return True  # as alerts' feeds have them: no number of an article, and no moment, is so long
    changes = {run: len(_CHANGE.findall(run)) for run in runs}
    if any(len(run) >= 16 and changes[run] >= 2 and not (run.isalpha() or _MOMENT.match(run)) for run in runs):
        return True
    return len(stem) >= 16 and sum(map(changes.__getitem__, runs)) >= max(4, len(runs))
