"""Short stand-ins for long strings: what unique indexes hold."""

from __future__ import annotations

import hmac
from hashlib import sha256


def string_hash(text: str) -> str:
    """Return the SHA-256 of `text` in hex; lone surrogates count as they stand."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_hash(text: str, secret: str) -> str:
    """Return the HMAC-SHA256 of `text` in hex: who has not the secret cannot try out what it might be of."""
    return hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def bytes_hash(body: bytes) -> str:
    """Return the SHA-256 of `body` in hex."""
    return sha256(body).hexdigest()
