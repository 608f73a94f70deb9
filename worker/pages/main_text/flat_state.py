"""The state of an application as one flat list, as `devalue` writes it for Nuxt and others: values name each other by
their places in it, so that none is written twice.

Format: https://github.com/sveltejs/devalue (`stringify`).
"""

from __future__ import annotations

from typing import Any

_MOST_PLACES = 100_000
_DEEPEST = 60
# What wraps another value, as Vue names it; other lists that begin with a name hold a date, a number or bytes.
_WRAPPERS = frozenset(
    ["Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef", "Object", "NuxtError"]
)


def is_flat(value: Any) -> bool:
    """Whether a value is such a list: its first item holds nothing but places of others."""
    if not isinstance(value, list) or len(value) < 2:
        return False
    first = value[0]
    if isinstance(first, list):
        return len(first) == 2 and first[0] in _WRAPPERS and _is_place(first[1], value)
    return isinstance(first, dict) and bool(first) and all(_is_place(place, value) for place in first.values())


def inflate(flat: list[Any]) -> Any:
    """Return the value that the list describes, each shared part written out where it is held; what holds itself, and
    what lies deeper than 60 levels or past 100,000 parts, is left out."""
    left = _MOST_PLACES

    def at(place: Any, above: tuple[int, ...]) -> Any:
        nonlocal left
        left -= 1
        if not _is_place(place, flat) or place < 0 or place in above or len(above) > _DEEPEST or left < 0:
            return None
        value, within = flat[place], (*above, place)
        if isinstance(value, dict):
            return {name: at(held, within) for name, held in value.items()}
        if not isinstance(value, list):
            return value
        if value and isinstance(value[0], str):
            return at(value[1], within) if value[0] in _WRAPPERS and len(value) > 1 else None
        return [at(held, within) for held in value]

    return at(0, ())


def _is_place(place: Any, flat: list[Any]) -> bool:
    """Whether it is a place in the list; negative ones stand for values that JSON has not."""
    return isinstance(place, int) and not isinstance(place, bool) and -10 < place < len(flat)
