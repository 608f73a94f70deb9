"""When to try again, as an object: a policy decides from plain values and holds no clock.

Every retry of a page, a reading or a delivery is a row's next try, decided by a policy here: Celery's own retries are
off, and so are those of the HTTP client and of Redis. Feeds are polled again by their rhythm (`feeds.next_poll_at`).

Retry-After, what a server wishes that answers 429, 503, 403 or the like: `read_retry_after` reads and caps it, and a
`FetchError` carries it. Whoever asked obeys: `RetryPolicy.next_try` and `feeds.next_poll_at` never undercut it, where
it asks for hours (`asks_for_hours`) the stored text has to do (`intake/page_retries.py`), and the whole host rests as
long (`intake/visits.py`). For robots.txt itself it is not read: `net/robots.py` asks again at a pace of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `attempts` tries; the wait doubles from `first` up to `longest`."""

    attempts: int
    first: timedelta
    longest: timedelta

    def next_try(
        self, attempts: int, *, now: datetime, jitter: float = 0.0, asked: timedelta | None = None
    ) -> datetime | None:
        """Return when to try again after `attempts` tries, or None when it is time to give up.

        `jitter` is in [-1, 1] and moves the wait by up to a tenth; `asked` is what the other side
        asks for (Retry-After), which is never undercut.
        """
        if attempts >= self.attempts:
            return None
        doublings: int = 2 ** min(max(attempts - 1, 0), 32)
        wait = min(self.first * doublings, self.longest) * (1 + jitter / 10)
        return now + max(wait, asked or timedelta())


@dataclass(frozen=True, slots=True)
class Patience:
    """Tries that are not counted, for as long as `lasts`; each waits half as long as it has been going on by then.

    The wait is at least `first` and at most `longest`.
    """

    lasts: timedelta
    first: timedelta
    longest: timedelta

    def next_try(self, since: datetime, *, now: datetime, jitter: float = 0.0) -> datetime | None:
        """Return when to try again what has been waiting `since` then, or None when it is time to give up.

        `jitter` is in [-1, 1] and moves the wait by up to a tenth.
        """
        if now - since >= self.lasts:
            return None
        return now + min(max((now - since) / 2, self.first), self.longest) * (1 + jitter / 10)


LONGEST_WAIT = timedelta(hours=24)
"""Whatever a server asks for or promises, we look again after a day."""

LONGEST_DELAY = timedelta(minutes=5)
"""How far a Crawl-delay is obeyed (Heritrix's respectCrawlDelayUpToSeconds): beyond it a host would hardly be read."""

LONGEST_PROMISE = timedelta(days=366)
"""What a server says of a time beyond that is no more than "for ever"."""

_HOURS = timedelta(hours=4)
_LONGEST_DATE = 64  # characters
_AMOUNT = re.compile(r"\+?(\d+)(?:\.\d*)?\s*([a-z]*)", re.ASCII)
_SECONDS_OF = {"": 1, "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600}
_FIRST_UNIX_TIME = 1_000_000_000  # seconds; as a wait it would be 32 years
_MOST_DIGITS = 15
_FIRST_IN_MILLISECONDS = 100_000_000_000


def read_retry_after(value: str, *, now: datetime) -> timedelta | None:
    """How long the server asks us to stay away (RFC 9110, 10.2.3), at most LONGEST_WAIT; None for nonsense.

    Beside seconds and dates of HTTP, what servers write for them: quotes, fractions, a unit, the same twice ("60, 60"),
    dates of ISO 8601, and the moment in seconds or milliseconds since 1970.
    """
    said = value.strip().strip("\"'").strip()
    wait = _read_amount(said, now)
    if wait is None:
        moment = read_http_date(said) or _read_iso_date(said)
        wait = _read_amount(said.partition(",")[0], now) if moment is None else moment - now
    return min(wait, LONGEST_WAIT) if wait is not None and wait > timedelta() else None


def _read_amount(text: str, now: datetime) -> timedelta | None:
    found = _AMOUNT.fullmatch(text.strip(" ;").lower())
    unit = _SECONDS_OF.get(found[2].removesuffix("s") or found[2]) if found else None
    if found is None or unit is None:
        return None
    number = int(found[1][:_MOST_DIGITS])
    if number >= _FIRST_UNIX_TIME:
        seconds = number / 1000 if number >= _FIRST_IN_MILLISECONDS else number
        return timedelta(seconds=seconds - now.timestamp())
    return timedelta(seconds=number * unit)


def _read_iso_date(text: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(text[:_LONGEST_DATE])
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def asks_for_hours(asked: timedelta | None) -> bool:
    """Whether a host wants so long a rest that its page is not waited for."""
    return asked is not None and asked > _HOURS


def read_delta_seconds(text: str) -> timedelta | None:
    """A header's number of seconds (RFC 9111, 1.2.2), at most LONGEST_PROMISE; None for anything else."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return LONGEST_PROMISE if len(text) > 8 else min(timedelta(seconds=int(text)), LONGEST_PROMISE)


def read_http_date(text: str) -> datetime | None:
    """A header's date (RFC 9110, 5.6.7), aware UTC; None for anything else."""
    if len(text) > _LONGEST_DATE:
        return None
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):  # what odd dates make of email.utils
        return None


PAGE_RETRIES = RetryPolicy(attempts=6, first=timedelta(minutes=3), longest=timedelta(hours=4))
"""Six tries over about an hour and a half: news is of no use a day late, and the feed's own text remains."""

READ_RETRIES = RetryPolicy(attempts=3, first=timedelta(seconds=1), longest=timedelta(minutes=1))
"""Three tries for what is computed: an input that kills its process three times will do so again."""

MAIL_RETRIES = RetryPolicy(attempts=14, first=timedelta(minutes=1), longest=timedelta(hours=4))
"""A day of tries: RFC 5321 4.5.4.1 asks a sender not to give up before four or five days on a queue of
its own, but a digest that old is no news."""

OPERATOR_PATIENCE = Patience(lasts=timedelta(days=5), first=timedelta(minutes=1), longest=timedelta(minutes=30))
"""A refusal that the operator must mend (a password, a relay that is not allowed) says nothing of the mail, and uses up
no tries; RFC 5321 4.5.4.1 names four to five days for giving up."""

REFUSED_RETURNS = RetryPolicy(attempts=3, first=timedelta(minutes=15), longest=timedelta(hours=1))
"""When what a refused digest told is told again: in the two that follow, for it may be one of its own stories that no
server takes, and that must not keep a reader from all others."""

LATE_RETURNS = RetryPolicy(attempts=1_000_000, first=timedelta(minutes=15), longest=timedelta(hours=4))
"""The same for a digest that was given up because of a server, which says nothing of what it told."""

UNKNOWN_RETRY = RetryPolicy(attempts=2, first=timedelta(minutes=10), longest=timedelta(minutes=10))
"""A message whose fate is unknown goes out once more, with the same Message-ID, after ten minutes or
`mail.doubt_seconds`."""

HUB_RETRIES = RetryPolicy(attempts=1_000_000, first=timedelta(minutes=10), longest=timedelta(hours=24))
"""When a hub is asked again that refused, or never verified what it was asked: the feed is polled all the same."""

HOST_PATIENCE = 3
"""So often in a row a mail server may fail before it is left alone for a while."""

HOST_RESTS = RetryPolicy(attempts=1_000_000, first=timedelta(minutes=1), longest=timedelta(minutes=30))
"""How long a mail server is left alone: a minute at first, at most half an hour, until it is well again."""
