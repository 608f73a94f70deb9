"""Takes out of a document what makes XML parsers fail, fetch or explode, before one sees it."""

from __future__ import annotations

import html
import io
import re
from bisect import bisect
from dataclasses import dataclass
from itertools import islice, pairwise

from worker.feeds.sections import end_sections, hide_sections

MAX_ENTRIES = 2_000

_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
# A character beyond U+FFFF written as two UTF-16 halves, as many publishing systems do with emoji.
_SURROGATE_PAIR = re.compile(
    r"&#([xX][dD][89abAB][0-9a-fA-F]{2}|5[56][0-9]{3});&#([xX][dD][c-fC-F][0-9a-fA-F]{2}|5[67][0-9]{3});"
)
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
# Runs of pieces, for `_skip`: no repeated group is possessive (Python before 3.11.5 finds nothing with those,
# python/cpython#106052), and none is unbounded (each round of an atomic group is remembered until its end).
_DECLARED = re.compile(r"(?>(?:[^\[>\"']++|\"[^\"]*+\"|'[^']*+'){1,1000})")
_SUBSET = re.compile(r"(?>(?:[^\]\"'<]++|\"[^\"]*+\"|'[^']*+'|<!--(?>.*?-->)|<(?!!--)){1,1000})", re.DOTALL)
_NOT_ROOT = re.compile(
    r"(?>(?:[^<]++|<\?(?>.*?\?>)|<!--(?>.*?-->)|<!(?!--)[^>]*+>|<(?![A-Za-z_?!])){1,1000})", re.DOTALL
)
_ATTRIBUTES = re.compile(r"(?>(?:[^>\"'/]++|\"[^\"]*+\"|'[^']*+'|/(?!>)){1,1000})")
_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]{1,40})\s+(?:\"([^\"&%<]{0,200})\"|'([^'&%<]{0,200})')\s*>")
_CHARACTER_ENTITY = re.compile(r"<!ENTITY\s+([\w.-]{1,40})\s+[\"'](&#\w{1,8};)[\"']\s*>")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[(?s:.*?)(?:\]\]>|\Z)|&(?:(?P<name>[A-Za-z_][\w.-]*);|(?!#(?:[0-9]+|[xX][0-9a-fA-F]+);))"
)
_OWN_TO_XML = frozenset({"lt", "gt", "amp", "quot", "apos"})
_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)")
_ENTRY_START = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_WHOLE_LINK = re.compile(r"</(?:\w+:)?link\s*>|<(?:\w+:)?link\s(?=[^<>]*?href)[^<>]*+>", re.IGNORECASE)
_TAG_NAME = re.compile(r"</?[A-Za-z_][\w:.-]*")
_TAG_END = re.compile(r"/?>")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_MAX_ATTRIBUTES = 100
_MAX_BARE = 20_000  # characters of a tag outside quotes, of which feedparser remembers each with 150 bytes
_MAX_TAGS = 100_000  # outside of sections: feedparser takes 30 µs for one, and 2,000 entries have 40,000
_MAX_DEPTH = 500  # of elements within an entry; no publisher comes near, and parsers pay for each level
# Long enough to hold so many attributes.
_LONG_PIECE = re.compile(f"<[^<]{{{6 * _MAX_ATTRIBUTES},}}+")
_MARK = re.compile(r"<(/|!\[CDATA\[|!--|[A-Za-z_])")
_END_OF_MARK = {"![CDATA[": "]]>", "!--": "-->"}
_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>")


@dataclass(frozen=True, slots=True)
class DefusedDocument:
    """XML text without declaration, DOCTYPE and impossible characters; `cut` says entries were left out."""

    text: str
    troubles: tuple[str, ...] = ()
    cut: bool = False


def defuse(text: str) -> DefusedDocument:
    """Make XML text harmless without touching anything a reader would miss.

    The DOCTYPE goes (with it external references and nested entities; short literal entities it declares
    are put in place), character references to no character become U+FFFD, ampersands that begin no reference are
    escaped, control characters and what stands before the first tag go, CDATA sections and comments end before they
    take in another entry, and entries beyond `MAX_ENTRIES` or a hundred thousand tags are cut out.
    """
    troubles: list[str] = []
    text = scrub(text)
    text, entities = _without_doctype(text[max(text.find("<"), 0) :])
    if entities is not None:
        troubles.append("its DOCTYPE was left out")
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() if declaration else 0 :].lstrip()
    text, kept, left_out = _cut_entries(end_sections(text))
    if left_out:
        troubles.append(f"{left_out} entries beyond the first {kept:,} were left out")
    text, stripped = _without_attribute_floods(text)
    if stripped:
        troubles.append("elements with hundreds of attributes, or endless ones, lost them")
    text, flattened = _flatten(text)
    if flattened:
        troubles.append(f"elements nested deeper than {_MAX_DEPTH} levels were left out, their text was kept")
    if "&#" in text:
        text = _REFERENCE.sub(_valid_reference, _SURROGATE_PAIR.sub(_joined_pair, text))
    text = _expand(text, entities or {})
    return DefusedDocument(text, tuple(troubles), cut=left_out > 0)


def scrub(text: str) -> str:
    """Remove characters that neither XML nor a database can hold (C0 controls, lone surrogates, U+FFFE/F)."""
    return _FORBIDDEN.sub("", text)


def root_name(text: str) -> str:
    """Return the lower-case local name of the first element, or empty where there is none."""
    found = _ROOT.match(text, _skip(_NOT_ROOT, text, 0))
    return found.group(1).rpartition(":")[2].lower() if found else ""


def without_half_entry(text: str) -> str:
    """Drop a last entry that breaks off before its link is whole: half an address leads elsewhere."""
    last_end = max((found.end() for found in _ENTRY_END.finditer(text)), default=0)
    start = _ENTRY_START.search(text, last_end)
    if not last_end or start is None or _WHOLE_LINK.search(text, start.start()):
        return text
    return text[: start.start()]


def _skip(pieces: re.Pattern[str], text: str, at: int) -> int:
    """Return where the run of `pieces` ends that begins `at` that place."""
    while found := pieces.match(text, at):
        at = found.end()
    return at


def _doctype_end(text: str, start: int) -> int:
    """Return where the DOCTYPE ends that starts there; one that is never closed, at its first ">" or with the text."""
    at = _skip(_DECLARED, text, start)
    if text.startswith("[", at):
        at = _skip(_SUBSET, text, at + 1)
        at = text.find(">", at) if text.startswith("]", at) else -1
    if at < 0 or not text.startswith(">", at):
        at = text.find(">", start)
    return at + 1 or len(text)


def _without_doctype(text: str) -> tuple[str, dict[str, str] | None]:
    start = _DOCTYPE.search(text)
    root = _ROOT.search(text)
    if start is None or (root is not None and root.start() < start.start()):
        return text, None
    end = _doctype_end(text, start.start())
    subset = text[start.start() : end]
    entities = {name: one or two for name, one, two in _ENTITY.findall(subset)}
    entities |= {name: html.unescape(value) for name, value in _CHARACTER_ENTITY.findall(subset)}
    return text[: start.start()] + text[end:], entities


def _expand(text: str, entities: dict[str, str]) -> str:
    """Replace named references outside CDATA, so that strict XML can be read without the DTD they need.

    An ampersand that begins no reference is one: "AT&T", "?id=7&lang=es".
    """

    def replace(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None:
            return "&amp;" if found.group() == "&" else found.group()
        if name in _OWN_TO_XML:
            return found.group()
        if name in entities:
            return html.escape(entities[name], quote=True)
        character = html.unescape(found.group())
        return character if character != found.group() else f"&amp;{name};"

    return _AMPERSAND.sub(replace, text)


def _without_attribute_floods(text: str) -> tuple[str, bool]:
    """Strip tags of attributes by the hundred, and of endless ones: feedparser takes time by the square of their
    number, and memory by the length of what stands outside quotes. What looks like such a tag and never ends is text.
    """
    stripped = False

    def strip(found: re.Match[str]) -> str:
        nonlocal stripped
        piece, name = found.group(), _TAG_NAME.match(found.group())
        if name is None:
            return piece
        end = _TAG_END.match(piece, _skip(_ATTRIBUTES, piece, name.end()))
        tag = piece[: end.start()] if end else piece
        endless = len(tag) > _MAX_BARE and len(_QUOTED.sub("", tag)) > _MAX_BARE
        if not endless and (end is None or _count_quotes(tag) <= 2 * _MAX_ATTRIBUTES):
            return piece
        stripped = True
        return name.group() + piece[end.start() :] if end and name.end() <= _MAX_BARE else "&lt;" + piece[1:]

    return _LONG_PIECE.sub(strip, text), stripped


def _count_quotes(tag: str) -> int:
    return tag.count('"') + tag.count("'")


def _flatten(text: str) -> tuple[str, bool]:
    """Take out the tags that are nested too deep in their entry; what stands between them is kept."""
    starts = [found.start() for found in _ENTRY_START.finditer(text)]
    if all(text.count("<", start, end) <= _MAX_DEPTH for start, end in pairwise([0, *starts, len(text)])):
        return text, False
    flat, written, depth, at = io.StringIO(), 0, 0, 0
    while mark := _MARK.search(text, at):
        end = text.find(_END_OF_MARK.get(mark[1], ">"), mark.end() - 1)
        at = end + 1 if end >= 0 else len(text)
        if mark[1] in _END_OF_MARK or text[at - 2] == "/":  # within CDATA and comments nothing nests, nor in "<br/>"
            continue
        if mark[1] != "/":
            depth = 0 if _ENTRY_START.match(text, mark.start()) else depth + 1
        if depth > _MAX_DEPTH:
            flat.write(text[written : mark.start()])
            written = at
        depth -= mark[1] == "/"
    flat.write(text[written:])
    return flat.getvalue(), written > 0


def _joined_pair(found: re.Match[str]) -> str:
    high, low = (_number(half) for half in found.groups())
    if 0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF:
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return found.group()


def _number(reference: str) -> int:
    return int(reference[1:], 16) if reference[0] in "xX" else int(reference)


def _valid_reference(found: re.Match[str]) -> str:
    hexadecimal, decimal = found.groups()
    digits = (hexadecimal or decimal).lstrip("0")
    code = int(digits or "0", 16 if hexadecimal else 10) if len(digits) <= 7 else 0x110000
    if code > 0x10FFFF or _FORBIDDEN.match(chr(code)):
        return "\ufffd"
    return found.group()


def _cut_entries(text: str) -> tuple[str, int, int]:
    """Return the text with no more entries and tags than are read, how many entries are left, and how many went."""
    starts = [found.start() for found in _ENTRY_START.finditer(text)]
    end = _end_of_tags(text)
    kept = min(len(starts), MAX_ENTRIES if end is None else max(bisect(starts, end) - 1, 0), MAX_ENTRIES)
    if kept == len(starts):
        return text[:end], kept, 0
    first = min(starts[kept], end or len(text))
    ends = [found.end() for found in _ENTRY_END.finditer(text, starts[kept])]
    return text[:first] + text[ends[-1] if ends else len(text) :], kept, len(starts) - kept


def _end_of_tags(text: str) -> int | None:
    """Return where the tags begin that are too many, if there are so many."""
    if text.count("<") <= _MAX_TAGS:
        return None
    tags = hide_sections(text)
    return next((found.start() for found in islice(re.finditer("<", tags), _MAX_TAGS, None)), None)
