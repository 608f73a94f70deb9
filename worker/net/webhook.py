"""Webhooks: frozen bytes handed to a program by POST, signed at the moment they leave.

Signed as https://www.standardwebhooks.com asks, for which receivers find libraries in most languages.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesHeaderParser
from hashlib import sha256
from typing import Protocol

from worker.errors import ConfigurationError, FetchError, FetchReason
from worker.net.mail import SendOutcome, SendResult, one_line

_SECRET_MARK = "whsec_"  # noqa: S105 (how the standard marks a secret in Base64)
_FEWEST_BYTES = 16
_NOT_SENT_TWICE = (FetchReason.TIMEOUT, FetchReason.CONNECTION, FetchReason.MALFORMED, FetchReason.TOO_LARGE)


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """Where a webhook leads, and the key its receiver knows us by; without a key nothing is signed."""

    url: str = field(repr=False)
    key: bytes | None = field(default=None, repr=False)


class Poster(Protocol):
    """Hands a body to a URL by POST; raises `FetchError`."""

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> None: ...


class WebhookMailer:
    """Posts to the webhooks it knows by name; has the shape of whatever sends, so the outbox need not care.

    REFUSED: 410, or a webhook that is not in the configuration. UNKNOWN: the connection was lost or silent
    after the request had left. RETRY: every other refusal or failure, for a person may mend it.
    """

    def __init__(self, poster: Poster, targets: Mapping[str, WebhookTarget], now: Callable[[], datetime]) -> None:
        self._poster = poster
        self._targets = targets
        self._now = now

    def send(self, message: bytes, *, sender: str, recipient: str) -> SendOutcome:
        del sender
        target = self._targets.get(recipient)
        if target is None:
            return SendOutcome(SendResult.REFUSED, f"{recipient} is not in the configuration")
        headers, body = unfreeze(message)
        headers["webhook-timestamp"] = str(int(self._now().timestamp()))
        if target.key is not None:
            headers["webhook-signature"] = signature(target.key, headers, body)
        try:
            self._poster.post(target.url, body, headers=headers)
        except FetchError as error:
            return _outcome(error)
        return SendOutcome(SendResult.SENT)


def freeze(body: bytes, *, delivery_id: str) -> bytes:
    """What the outbox keeps: the headers that never change, an empty line, and the body."""
    return f"webhook-id: {delivery_id}\r\nContent-Type: application/json\r\n\r\n".encode("ascii") + body


def unfreeze(message: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body of what `freeze` made."""
    head, _, body = message.partition(b"\r\n\r\n")
    return {name: str(value) for name, value in BytesHeaderParser().parsebytes(head).items()}, body


def signature(key: bytes, headers: Mapping[str, str], body: bytes) -> str:
    """The value of `webhook-signature`: HMAC-SHA256 over id, timestamp and body."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, sha256).digest()).decode("ascii")


def read_key(secret: str) -> bytes:
    """The key of a secret: what follows "whsec_" in Base64, or else the text itself.

    Raises ConfigurationError when it is too short or no Base64; the message does not show it.
    """
    try:
        marked = secret.startswith(_SECRET_MARK)
        key = base64.b64decode(secret.removeprefix(_SECRET_MARK), validate=True) if marked else secret.encode()
    except binascii.Error as error:
        raise ConfigurationError("a webhook secret that begins with whsec_ must go on in Base64") from error
    if len(key) < _FEWEST_BYTES:
        raise ConfigurationError(f"a webhook secret must have at least {_FEWEST_BYTES} bytes")
    return key


def _outcome(error: FetchError) -> SendOutcome:
    # The address may be the secret itself, as Slack's is: only the reason is kept.
    unusable = error.reason is FetchReason.MALFORMED and not error.sent
    detail = "its address is no usable URL" if unusable else one_line(error.why)
    if error.reason is FetchReason.GONE:
        return SendOutcome(SendResult.REFUSED, detail, error.status)
    lost = error.status is None and error.sent and error.reason in _NOT_SENT_TWICE
    return SendOutcome(SendResult.UNKNOWN if lost else SendResult.RETRY, detail, error.status)
