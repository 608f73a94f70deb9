"""Settings, topics, queries, dates, addresses and what mail servers say, as people and programs might write them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from random import Random

from benchmarks.fuzz.documents import ROBOTS, document, ordinary, template
from benchmarks.fuzz.materials import WORDS, broken, encoded, filled, odd, one_of, words

_QUERY_PARTS = (
    "ferry", "migra*", '"border wall"', '"a b"~3', "title:storm", "NOT", "AND", "OR", "(", ")", "NEAR/5", "$place",
    "lang:es", "/", "~", '"', "*", "^2", "[a TO b]", "{", "}", ":", "-x", "+x", "\\", "é", "ﬁ", "\u202e", "\x00",
    "'", "@", "TO", "&&", "||", "!", "?",
)  # fmt: skip
_TOML_VALUES = (
    "1", "-1", "0", "9" * 5_000, "1e999", "nan", "inf", "-inf", "0x" + "f" * 4_000, '""', '"x"', "true", "[]", "{}",
    "2026-01-01", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59+23:59", '["a", 1]', '"env:X"', "'''\n'''", "[[[[]]]]",
    "1_0", "00", "1." + "0" * 3_000, '"\\u0000"', '"https://a.example/"', '"a@b.example"', '"daily at 07:00"',
    '"instant every 9999999999 minutes"', '{a = {b = 1}}',
)  # fmt: skip
TOPIC, ARCHIVE = template("topic.toml"), template("archive.jsonl")
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


def topic_file(lot: Random) -> bytes:
    """A topic file's bytes."""
    usual = {
        "name": lot.choice(("boats", "boats", "ferries-2", "a b", "")),
        "language": lot.choice(("en", "en", "pt", "xx")), "description": words(lot), "title": words(lot, 4),
        "query": query(lot), "definition": query(lot), "part": words(lot, 1),
        "number": lot.choice(("0.9", "0.9", lot.choice(_TOML_VALUES))), "part title": words(lot, 3),
        "part query": query(lot), "ignored": '"ferry tale"', "signal": words(lot, 1),
        "weight": lot.choice(("1", "-2.5", lot.choice(_TOML_VALUES))), "signal query": query(lot),
        "more": lot.choice(("", "", f"{lot.choice(WORDS)} = {lot.choice(_TOML_VALUES)}")),
    }  # fmt: skip
    text = filled(lot, TOPIC, usual, 20_000) if lot.random() < 0.3 else filled(lot, TOPIC, usual, 0)
    return broken(lot, text.encode("utf-8", "replace"), share=0.1)


def settings_file(lot: Random) -> bytes:
    """A configuration file's bytes: some settings of the starter file, at their defaults or not."""
    lines = []
    for table, settings in lot.sample(_starter(), k=lot.randint(1, 4)):
        lines.append(table)
        for name, usual in lot.sample(settings, k=min(len(settings), lot.randint(1, 4))):
            lines.append(f"{name} = {one_of(lot, (usual, usual, usual, lot.choice(_TOML_VALUES)), 3_000)}")
    text = "\n".join(lines) if lot.random() < 0.95 else odd(lot, 20_000)
    return broken(lot, text.encode("utf-8", "replace"), share=0.1)


@cache
def _starter() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Every table, and its settings with their defaults, as the starter file names them."""
    text = (files("worker.cli") / "starter" / "storywatch.toml").read_text("utf-8")
    tables: dict[str, dict[str, str]] = {}
    table = ""
    for line in text.splitlines():
        if heading := re.fullmatch(r"(?:# )?(\[+[a-z]+\]+)", line):
            table = heading[1]
        elif setting := re.fullmatch(r"(?:# )?([a-z_]+) = (.+)", line):
            tables.setdefault(table, {})[setting[1]] = setting[2]
    return tuple((name, tuple(settings.items())) for name, settings in tables.items() if name)


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


def archive(lot: Random) -> bytes:
    """Lines of an archive of articles."""
    return document(lot, ARCHIVE * lot.randint(1, 3))


def robots(lot: Random) -> bytes:
    """A robots.txt."""
    text = filled(
        lot,
        ROBOTS,
        {**ordinary(lot, ROBOTS), "rule": one_of(lot, ("/", "/a*", "/*.pdf$", "", "*" * 50 + "b"))},
        100_000,
    )
    return broken(lot, encoded(lot, text))
