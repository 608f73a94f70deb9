"""Bytes of a page → text, in the order browsers use."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CENTRAL_EUROPEAN = re.compile(rb"<html[^>]*\blang\s*=\s*[\"']?(?:pl|cs|sk|hu|ro|hr|sl|tr|lt|lv|et)\b", re.IGNORECASE)
_META_WINDOW = 4096  # the standard asks for 1024 bytes; real pages are later than that

# Labels whose meaning on the web differs from Python's, from the WHATWG Encoding Standard.
_WEB_LABELS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "l1": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "korean": "cp949", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "big5": "big5hkscs", "x-mac-cyrillic": "mac-cyrillic",
    "unicode": "utf-8", "utf8": "utf-8", "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8",
}  # fmt: skip
# Python calls these codecs too; no page is in one.
_NO_CHARSETS = {
    "utf-7",
    "idna",
    "punycode",
    "unicode-escape",
    "unicode_escape",
    "raw-unicode-escape",
    "raw_unicode_escape",
}
# One character of these charsets in seven (of GB2312's pairs, by their numbers) is valid UTF-8 by accident, four in a
# row without one that is not are one page in two thousand.
_FEWEST_BEYOND = 4
_MULTIBYTE = {"gb18030", "cp949", "cp932", "big5hkscs", "euc_jp", "euc-jp", "iso2022_jp", "iso-2022-jp"}


def decode_page(data: bytes, content_type: str = "") -> str:
    """Text of a page: byte order mark, then header, then <meta>, then UTF-8 if valid, then detection.

    One step away from browsers: bytes that are valid UTF-8 with characters beyond ASCII are UTF-8 whatever is declared,
    since text in another charset is practically never valid UTF-8; under a declared Chinese, Japanese or Korean one,
    only with `_FEWEST_BEYOND` such characters. Bytes that fit no charset become U+FFFD; nothing is raised.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    declared = declared_charset(data, content_type)
    text = _as_utf8(data)
    if text is not None and (declared not in _MULTIBYTE or _beyond_ascii(text) >= _FEWEST_BEYOND):
        return text
    if declared and declared != "utf-8":
        told = data.decode(declared, "replace")
        if told.count("\ufffd") * 100 <= len(told):
            return told
    if text is not None:
        return text
    if _mostly_utf8(data):
        return data.decode("utf-8", "replace")
    return data.decode(_detect(data), "replace")


def declared_charset(data: bytes, content_type: str) -> str | None:
    """Python's name of the charset the header or the page's start declares; None if none or unknown."""
    found = _CHARSET.search(content_type)
    labels = [found[1]] if found else []
    labels += [match[1].decode("ascii", "replace") for match in _META_CHARSET.finditer(data[:_META_WINDOW])]
    for label in labels:
        name = _WEB_LABELS.get(label.lower(), label.lower())
        try:
            info = codecs.lookup(name)
            b"a".decode(name, "replace")  # refuses codecs that do not make text of bytes; of no bytes all do
        except (LookupError, UnicodeError, ValueError):
            continue
        if info.name not in _NO_CHARSETS:
            return name
    return None


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A page cut at the size limit may end inside a character.
        return data.decode("utf-8", "replace") if error.reason == "unexpected end of data" else None


def _mostly_utf8(data: bytes) -> bool:
    """A few broken bytes in a page that otherwise has many valid multi-byte characters."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    beyond = _beyond_ascii(text) - broken
    return broken * 10 <= beyond


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _detect(data: bytes) -> str:
    from charset_normalizer import from_bytes  # 8 MB that only undeclared, non-UTF-8 pages need

    # Markup is ASCII and tells nothing: judge the runs that carry the bytes in question.
    text = re.sub(rb"<[^>]*>", b" ", data[:200_000])
    found = from_bytes(text[:20_000]).best()
    if found is None:
        return "cp1252"
    # Between the one-byte Latin charsets statistics only guess: browsers say windows-1252 unless the language speaks.
    latin = sum("a" <= char.lower() <= "z" for char in str(found)) * 2 > sum(map(str.isalpha, str(found)))
    return "cp1252" if latin and not _CENTRAL_EUROPEAN.search(data[:_META_WINDOW]) else found.encoding
