"""Bytes that are no page at all, told by how they begin."""

from __future__ import annotations

_SIGNATURES = (
    (b"%PDF-", "a PDF, not a page"),
    (b"\x89PNG", "an image, not a page"),
    (b"\xff\xd8\xff", "an image, not a page"),
    (b"GIF8", "an image, not a page"),
    (b"RIFF", "a media file, not a page"),
    (b"\x00\x00\x00\x18ftyp", "a video, not a page"),
    (b"ID3", "a sound file, not a page"),
    (b"PK\x03\x04", "an archive or office document, not a page"),
    (b"\xd0\xcf\x11\xe0", "an office document, not a page"),
    (b"\x1f\x8b", "a compressed file, not a page"),
    (b"\x28\xb5\x2f\xfd", "a compressed file, not a page"),
)
_FOREIGN_TYPES = (
    "application/pdf",
    "image/",
    "video/",
    "audio/",
    "application/zip",
    "application/octet-stream",
)
_WINDOW = 2048
_CONTROL = bytes([*range(9), *range(14, 27)])
_MOST_CONTROL = 0.05  # share of control characters that no text in a one-byte or UTF-8 charset has


def foreign_format(data: bytes, content_type: str) -> str:
    """One line on what the bytes are in place of a page; "" where they may be one."""
    start = data[:_WINDOW].lstrip()
    if not start:
        return "the page is empty"
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16, full of NUL bytes
        return ""
    control = len(start) - len(start.translate(None, _CONTROL))
    if control > len(start) * _MOST_CONTROL:
        return "binary data, not a page"
    stated = content_type.partition(";")[0].strip().lower()
    if stated.startswith(_FOREIGN_TYPES) and b"<" not in start:
        return f"stated as {stated}, not a page"
    return ""
