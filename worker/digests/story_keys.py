"""The short key of a story in one subscriber's digest: what the links to say something of it carry.

A signed token as those of `tokens` would be longer than a line of plain text; this one has 24 to 30 characters.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from worker.digests.tokens import SHORTEST_SECRET, TokenError, TokenFault
from worker.errors import ConfigurationError

_BEGINNING = date(2020, 1, 1)
_SEAL = 9  # bytes of the HMAC: 72 bits, of which no guess can be tried but by asking us
_LONGEST = 60
_TOPIC = 3


@dataclass(frozen=True, slots=True)
class StoryKey:
    """Whose digest, which story (by the article that led it), and under which topic."""

    subscription_id: int
    article_id: int
    topic: str


def write_story_key(key: StoryKey, *, secret: str, expires_at: datetime) -> str:
    """The key as it stands in an address; it holds until the end of the day of `expires_at`."""
    last_day = (expires_at.astimezone(UTC).date() - _BEGINNING).days
    body = _number(key.subscription_id) + _number(key.article_id) + last_day.to_bytes(2, "big") + _topic_mark(key.topic)
    return _encoded(body + _seal(body, secret))


def read_story_key(text: str, *, topics: Iterable[str], secret: str, now: datetime) -> StoryKey:
    """The key that `write_story_key` made, its topic found among `topics`; "" where it is none of them any more.

    Raises TokenError when it is forged or damaged, or past its last day at `now`.
    """
    forged = TokenError(TokenFault.FORGED, "This link is not valid; use the one in your mail.")
    raw = _decoded(text)
    body, seal = raw[:-_SEAL], raw[-_SEAL:]
    if not body or not hmac.compare_digest(seal, _seal(body, secret)):
        raise forged
    subscription_id, rest = _take_number(body)
    article_id, rest = _take_number(rest)
    last_day = _BEGINNING + timedelta(days=int.from_bytes(rest[:2], "big"))
    if now.astimezone(UTC).date() > last_day:
        raise TokenError(TokenFault.EXPIRED, "This link has expired; use the one in a newer mail.")
    topic = next((name for name in topics if _topic_mark(name) == rest[2:]), "")
    return StoryKey(subscription_id, article_id, topic)


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """The bytes that are written as `text`; b"" for any other spelling of them, of which Base64 has many."""
    if not text.isascii() or len(text) > _LONGEST:
        return b""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except NotBase64:
        return b""
    return raw if _encoded(raw) == text else b""


def _seal(body: bytes, secret: str) -> bytes:
    if len(secret) < SHORTEST_SECRET:
        raise ConfigurationError(f"the signing secret must have at least {SHORTEST_SECRET} characters")
    return hmac.digest(b"storywatch.digests.story:" + secret.encode(), body, "sha256")[:_SEAL]


def _topic_mark(topic: str) -> bytes:
    return sha256(topic.encode()).digest()[:_TOPIC]


def _number(number: int) -> bytes:
    """Seven bits a byte, the highest bit set on all but the last (LEB128)."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def _take_number(data: bytes) -> tuple[int, bytes]:
    number = 0
    for place, byte in enumerate(data, start=1):
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            return number, data[place:]
    return number, b""
