"""What has arrived of one HTTP answer, and the bounds at which we stop taking it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta

from worker.errors import FetchReason
from worker.net.answer_headers import AnswerHeaders, content_type

_ENOUGH_OF_A_REFUSAL = 65_536  # bytes of the body of an answer that is no success; its connection may be kept
# Prefixes of types that no feed, page or robots.txt is ever sent as. "application/octet-stream" is not among
# them: careless servers send feeds so.
_BINARY = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/vnd.ms-")


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Bounds of one fetch. `total` is wall time over all redirects; sizes are bytes."""

    total: timedelta = timedelta(seconds=10)
    body_bytes: int = 5_000_000  # as sent, and again after decoding
    redirects: int = 5
    header_lines: int = 200
    header_bytes: int = 65_536


@dataclass(slots=True)
class Arrival:
    """Takes an answer piece by piece. An objection ends the transfer; nothing here raises, since curl calls
    it.
    """

    limits: HttpLimits
    status: int = 0
    head_complete: bool = False
    objection: tuple[FetchReason, str] | None = None
    _fields: list[tuple[str, str]] = field(default_factory=list)
    _body: io.BytesIO = field(default_factory=io.BytesIO)  # hands out its bytes without copying them
    _lines: int = 0
    _header_bytes: int = 0
    _body_bytes: int = 0

    @property
    def body(self) -> bytes:
        return self._body.getvalue()

    @property
    def headers(self) -> AnswerHeaders:
        return AnswerHeaders(self._fields)

    @property
    def is_final_refusal(self) -> bool:
        """The whole head is there and says that no document follows: whatever else happens, this is the
        answer.
        """
        return self.head_complete and self.status >= 300

    @property
    def may_be_followed_by_stray_bytes(self) -> bool:
        """An answer without a body that announces one: coming late, it would be read as the next answer."""
        announced = self.headers.first("content-length") not in (None, "0") or self.headers.every("transfer-encoding")
        return self.status in (204, 304) and bool(announced)

    def take_header(self, line: bytes) -> bool:
        """One line of the header section, or of the trailers. False stops the transfer."""
        self._lines += 1
        self._header_bytes += len(line)
        if self._lines > self.limits.header_lines or self._header_bytes > self.limits.header_bytes:
            return self._object(FetchReason.TOO_LARGE, "the header section is too large")
        text = line.decode("latin-1").rstrip("\r\n")
        if not self.head_complete or self._opens_next_head(text):
            self._read_header(text)
        return True

    def take_body(self, piece: bytes) -> bool:
        """One piece of the body, still encoded. False stops the transfer."""
        self._body_bytes += len(piece)
        if self.status >= 300:
            return self._body_bytes <= _ENOUGH_OF_A_REFUSAL
        if self._body_bytes == len(piece) and content_type(self.headers).lower().startswith(_BINARY):
            return self._object(FetchReason.WRONG_TYPE, f"neither feed nor page but {content_type(self.headers)}")
        if self._body_bytes > self.limits.body_bytes:
            return self._object(FetchReason.TOO_LARGE, f"larger than {self.limits.body_bytes} bytes")
        self._body.write(piece)
        return True

    def _opens_next_head(self, text: str) -> bool:
        """After a "100 Continue" or a proxy's "200 Connection established" the real head follows."""
        return text.startswith("HTTP/") and self._body_bytes == 0

    def _read_header(self, text: str) -> None:
        if text.startswith("HTTP/"):
            code = text.split(None, 2)[1:2]
            self.status = int(code[0]) if code and code[0].isascii() and code[0].isdecimal() else 0
            self._fields, self.head_complete = [], False
        elif not text:
            self.head_complete = True
        elif text[0] in " \t" and self._fields:  # a folded line (RFC 9112, 5.2)
            name, value = self._fields[-1]
            self._fields[-1] = (name, f"{value} {text.strip()}")
        else:
            name, _, value = text.partition(":")
            self._fields.append((name.strip(), value.strip()))

    def _object(self, reason: FetchReason, why: str) -> bool:
        self.objection = (reason, why)
        return False
