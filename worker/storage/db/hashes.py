"""Short stand-ins for long strings: what unique indexes hold."""

from __future__ import annotations

from hashlib import sha256


def string_hash(text: str) -> str:
    """Return the SHA-256 of `text` in hex; lone surrogates count as they stand."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def bytes_hash(body: bytes) -> str:
    """Return the SHA-256 of `body` in hex."""
    return sha256(body).hexdigest()
