"""What goes to the outside world and what comes back, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from email.message import EmailMessage


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed?" with."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedResource:
    """A body that was had. `url` is where it was found after redirects; `moved_to` is set when every hop was permanent.

    `body` is decoded from its content encoding and bounded; `max_age` is how long the server says it stays fresh.
    """

    url: str
    status: int
    content_type: str
    body: bytes
    validators: Validators
    moved_to: str | None = None
    max_age: timedelta | None = None
    elapsed: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that what we have is what there is."""

    url: str
    validators: Validators
    moved_to: str | None = None
    max_age: timedelta | None = None
    elapsed: timedelta = timedelta()


class SendResult(StrEnum):
    SENT = "sent"
    REFUSED = "refused"  # permanently: trying again cannot help
    RETRY = "retry"  # surely not accepted: try again later
    UNKNOWN = "unknown"  # the connection was lost after the final dot


@dataclass(frozen=True, slots=True)
class SendOutcome:
    result: SendResult
    detail: str = ""
    code: int | None = None


class Fetcher(Protocol):
    """Gets one URL within its bounds, or raises `FetchError`."""

    def fetch(self, url: str, validators: Validators | None = None) -> FetchedResource | NotModified: ...


class Mailer(Protocol):
    """Hands one message, as frozen bytes, to the outside; never raises for what a mail server does."""

    def send(self, message: EmailMessage | bytes, *, recipient: str) -> SendOutcome: ...
