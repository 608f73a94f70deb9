"""What hostile inputs are made of: ordinary words, units that repeated cost much, odd characters, broken bytes."""

from __future__ import annotations

import encodings
import pkgutil
from collections.abc import Mapping, Sequence
from random import Random

LONG = 40_000
"""Characters of a field that is to be long: enough for what is quadratic to take seconds."""

UNITS = (
    "a", "A", "9", " ", "a ", "a | ", "a - ", "a, ", "a; ", "A. B. ", "by ", " and ", "Anna Berg, ", "|", "-", "–",
    ":", ". ", "<", ">", "<b>", "</b>", "<a href=x>", "<p>", "<div>", "<!--", "]]>", "<![CDATA[", "&", "&amp;", "&#",
    "&#x41;", "&lt;", "(", "((a ", "[", "{", '{"a":', '"', "'", "\\", "\\u0041", "%", "%41", "/", "//", "../", "?a=",
    "&a=1", "#", "@", "a@b.c ", "http://", "https://a.b/c ", "=?utf-8?q?", "2026-01-01 ", "1 May 2026 ", "May ",
    "10:00 ", "1,234.5 ", "+01:00", "T", "Z", "\n", "\n\n", "\r", "\t", "á", "a\u0301", "\u0301", "ñ", "ß", "İ", "ﬁ",
    "単", "ا", "\u202e", "\u200b", "\u200d", "\u00a0", "\ufeff", "\ufffd", "\x00", "\x1b[31m", "😀",
    "👩\u200d👩\u200d👧 ", "AND ", "OR ", "NOT ", "NEAR/3 ", "a* ", '"a b"~2 ', "lang:en ", "title:", "$a ", "*", "?",
    "~", "Disallow: /*", "User-agent: *\n", "a=1\n", "[a]\n", "[[a]]\n", "'''", '"""',
)  # fmt: skip

COSTLY = (
    "a", "a | ", "Anna Berg, ", " and ", "<", "<b>", "(", "1 ", "&", "- ", "A. ", "\n", "a\u0301",
    '"', "2026-01-01 ", "by ",
)  # fmt: skip
"""Those that patterns and loops over a field most often choke on."""

WORDS = (
    "ferry", "harbour", "migrants", "crossed", "border", "Texas", "Monday", "police", "said", "mayor", "storm",
    "bridge", "closed",
    "Juárez", "deportados", "albergue", "frontera", "lluvia", "alcalde", "dijo", "the", "of", "and", "in", "a",
    "el", "la", "de",
    "que", "12", "2026", "March", "marzo",
)  # fmt: skip

CODECS = (
    *sorted({module.name for module in pkgutil.iter_modules(encodings.__path__)} | set(encodings.aliases.aliases)),
    "", "utf-8", "UTF8", "utf-16", "x-user-defined", "unknown-8bit", "none", "\x00", "a" * 300, "iso-8859-8-i", "utf-7",
)  # fmt: skip
"""Names of codecs as pages and feeds state them; Python's own, which are not all for text, among them."""

_ENCODABLE = (
    "utf-8", "utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp1251", "shift_jis", "gb18030", "utf-7", "cp037",
)  # fmt: skip


def repeated(unit: str, length: int) -> str:
    """The unit, over and over, to that length."""
    return (unit * (length // len(unit) + 1))[:length]


def length_of(lot: Random, most: int) -> int:
    """A length up to `most`, as often of one size as of another."""
    return int(2 ** lot.uniform(0, most.bit_length() - 1))


def words(lot: Random, most: int = 60) -> str:
    """Ordinary prose."""
    return " ".join(lot.choices(WORDS, k=lot.randint(1, most))).capitalize() + lot.choice((".", "", "!", "…"))


def odd(lot: Random, most: int = LONG) -> str:
    """Text as nobody writes it: of one unit or a mixture, nested, or of any characters."""
    way, length = lot.random(), length_of(lot, most)
    if way < 0.45:
        return repeated(lot.choice(UNITS), length)
    if way < 0.7:
        return "".join(lot.choices(UNITS, k=min(length, 2_000)))
    if way < 0.8:
        opening, closing = lot.choice(
            (("(", ")"), ("[", "]"), ("<div>", "</div>"), ('{"a":', "}"), ("<b", ">"), ('"', '"'))
        )
        depth = min(length, 5_000)
        return opening * depth + words(lot, 3) + closing * lot.choice((depth, depth // 2, 0))
    if way < 0.9:
        return f"{words(lot, 5)}{repeated(lot.choice(UNITS), length)}{words(lot, 5)}"
    ranges = ((0, 0x250), (0, 0xD800), (0xE000, 0x110000))  # without halves of surrogate pairs
    return "".join(chr(lot.randrange(*lot.choice(ranges))) for _ in range(min(length, 300)))


def field(lot: Random, most: int = LONG) -> str:
    """What stands in a field: mostly words, sometimes not."""
    return words(lot, 12) if lot.random() < 0.8 else odd(lot, most)


def filled(lot: Random, template: str, ordinary: Mapping[str, str], most: int = LONG) -> str:
    """The template with its fields, `‹name›` each: a few of them odd, up to that length; none where it is 0."""
    names = list(ordinary)
    strange = set(lot.sample(names, k=min(len(names), lot.choice((0, 1, 1, 2, 4))))) if most else set()
    for name in names:
        template = template.replace(f"‹{name}›", odd(lot, most) if name in strange else ordinary[name])
    return template


def broken(lot: Random, document: bytes, *, share: float = 0.5) -> bytes:
    """The document, and in that share of cases what transmission and bad programs make of it."""
    if lot.random() > share or not document:
        return document
    for _ in range(lot.randint(1, 6)):
        at, to = sorted(lot.choices(range(len(document) + 1), k=2))
        to = min(to, at + 2_000)
        piece = document[at:to]
        way = lot.randrange(7)
        if way == 0:
            document = document[:at]
        elif way == 1:
            document = document[:at] + document[to:]
        elif way == 2:
            document = document[:at] + piece * lot.choice((2, 9, 60)) + document[to:]
        elif way == 3:
            document = document[:at] + lot.randbytes(lot.randint(1, 20)) + document[at:]
        elif way == 4:
            document = document[:at] + lot.choice(UNITS).encode("utf-8") * lot.randint(1, 300) + document[at:]
        elif way == 5:
            document = document[:at] + b"\0" * lot.randint(1, 9) + document[at:]
        else:
            document = document[:at] + bytes(byte ^ (1 << lot.randrange(8)) for byte in piece[:9]) + document[at + 9 :]
    return document


def encoded(lot: Random, text: str) -> bytes:
    """The text in UTF-8, or sometimes in another encoding, whatever it says of itself."""
    name = "utf-8" if lot.random() < 0.8 else lot.choice(_ENCODABLE)
    return text.encode(name, lot.choice(("replace", "ignore", "xmlcharrefreplace")))


def one_of(lot: Random, ordinary: Sequence[str], most: int = 3_000) -> str:
    """One of these, or something odd in its place or behind it."""
    way = lot.random()
    if way < 0.6:
        return lot.choice(ordinary)
    return odd(lot, most) if way < 0.8 else lot.choice(ordinary) + odd(lot, most)
