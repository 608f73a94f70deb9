"""What content systems do to the letters of a text: invisible characters, typographer's quotes, unbreakable spaces."""

from __future__ import annotations

import re
from collections.abc import Callable

_SHY, _NBSP, _ZERO, _JOINER = "\u00ad", "\u00a0", "\u200b", "\u2060"
_LONG = re.compile(r"\b[^\W\d_]{10,}\b")
_SHORT = re.compile(r"\b(\d+|[aAoOyYeE]|de|en|la|el|of|in|to|Mr\.|Sr\.) (?=\S)")


def soften(text: str) -> str:
    """Return the text with soft hyphens in its long words."""
    return _LONG.sub(lambda found: _SHY.join(re.findall(r".{4,6}(?=.{4})|.+", found[0])), text)


def bind(text: str) -> str:
    """Return the text with unbreakable spaces behind numbers and short words."""
    return _SHORT.sub(rf"\1{_NBSP}", text)


def curl(text: str) -> str:
    """Return the text with curly quotes for straight ones."""
    text = re.sub(r'(?<![^\s(\[“])"(?=\S)', "“", text).replace('"', "”")
    return re.sub(r"(?<![^\s(\[“])'(?=\S)", "‘", text).replace("'", "’")


def stuff(text: str) -> str:
    """Return the text with characters of no width before it and at the ends of its sentences, as editors paste them."""
    return _ZERO + re.sub(r"(?<=[.!?]) ", f"{_ZERO} ", text) + _JOINER


def sentences(text: str) -> list[str]:
    """Return the sentences of the text, roughly."""
    return [part for part in re.split(r"(?<=[.!?][\"”’]|\w[.!?]) (?=\S)", text) if part]


FILTERS: dict[str, Callable[..., object]] = {
    "soften": soften, "bind": bind, "curl": curl, "stuff": stuff, "sentences": sentences
}  # fmt: skip
"""By the names that layouts know them by."""
