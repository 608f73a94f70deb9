"""Topics, settings and archives of articles: files that are right but for some of their values.

What is wrong from its first line on is refused there, and nothing behind it is tried. So most of these are valid as
TOML or JSON, with values by lot that mean something, and in some places something else.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random

from benchmarks.fuzz.materials import WORDS, broken, odd, words
from benchmarks.fuzz.texts import address, moment, query, schedule, web_address

_VALUES = (
    "1", "-1", "0", "9" * 5_000, "1e999", "nan", "inf", "-inf", "0x" + "f" * 4_000, '""', '"x"', "true", "[]", "{}",
    "2026-01-01", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59+23:59", '["a", 1]', '"env:X"', "'''\n'''", "[[[[]]]]",
    "1_0", "1." + "0" * 3_000, '"\\u0000"', '"https://a.example/"', '"a@b.example"', '"daily at 07:00"',
    '"instant every 9999999999 minutes"', "{a = {b = 1}}",
)  # fmt: skip
_START = datetime(2026, 3, 1, tzinfo=UTC)


def quoted(text: str) -> str:
    """The text as a string of TOML and of JSON alike."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def right_query(lot: Random, depth: int = 4) -> str:
    """A query that can be used, of all that the language has."""
    if depth == 0 or lot.random() < 0.4:
        return _leaf(lot)
    parts = [right_query(lot, depth - 1) for _ in range(lot.choice((1, 2, 2, 3, 12)))]
    joined = lot.choice((" OR ", " AND ", " ")).join(parts)
    way = lot.random()
    if way < 0.2:
        return f"({joined})^{lot.choice(('2', '0.5', '10'))}"
    return f"({joined}) AND NOT {_leaf(lot)}" if way < 0.4 else f"({joined})"


def _leaf(lot: Random) -> str:
    word, other, field = lot.choice(WORDS), lot.choice(WORDS), lot.choice(("title", "lead", "body", "dateline"))
    return lot.choice((
        word, f"{word[:4]}*", f'"{words(lot, 5)}"', f'"{word} {other}"~{lot.randrange(1, 30)}', f"{field}:{word}",
        f"{field}:({word} OR {other})", f'outlet:"{word}"', "lang:es", "@place",
    ))  # fmt: skip


def topic_file(lot: Random) -> tuple[bytes, str]:
    """A topic file's bytes, and what an article says that it is tried on."""
    strange = lot.choice((0.0, 0.0, 0.04, 0.15))

    def value(usual: str, *odd_ones: str) -> str:
        if lot.random() >= strange:
            return usual
        return lot.choice((*odd_ones, lot.choice(_VALUES), quoted(odd(lot, 20_000)), quoted(query(lot))))

    lines = [
        f"name = {value(quoted(lot.choice(('boats', 'ferries-2'))))}",
        "languages = " + value('["en", "es"]', '["pt"]'), f"description = {value(quoted(words(lot)))}",
        "[title]", f"en = {value(quoted(words(lot, 4)))}", f"es = {value(quoted(words(lot, 4)))}",
        "[define]", "place = " + value(quoted(right_query(lot).replace("@place", "x"))),
        "[query]", f"any = {value(quoted(right_query(lot)))}", f"es = {value(quoted(right_query(lot)))}",
        "[ignore]", "any = " + value(quoted(f'"{words(lot, 3)}" OR {lot.choice(WORDS)}')),
        "[thresholds]", f"strict = {value('0.9')}", f"balanced = {value('0.3')}", f"wide = {value('0.1')}",
    ]  # fmt: skip
    for number in range(lot.choice((1, 1, 3, 60))):
        lines += ["[[signal]]", f"name = {value(quoted(f'signal {number}'))}"]
        lines += [f"weight = {value(lot.choice(('1', '0.25')))}", f"query.en = {value(quoted(right_query(lot, 2)))}"]
    for number in range(lot.choice((0, 1, 5))):
        lines += ["[[subtopic]]", f"name = {value(quoted(f'part-{number}'))}"]
        lines += [f"title.en = {value(quoted(words(lot, 3)))}", f"query.any = {value(quoted(right_query(lot, 2)))}"]
    text = odd(lot, 200_000) if lot.random() < 0.1 else " ".join(words(lot) for _ in range(lot.choice((1, 20, 2_000))))
    return broken(lot, "\n".join(lines).encode("utf-8", "replace"), share=0.07), text


def settings_file(lot: Random) -> bytes:
    """A configuration file's bytes: settings of the starter file, at their defaults, at others, at what none may be."""
    lines = []
    for table, settings in lot.sample(_starter(), k=lot.randint(1, 4)):
        lines.append(table)
        some = settings if table.startswith("[[") else lot.sample(settings, k=min(len(settings), lot.randint(1, 4)))
        lines += [f"{name} = {_other(lot, usual) if lot.random() < 0.2 else usual}" for name, usual in some]
    return broken(lot, "\n".join(lines).encode("utf-8", "replace"), share=0.07)


def _other(lot: Random, usual: str) -> str:
    """A value of the same kind as that default, or of none that is expected."""
    way = lot.random()
    if way < 0.25:
        return lot.choice(_VALUES)
    if way < 0.35:
        return quoted(odd(lot, 3_000))
    if re.fullmatch(r"[-\d.]+", usual):
        return lot.choice((str(lot.randrange(10**6)), f"{lot.random():.3f}", f"-{usual}", f"{usual}1", "1e3"))
    if usual in ("true", "false"):
        return lot.choice(("true", "false"))
    made = lot.choice((address, moment, schedule, web_address, lambda one: words(one, 3)))(lot)
    return f"[{quoted(made)}]" if usual.startswith("[") else quoted(made)


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


def archive(lot: Random) -> bytes:
    """Lines of an archive of articles."""
    strange = lot.choice((0.0, 0.02, 0.1))
    lines = []
    for number in range(lot.choice((1, 3, 30))):
        row: dict[str, object] = {
            "id": f"a{number}", "title": words(lot, 8), "text": words(lot), "url": f"https://news.example/{number}",
            "published": (_START + timedelta(minutes=lot.randrange(10**6))).isoformat(), "language": "en",
        }  # fmt: skip
        for name in list(row):
            if lot.random() < strange:
                row[name] = lot.choice(
                    (odd(lot, 100_000), moment(lot), None, 10**400, [[[]]], {"a": float("nan")}, True)
                )
            elif lot.random() < 0.05 and name != "id":
                del row[name]
        lines.append(json.dumps(row, ensure_ascii=lot.random() < 0.5))
    return broken(lot, "\n".join(lines).encode("utf-8", "replace"), share=0.07)
