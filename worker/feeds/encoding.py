"""Which characters a fetched document's bytes mean."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# The superset a label means in practice (WHATWG Encoding Standard, "names and labels").
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
# Python codecs that are no character sets, or that hide markup from whoever looks at the bytes.
_REFUSED = {"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "mbcs", "oem"}
_MULTIBYTE = re.compile(r"gb|big5|cp9(?:32|49|50)|euc|shift|sjis|iso2022|hz|johab")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<" and one more character, as XML 1.0 appendix F tells encodings without a byte order mark apart; or "{" and '"'.
_WIDE = (
    (re.compile(rb"(?:\0{3}\s)*\0{3}[<{]\0{3}[^\0]"), "utf-32-be"),
    (re.compile(rb"(?:\s\0{3})*[<{]\0{3}[^\0]\0{3}"), "utf-32-le"),
    (re.compile(rb"(?:\0\s)*\0[<{]\0[^\0]"), "utf-16-be"),
    (re.compile(rb"(?:\s\0)*[<{]\0[^\0]\0"), "utf-16-le"),
)
_IS_WIDE = re.compile(r"utf-(?:16|32)")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SURROGATE_BYTES = re.compile(rb"(?:\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf]|\xed[\xa0-\xbf])[\x80-\xbf]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SNIFFED = 65_536
# Statistics tell scripts apart, hardly Latin alphabets, and neither from a few words.
_GUESSABLE = ["cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "tis_620", "cp932", "euc_jp", "cp949"]
_GUESSABLE += ["gb18030", "big5hkscs", "cp1252"]
_ENOUGH_TO_GUESS = 64


@dataclass(frozen=True, slots=True)
class DecodedDocument:
    """A document as text, the encoding it was read in, with a remark where it was not the stated one."""

    text: str
    encoding: str
    trouble: str = ""


def decode_document(document: bytes, content_type: str = "") -> DecodedDocument:
    """Read bytes as text; never fails, since a damaged character is better than a lost feed.

    Order: byte order mark, NUL pattern of UTF-16/32, then the charset of the Content-Type header, then
    the XML declaration (RFC 7303, section 3). Bytes that are valid UTF-8 are UTF-8 whatever a label for a
    one-byte encoding says, and a document mostly in UTF-8 keeps its stray Latin-1 bytes as characters.
    """
    for mark, encoding in _MARKS:
        if document.startswith(mark):
            document = document[len(mark) :]
            if encoding != "utf-8" or _decodes(document, encoding):
                return _decode_as(document, encoding)
            break  # the mark of whoever glued it on; the rest has to speak for itself
    for pattern, encoding in _WIDE:
        if pattern.match(document):
            return _decode_as(document, encoding)
    stated = [_charset_of(content_type), _declared(document)]
    for name in stated:
        codec = known_codec(name)
        if codec and _MULTIBYTE.match(codec) and _decodes(document, codec):
            return DecodedDocument(document.decode(codec), codec)
    # A label that can be read byte by byte is wrong where it says that characters take two bytes or four.
    known = (known_codec(name) for name in stated)
    first = next((codec for codec in known if codec and not _IS_WIDE.match(codec)), "")
    found = _decode_bytewise(document, first)
    unknown = next((name for name in stated if name and not known_codec(name)), "")
    if unknown and not found.trouble:
        return DecodedDocument(found.text, found.encoding, f"charset {unknown!r} is unknown; read as {found.encoding}")
    return found


def known_codec(name: str) -> str:
    """Python's name for a character set (its practical superset), or empty where there is none."""
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    # zlib_codec and its like are codecs, but turn bytes into bytes.
    if not getattr(codec, "_is_text_encoding", True) or codec.name.replace("_", "-") in _REFUSED:
        return ""
    return _SUPERSETS.get(codec.name, codec.name)


def _charset_of(content_type: str) -> str:
    found = _CHARSET.search(content_type)
    return found.group(1) if found else ""


def _declared(document: bytes) -> str:
    found = _DECLARED.search(document[:1024].lstrip())
    return found.group(1).decode("ascii") if found else ""


def _decodes(document: bytes, encoding: str) -> bool:
    try:
        document.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _decode_as(document: bytes, encoding: str) -> DecodedDocument:
    text = document.decode(encoding, "replace")
    return DecodedDocument(text, encoding, "some bytes were unreadable" if "\ufffd" in text else "")


def _decode_bytewise(document: bytes, stated: str) -> DecodedDocument:
    """Decode what is UTF-8 or a one-byte encoding; `stated` is the codec the document or its host names."""
    if _decodes(document, "utf-8"):
        return DecodedDocument(document.decode("utf-8"), "utf-8")
    # Nobody says it is anything else: then one sequence in four is no accident, as it is hardly ever one in others.
    weight = 3 if stated in ("", "utf-8") else 1
    if _mostly_utf8(document, weight):
        text = document.decode("utf-8", _keep_stray_bytes.__name__)
        return DecodedDocument(text, "utf-8", "bytes that are not UTF-8 were read as windows-1252")
    if not stated or stated == "utf-8":
        guess = _guess(document)
        return DecodedDocument(document.decode(guess, "replace"), guess, f"no valid charset; read as {guess}")
    if stated == "cp1252" and not _decodes(document, "cp1252"):
        return DecodedDocument(document.decode("latin-1"), "latin-1")
    text = document.decode(stated, "replace")
    return DecodedDocument(text, stated, "some bytes were unreadable" if "\ufffd" in text else "")


def _mostly_utf8(document: bytes, weight: int) -> bool:
    valid = broken = 0
    for run in _HIGH_RUN.finditer(document):
        if _UTF8_SEQUENCE.sub(b"", run.group()):
            broken += 1
        else:
            valid += 1
    return weight * valid > broken


def _guess(document: bytes) -> str:
    """Name the encoding of bytes that no valid label speaks for: windows-1252 unless another script shows."""
    high = _HIGH_RUN.search(document)
    if high is None or sum(map(len, _HIGH_RUN.findall(document))) < _ENOUGH_TO_GUESS:
        return "cp1252"
    from charset_normalizer import from_bytes  # only the rare unlabelled document pays for it

    start = max(0, high.start() - 256)
    best = from_bytes(document[start : start + _SNIFFED], cp_isolation=_GUESSABLE).best()
    return (known_codec(best.encoding) if best is not None else "") or "cp1252"


def _keep_stray_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    half = _SURROGATE_BYTES.match(error.object, error.start)
    if half:  # UTF-16 halves in UTF-8 dress (CESU-8): two make a character, one makes none
        text = half.group().decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
        return text.decode("utf-16", "replace"), half.end()
    stray = error.object[error.start : error.start + 1]
    try:
        return stray.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return "\ufffd", error.start + 1


codecs.register_error(_keep_stray_bytes.__name__, _keep_stray_bytes)
