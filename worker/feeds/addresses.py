"""What web address a person, or another program's list, means by what is written."""

from __future__ import annotations

import re

from worker.feeds.fields import absolute_url

# Schemes by which programs of feeds hand an address to each other: "feed:https://…", "FEED://…", "itpc://…".
_HANDED_ON = re.compile(r"\A(?:view-source|feeds?|rss|atom|itpc|pcast|podcast):(?!\d)", re.IGNORECASE)
_SCHEME = re.compile(r"\A(https?):[/\\]*(?=[^/\\])", re.IGNORECASE)
_BARE_HOST = re.compile(
    r"(?:(?:[\w-]+\.)+(?:[^\W\d_]{2,24}|xn--[\w-]{2,59})|localhost|\d{1,3}(?:\.\d{1,3}){3})\.?(?::\d{1,5})?(?:[/?#]|\Z)",
    re.IGNORECASE,
)


def meant_addresses(written: str) -> tuple[str, ...]:
    """Return the http and https addresses that may be meant, the likeliest first; none where it is no web address.

    An address without a scheme is meant with https or with http, in that order.
    """
    text = _HANDED_ON.sub("", written.strip().strip("<>\"'").strip()).strip()
    if _SCHEME.match(text):
        found: tuple[str, ...] = (_SCHEME.sub(r"\1://", text, count=1),)
    else:
        bare = text.lstrip("/\\")
        found = tuple(f"{scheme}://{bare}" for scheme in ("https", "http")) if _BARE_HOST.match(bare) else ()
    return tuple(url for address in found if (url := absolute_url(address, "")))
