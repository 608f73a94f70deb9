"""DKIM: the domain's signature on a message (RFC 6376), which a receiving server checks against its DNS."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from worker.errors import ConfigurationError, MissingExtraError

SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted", "Feedback-ID",
    "List-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
)  # fmt: skip
"""The headers that are signed where they are there: all that a reader or a mail program acts on. RFC 8058, 4,
wants the two of unsubscribing among them."""

_ONCE_AND_NO_MORE = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")
# Named once more than they are there, so that nobody on the way can add another (RFC 6376, 8.15).

_RSA = bytes.fromhex("300d06092a864886f70d0101010500")  # AlgorithmIdentifier rsaEncryption, NULL (RFC 3279)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?", re.IGNORECASE)
SHORTEST_KEY = 1024  # bits; RFC 8301, 3.2, which recommends 2048


@dataclass(frozen=True)
class DkimKey:
    """A private RSA key as PEM, and where its public half is found: `selector`._domainkey.`domain`.

    Raises ConfigurationError when it cannot be one.
    """

    selector: str
    domain: str
    pem: bytes = field(repr=False)

    def __post_init__(self) -> None:
        for name in (self.selector, self.domain):
            if not _LABEL.fullmatch(name):
                raise ConfigurationError(f"DKIM: {name!r} cannot stand in a host name")
        if self._numbers["modulus"].bit_length() < SHORTEST_KEY:
            raise ConfigurationError(f"the DKIM key is too short: it must have {SHORTEST_KEY} bits, better 2048")

    @property
    def record(self) -> tuple[str, str]:
        """Name and text of the DNS record (type TXT) that receivers look for."""
        return (
            f"{self.selector}._domainkey.{self.domain}",
            f"v=DKIM1; k=rsa; p={base64.b64encode(self._public).decode()}",
        )

    def sign(self, message: bytes) -> bytes:
        """`message` under a signature of its body and headers, which must be on the wire's lines (CRLF).

        Relaxed for the headers, which relays refold, simple for the body, which they must not touch.
        """
        import dkim

        signer = dkim.DKIM(message, signature_algorithm=b"rsa-sha256")
        there = {name.lower() for name, _ in signer.headers}
        names = [name for name in SIGNED if name.lower().encode() in there]
        twice = [name for name in names if name in _ONCE_AND_NO_MORE]
        header = signer.sign(
            self.selector.encode(), self.domain.encode(), self.pem,
            canonicalize=(b"relaxed", b"simple"), include_headers=[*names, *twice],
        )  # fmt: skip
        return bytes(header) + message

    @cached_property
    def _numbers(self) -> dict[str, Any]:
        try:
            from dkim.crypto import UnparsableKeyError, parse_pem_private_key
        except ModuleNotFoundError as error:
            raise MissingExtraError("mail.dkim_key_file is set", "dkim") from error
        try:
            return dict(parse_pem_private_key(self.pem))
        except (UnparsableKeyError, ValueError, IndexError, TypeError) as error:
            raise ConfigurationError(f"the DKIM key cannot be read as an RSA key in PEM form: {error}") from error

    @property
    def _public(self) -> bytes:
        """SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in DER."""
        numbers = _der(0x30, _integer(self._numbers["modulus"]) + _integer(self._numbers["publicExponent"]))
        return _der(0x30, _RSA + _der(0x03, b"\x00" + numbers))


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _integer(number: int) -> bytes:
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))
