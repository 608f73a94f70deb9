"""Signed tokens for the links in a digest (unsubscribe, manage, archive, feedback)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from worker.errors import ConfigurationError, StorywatchError

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer

TOKEN_LIMIT = 2000
"""Characters; no token made here comes near it, so a longer one is refused unread."""

SHORTEST_SECRET = 16
"""Characters of the signing secret; fewer can be guessed."""


class TokenFault(StrEnum):
    """Why a token is refused. `FORGED` includes damaged ones and those for another purpose."""

    FORGED = "forged"
    EXPIRED = "expired"


class TokenError(StorywatchError):
    """A token is refused; `fault` says why. Of one that has merely expired, `payload` is what it carried."""

    def __init__(self, fault: TokenFault, message: str, payload: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.fault = fault
        self.payload = payload or {}


def sign(purpose: str, payload: Mapping[str, object], *, secret: str, expires_at: datetime | None = None) -> str:
    """A URL-safe token that carries `payload` (JSON values) for one `purpose`, signed with HMAC-SHA256.

    The payload can be read by whoever holds the token: put ids in it, no secrets. Without `expires_at`
    the token holds for ever, as an unsubscribe link must.
    """
    expiry = None if expires_at is None else int(expires_at.timestamp())
    return str(_serializer(purpose, secret).dumps([dict(payload), expiry]))


def read(purpose: str, token: str, *, secret: str, now: datetime) -> dict[str, object]:
    """The payload of a token made by `sign` with the same purpose and secret.

    Raises TokenError when it is forged, damaged, made for another purpose, or past its expiry at `now`.
    """
    from itsdangerous import BadData

    serializer = _serializer(purpose, secret)
    if len(token) > TOKEN_LIMIT:
        raise TokenError(TokenFault.FORGED, f"This {purpose} link is not valid; use the one in your mail.")
    try:
        payload, expiry = serializer.loads(token)
    except (BadData, UnicodeError) as error:
        raise TokenError(TokenFault.FORGED, f"This {purpose} link is not valid; use the one in your mail.") from error
    if expiry is not None and now.timestamp() >= expiry:
        raise TokenError(TokenFault.EXPIRED, f"This {purpose} link has expired; use the one in a newer mail.", payload)
    return dict(payload)


@lru_cache(maxsize=16)
def _serializer(purpose: str, secret: str) -> URLSafeSerializer:
    from itsdangerous import URLSafeSerializer

    if len(secret) < SHORTEST_SECRET:
        raise ConfigurationError(f"the signing secret must have at least {SHORTEST_SECRET} characters")
    # The purpose is part of the salt, hence of the key: a token for one purpose is noise for any other.
    return URLSafeSerializer(
        secret,
        salt=f"storywatch.digests.{purpose}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
    )
