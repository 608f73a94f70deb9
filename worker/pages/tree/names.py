"""Class names and ids as authors write them, in one form."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 500
"""Characters of an element's names that are read."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# A counter, or a key that a machine gave: "widget-6f677730-826a-42ce-989e-a86f663c70ae".
_NUMBERS = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\d+")


@lru_cache(maxsize=8192)
def fold_names(names: str) -> str:
    """Lower case, hyphens between words: "post-date" for "postDate" and "post_date"."""
    return _CAMEL.sub("-", names[:LONGEST]).replace("_", "-").lower()


@lru_cache(maxsize=8192)
def without_numbers(names: str) -> str:
    """What elements of one kind share: "box-" for "box-1" and "box-2"."""
    return _NUMBERS.sub("", names)
