"""Queries, dates, addresses and what mail servers say, as people and programs might write them."""

from __future__ import annotations

from random import Random

from benchmarks.fuzz.documents import ROBOTS, ordinary
from benchmarks.fuzz.materials import broken, encoded, filled, odd, one_of

_QUERY_PARTS = (
    "ferry", "migra*", '"border wall"', '"a b"~3', "title:storm", "NOT", "AND", "OR", "(", ")", "NEAR/5", "$place",
    "lang:es", "/", "~", '"', "*", "^2", "[a TO b]", "{", "}", ":", "-x", "+x", "\\", "é", "ﬁ", "\u202e",
    "'", "@", "TO", "&&", "||", "!", "?",
)  # fmt: skip
_MOMENTS = (
    "2026-03-02T08:00:00Z", "Mon, 02 Mar 2026 08:00:00 +0000", "02.03.2026 08:00", "2 de marzo de 2026, 8:00 h",
    "March 2nd, 2026", "lunes 2 marzo 2026", "3/2/26", "20260302T0800", "1772438400000", "-62135596800",
    "9999-12-31T23:59:59.999999999-23:59", "12:00 PM ET", "24:00", "2026-W10-1", "Februar 30, 2026",
    "0001-01-01T00:00:00+14:00", "yesterday", "hace 3 horas", "3 hours ago",
)  # fmt: skip
_SCHEDULES = (
    "daily at 07:00", "hourly", "instant", "instant every 5 minutes except 22:00-07:00", "weekly on monday at 07:00",
    "weekdays at 6:30", "daily at 99:99", "weekly on  at ", "instant every 99999999999999999999 minutes",
    "daily at ٠٧:٠٠",
)  # fmt: skip
_ADDRESSES = (
    "a@b.example", "A B <a@b.example>", '"a b"@c.example', "a@ñandú.example", "a@b@c", "@", "a@[1.2.3.4]",
    "a@b.example\r\nBcc: x@y.example", "=?utf-8?q?a?=@b.example", "<a@b.example>, <c@d.example>",
    "a" * 70 + "@b.example", "a@" + "b." * 130 + "example", "a@xn--a.example",
)  # fmt: skip
_REPLIES = (
    "550 5.1.1 <a@b.example>: no such user", "421 4.7.0 try again later", "552 mailbox full",
    "535 5.7.8 authentication failed", "250 ok", "554 5.7.1 relay access denied", "999", "", "-1 x",
)  # fmt: skip
_ADDRESS_PARTS = (
    "http://", "https://", "HTTP://", "ftp://", "//", "news.example", "[::1]", "127.1", "0x7f.1", "user:pw@", ":80",
    ":99999", ":", "/", "/a", "/../", "/%00", "?a=b", "&utm_source=x", "#x", "\\", " ", "\t", "\n", "%", "%zz", "ñ",
    "\u3002", "\ud7ff", "xn--", "google.com/url?q=", "@",
)  # fmt: skip


def query(lot: Random) -> str:
    """A topic's query: half of them can be used, and some of those are long or deep."""
    way, count = lot.random(), lot.choice((1, 3, 20, 3_000))
    if way < 0.3:
        return lot.choice((" OR ", " AND ", " ", " AND NOT ")).join(
            lot.choices(("ferry", "migra*", '"border wall"', '"a b"~3'), k=count)
        )
    if way < 0.5:
        return "(" * count + "ferry" + ")" * count + " OR harbour" * lot.choice((0, 1, count))
    if way < 0.65:
        return odd(lot, 20_000)
    return lot.choice((" ", " ", "")).join(lot.choices(_QUERY_PARTS, k=lot.randint(1, lot.choice((8, 30, 400)))))


def moment(lot: Random) -> str:
    """A date as somebody writes it."""
    return one_of(lot, _MOMENTS)


def schedule(lot: Random) -> str:
    """When a digest shall come."""
    return one_of(lot, _SCHEDULES)


def address(lot: Random) -> str:
    """A mail address."""
    return one_of(lot, _ADDRESSES)


def reply(lot: Random) -> tuple[int | None, str]:
    """What a mail server says: its code, and its words."""
    return lot.choice((None, 250, 421, 450, 550, 552, 554, 999, 0)), one_of(lot, _REPLIES)


def web_address(lot: Random) -> str:
    """A web address, or nearly one."""
    if lot.random() < 0.2:
        return odd(lot, 20_000)
    return "".join(lot.choices(_ADDRESS_PARTS, k=lot.randint(1, 12)))


def robots(lot: Random) -> bytes:
    """A robots.txt."""
    text = filled(
        lot,
        ROBOTS,
        {**ordinary(lot, ROBOTS), "rule": one_of(lot, ("/", "/a*", "/*.pdf$", "", "*" * 50 + "b"))},
        100_000,
    )
    return broken(lot, encoded(lot, text))
