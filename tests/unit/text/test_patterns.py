"""Patterns as trees: what is a letter, what is none, and what may be left out."""

from __future__ import annotations

import pytest

from worker.text.patterns import Choice, Item, Letters, Nothing, Repeat, Unsure, parse_pattern


def letter(character: str) -> Letters:
    return Letters((character,))


@pytest.mark.parametrize(
    ("pattern", "items"),
    [
        ("ab", (letter("a"), letter("b"))),
        (r"\ba\.$", (Nothing(), letter("a"), letter("."), Nothing())),
        (r"[ab\-]", (Letters(("a", "b", "-")),)),
        (r"[]a]", (Letters(("]", "a")),)),
        (r"[^a]|[a-c]|\w|.", None),
        (r"\x27\u00e9", (letter("'"), letter("é"))),
        ("a?b+?c{2,3}d{1}", (Repeat(0, True, letter("a")), Repeat(1, False, letter("b")), Repeat(2, False, letter("c")),
                             Repeat(1, True, letter("d")))),
        ("a{b}", (letter("a"), letter("{"), letter("b"), letter("}"))),
        ("(?=a)b(?<!c)", (Nothing(), letter("b"), Nothing())),
        ("(?-i:a)(?P<n>b)(?P=n)", (Choice(((letter("a"),),)), Choice(((letter("b"),),)), Unsure())),
        ("a|(b|)", None),
    ],
)  # fmt: skip
def test_a_pattern_is_read_as_its_parts(pattern: str, items: tuple[Item, ...] | None) -> None:
    branches = {
        r"[^a]|[a-c]|\w|.": ((Unsure(),),) * 4,
        "a|(b|)": ((letter("a"),), (Choice(((letter("b"),), ())),)),
    }
    assert parse_pattern(pattern) == Choice(branches[pattern] if items is None else (items,))


def test_a_bracket_that_nothing_opened_is_named() -> None:
    with pytest.raises(ValueError, match="closes a bracket that it never opened"):
        parse_pattern("a)b")
