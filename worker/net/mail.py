"""What sending a message can come to, and the shape of whatever sends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SendResult(StrEnum):
    """What became of a message."""

    SENT = "sent"
    REFUSED = "refused"  # permanently: trying again cannot help
    RETRY = "retry"  # surely not accepted: try again later
    UNKNOWN = "unknown"  # the connection was lost after the final dot


class SendStage(StrEnum):
    """How far a conversation with a mail server came. Only a refusal at RECIPIENT speaks of the address."""

    CONNECT = "connect"  # connection, greeting, EHLO, TLS
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"  # up to the final dot
    FINAL_DOT = "final_dot"


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """`detail` is one printable line; `code` and `stage` are the server's reply code and where it came."""

    result: SendResult
    detail: str = ""
    code: int | None = None
    stage: SendStage | None = None


class Mailer(Protocol):
    """Hands one message, as frozen bytes, to the outside; never raises for what a mail server does."""

    def send(self, message: bytes, *, sender: str, recipient: str) -> SendOutcome: ...


def one_line(text: str, limit: int = 300) -> str:
    """What a server said, as it may stand in a log or a table."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
