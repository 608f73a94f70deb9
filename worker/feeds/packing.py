"""Documents that were packed as files and are sent as they lie on the disk: no header says so."""

from __future__ import annotations

import zlib

from worker.errors import DocumentError

MAX_UNPACKED = 32 * 1024 * 1024
"""Bytes: more than any feed or news sitemap of 2,000 entries takes, and little for a process that may use 512 MB."""

_GZIP = b"\x1f\x8b"
_LAYERS = 2  # servers pack once more what was packed already
_MOST_MEMBERS = 100  # thousands of empty ones would cost much time and give nothing


def unpack(document: bytes) -> bytes:
    """Undo up to two layers of gzip (RFC 1952); anything else is returned as it is.

    What can be read of a file that ends early is returned. Raises DocumentError `unreadable` for one that is broken
    from its start, or unpacks to more than `MAX_UNPACKED`.
    """
    for _ in range(_LAYERS):
        if not document.startswith(_GZIP):
            break
        document = _gunzip(document)
    return document


def _gunzip(packed: bytes) -> bytes:
    parts: list[bytes] = []
    room = MAX_UNPACKED
    for _ in range(_MOST_MEMBERS):
        decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            parts.append(decoder.decompress(packed, room))
        except zlib.error as fault:
            if not any(parts):
                raise DocumentError("unreadable", f"gzip data that cannot be unpacked: {fault}") from fault
            break
        room -= len(parts[-1])
        if decoder.unconsumed_tail or not room:
            raise DocumentError("unreadable", f"gzip data that unpacks to more than {MAX_UNPACKED:,} bytes")
        packed = decoder.unused_data
        if not packed.startswith(_GZIP):
            break
    return b"".join(parts)
