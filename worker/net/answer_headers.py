"""Reading what an HTTP answer says about itself: type, freshness, validators, when to come back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from worker.net.resource import Validators
from worker.retry import LONGEST_PROMISE, read_delta_seconds, read_http_date, read_retry_after

_LONGEST_ETAG = 1024
_LONGEST_DATE = 64
_LONGEST_TYPE = 200
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d+)", re.ASCII)
_NO_STORE = re.compile(r"(?:^|[,\s])(?:no-cache|no-store)(?:$|[,\s])")


class AnswerHeaders:
    """The header fields of one answer, by lower-case name, in order of appearance."""

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name.lower(), []).append(value)

    def first(self, name: str) -> str | None:
        values = self._fields.get(name)
        return values[0] if values else None

    def every(self, name: str) -> list[str]:
        return self._fields.get(name, [])


def content_type(headers: AnswerHeaders) -> str:
    """The Content-Type as sent, printable and bounded; "" when there is none."""
    return _printable(headers.first("content-type") or "")[:_LONGEST_TYPE]


def validators(headers: AnswerHeaders) -> Validators:
    """ETag and Last-Modified where they are fit to be kept and sent back."""
    return keep_usable(Validators(headers.first("etag"), headers.first("last-modified")))


def keep_usable(given: Validators) -> Validators:
    """Only those that are short, printable ASCII; an opaque value that is changed is of no use."""
    return Validators(_fit(given.etag, _LONGEST_ETAG), _fit(given.last_modified, _LONGEST_DATE))


def retry_after(headers: AnswerHeaders, now: datetime) -> timedelta | None:
    """How long the server asks us to stay away, as `worker.retry` reads it; None when it does not.

    A moment it names is one of its own clock, which its Date shows.
    """
    value = headers.first("retry-after")
    if value is None:
        return None
    return read_retry_after(value, now=read_http_date(headers.first("date") or "") or now)


def max_age(headers: AnswerHeaders, now: datetime) -> timedelta | None:
    """How long the answer stays fresh (RFC 9111, 4.2.1 for a private cache), at most a year; None when it does
    not say.
    """
    control = ", ".join(headers.every("cache-control")).lower()
    if _NO_STORE.search(control):
        return timedelta()
    stated = _MAX_AGE.search(control)
    if stated:
        lifetime = read_delta_seconds(stated[1]) or timedelta()
        age = read_delta_seconds((headers.first("age") or "").strip()) or timedelta()
        return max(lifetime - age, timedelta())
    expires = headers.first("expires")
    if expires is None:
        return None
    until, since = read_http_date(expires), read_http_date(headers.first("date") or "") or now
    fresh = timedelta() if until is None else until - since
    return min(max(fresh, timedelta()), LONGEST_PROMISE)


def _fit(value: str | None, longest: int) -> str | None:
    fits = value and len(value) <= longest and value.isascii() and value.isprintable()
    return value if fits else None


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
