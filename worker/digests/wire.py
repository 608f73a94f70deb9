"""Headers and bodies in the form they travel in: ASCII, short lines, nothing left to the library's guess.

The standard library's own folding is passed by on purpose: Python 3.11 and 3.12 lose the spaces between
encoded and plain words (CPython gh-92081) and parse a value before they write it (CVE-2024-6923). A header
object with a `name` and a `fold` method is taken as it is (documented in `email.policy.EmailPolicy`).
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from email.policy import Policy

LINE_LENGTH = 76
_ENCODED_WORD_LIMIT = 75  # RFC 2047 §2
_PLAIN_IN_Q = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")  # RFC 2047 §5 (3)


class WireHeader(str):
    """A header's readable value, which also knows its exact lines on the wire."""

    name: str
    lines: tuple[str, ...]

    def __new__(cls, name: str, value: str, lines: tuple[str, ...]) -> WireHeader:
        header = super().__new__(cls, value)
        header.name = name
        header.lines = lines
        return header

    def fold(self, *, policy: Policy) -> str:
        """The header as `email` writes it, name and line end included."""
        return f"{self.name}: {(policy.linesep + ' ').join(self.lines)}{policy.linesep}"


def text_header(name: str, value: str) -> WireHeader:
    """An unstructured header (Subject). `value` is one line, as `header_text` gives it."""
    return WireHeader(name, value, _text_lines(value, len(name) + 2))


def address_header(name: str, display_name: str, address: str) -> WireHeader:
    """A header with one address (From, To). `address` is ASCII."""
    if not display_name:
        return WireHeader(name, address, (address,))
    quoted = '"' + display_name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    plain = display_name.isascii() and len(quoted) + len(name) < LINE_LENGTH
    words = (quoted,) if plain else _encoded_words(display_name, len(name) + 2)
    return WireHeader(name, f"{quoted} <{address}>", _folded((*words, f"<{address}>"), len(name) + 2))


def token_header(name: str, *parts: str) -> WireHeader:
    """A header of ASCII `parts` that must not be broken or encoded themselves (URLs, ids, dates)."""
    return WireHeader(name, " ".join(parts), _folded(parts, len(name) + 2))


def quoted_printable(text: str) -> str:
    """`text` as UTF-8 quoted-printable (RFC 2045 §6.7): ASCII, lines of at most 76 characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return binascii.b2a_qp(lines.encode("utf-8", "replace"), istext=True).decode("ascii")


def _text_lines(value: str, used: int) -> tuple[str, ...]:
    words = value.split(" ")
    if not value.isascii() or any(len(word) > LINE_LENGTH - used for word in words):
        return _encoded_words(value, used)
    return _folded(words, used)


def _folded(words: Sequence[str], used: int) -> tuple[str, ...]:
    """`words` on as few lines as they fit on, the first of which has `used` characters already."""
    lines = [""]
    for word in words:
        room = LINE_LENGTH - (used if len(lines) == 1 else 1)
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return tuple(lines)


def _encoded_words(value: str, used: int) -> tuple[str, ...]:
    """RFC 2047 "Q" words, none longer than allowed and none ending inside a character."""
    prefix, suffix = "=?utf-8?q?", "?="
    words = [""]
    room = min(_ENCODED_WORD_LIMIT, LINE_LENGTH - used) - len(prefix) - len(suffix)
    for character in value:
        encoded = _q_encoded(character)
        if len(words[-1]) + len(encoded) > room:
            words.append("")
            room = _ENCODED_WORD_LIMIT - len(prefix) - len(suffix)
        words[-1] += encoded
    return tuple(prefix + word + suffix for word in words)


def _q_encoded(character: str) -> str:
    if character == " ":
        return "_"
    return "".join(chr(b) if b in _PLAIN_IN_Q else f"={b:02X}" for b in character.encode("utf-8", "replace"))
