"""Undoing one layer of Content-Encoding, as a stream that stops at a bound.

Bombs unpack at up to a million to one, so every decoder is asked for a little at a time and the
sum is checked before it asks again.
"""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator

ACCEPTED = "gzip, deflate, br, zstd"

_STEP = 65_536  # bytes out of a decoder at a time
_ZSTD_WINDOW_LOG = 23  # 8 MB, the bound RFC 9659 sets for zstd as a content coding
_MOST_MEMBERS = 100  # a body of thousands of empty ones would cost much time and give nothing
_AS_IS = frozenset(("", "identity", "none"))


class CodingError(ValueError):
    """The body is not what its Content-Encoding says."""


class BodyTooLargeError(ValueError):
    """The body unpacks to more than is wanted."""


def undo(body: bytes, encodings: str, *, at_most: int) -> bytes:
    """Decode a body by its Content-Encoding field (lines joined by commas). `at_most` is in bytes.

    A field that names a coding nobody knows (servers write "utf-8" there) says nothing of the body, as in browsers.
    Raises `CodingError` for a coding that is broken or one of several; `BodyTooLargeError`.
    """
    layers = [name for name in (part.strip().lower() for part in encodings.split(",")) if name not in _AS_IS]
    if not all(name in _DECODERS for name in layers):
        layers = []
    if len(layers) > 1:
        raise CodingError(f"{len(layers)} layers of content encoding")
    if layers and body:
        return _gather(_DECODERS[layers[0]](body), at_most)
    if len(body) > at_most:
        raise BodyTooLargeError(f"more than {at_most} bytes")
    return body


def _gather(pieces: Iterable[bytes], at_most: int) -> bytes:
    whole = io.BytesIO()  # hands out its bytes without copying them
    for piece in pieces:
        if whole.tell() + len(piece) > at_most:
            raise BodyTooLargeError(f"more than {at_most} bytes unpacked")
        whole.write(piece)
    return whole.getvalue()


def _gunzip(body: bytes) -> Iterator[bytes]:
    """All members of a gzip stream (RFC 1952); what follows the last one is ignored, as browsers do."""
    rest = body
    for _ in range(_MOST_MEMBERS):
        rest = yield from _inflate(rest, 31)
        if rest[:2] != b"\x1f\x8b":
            return
    raise CodingError(f"more than {_MOST_MEMBERS} gzip members")


def _deflate(body: bytes) -> Iterator[bytes]:
    """zlib's format as RFC 9110 has it, or the bare stream that some servers send under the same name."""
    has_zlib_header = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    yield from _inflate(body, 15 if has_zlib_header else -15)


def _inflate(body: bytes, window: int) -> Generator[bytes, None, bytes]:
    decoder = zlib.decompressobj(window)
    try:
        while not decoder.eof:
            piece = decoder.decompress(body, _STEP)
            body = decoder.unconsumed_tail
            if not piece and not body and not decoder.eof:
                raise CodingError("the compressed body is cut short")
            yield piece
    except zlib.error as error:
        raise CodingError(str(error)) from error
    return decoder.unused_data


def _unbrotli(body: bytes) -> Iterator[bytes]:
    import brotli  # like zstd below: only where a server uses it

    decoder = brotli.Decompressor()
    try:
        piece = decoder.process(body, output_buffer_limit=_STEP)
        while piece or not decoder.is_finished():
            if not piece and decoder.can_accept_more_data():
                raise CodingError("the compressed body is cut short")
            yield piece
            piece = b"" if decoder.is_finished() else decoder.process(b"", output_buffer_limit=_STEP)
    except brotli.error as error:
        raise CodingError(str(error)) from error


def _unzstd(body: bytes) -> Iterator[bytes]:
    """All frames, one after the other (RFC 8878)."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    window = {int(zstd.DecompressionParameter.window_log_max): _ZSTD_WINDOW_LOG}
    rest = body
    try:
        for _ in range(_MOST_MEMBERS):
            if not rest:
                return
            frame = zstd.ZstdDecompressor(options=window)
            yield frame.decompress(rest, _STEP)
            while not frame.eof:
                if frame.needs_input:
                    raise CodingError("the compressed body is cut short")
                yield frame.decompress(b"", _STEP)
            rest = frame.unused_data
    except zstd.ZstdError as error:
        raise CodingError(str(error)) from error
    raise CodingError(f"more than {_MOST_MEMBERS} zstd frames")


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
