"""Screens and beginnings may let a text through for nothing; they may never stop one that a pattern matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.literals import (
    BEGINNING,
    LiteralIndex,
    Screen,
    beginnings,
    letter_runs,
    lower,
    required_literals,
)

PATTERNS = (
    r"(?:sign|log) ?in\b|cookies?",
    r"e-?mail|\bnews ?letter\w*",
    r"(?<![a-z])(?:share|redes(?:-?sociales)?)s?(?![a-z])",
    r"(?:follow|like(?= us))\b[^.]{0,20}\b(?:on|at) (?:x|face ?book)",
    r"s[íi]guenos|suscr[íi]b[ae]te|désactiv\w+",
    r"(?!also)(?:read|see)\s+(?:also|more)|(?-i:READ) it",
    r"\d+ (?:shares?|kommentare)|skip to (?:the )?content",
    r"(?:ab)+c{2,3}d*|x",
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_matches_passes_the_screen_and_begins_as_it_may(pattern: str) -> None:
    @given(st.from_regex(re.compile(pattern, re.IGNORECASE)), st.text(max_size=5))
    def holds(text: str, more: str) -> None:
        found = re.search(pattern, text + more, re.IGNORECASE)
        if found is None:
            return
        assert Screen([pattern]).passes(lower(text + more))
        assert lower((text + more)[found.start() :]).startswith(tuple(beginnings(pattern)))

    holds()


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"captcha|not a robot", {"captcha", "not a robot"}),
        (r"\w+ (?:java|type)script\b", {" javascript", " typescript"}),
        (r"cookies?", {"cookie"}),
        (r"(?:a|bc)d* x+(?:yz)*", None),
        (r"\w+", None),
        (r"ŝanĝo", {"an"}),
    ],
)
def test_the_strings_a_pattern_requires(pattern: str, literals: set[str] | None) -> None:
    assert required_literals(pattern) == literals


def test_a_screen_stops_what_holds_none_of_its_strings() -> None:
    screen = Screen(["captcha|not a robot", "cookies?"])
    assert not screen.passes("the harbour is closed until may")
    assert screen.passes(lower("Accept our COOKIES"))


@given(st.lists(st.text("abc ", max_size=9), max_size=6), st.text("abc ", max_size=30))
def test_an_index_finds_the_strings_that_stand_in_a_text(literals: list[str], text: str) -> None:
    index = LiteralIndex((literal, number) for number, literal in enumerate(literals))
    expected = {number for number, literal in enumerate(literals) if literal in text}
    assert set(index.found(text, letter_runs(text))) == expected


def test_a_pattern_without_any_string_lets_everything_through() -> None:
    assert Screen(["captcha", r"\d+"]).passes("the harbour")


@pytest.mark.parametrize(
    ("pattern", "starts"),
    [
        ("read more|see", {"rea", "see"}),
        (r"(?:the )?end", {"the", "end"}),
        (r"(?!also)x\w+", {"x"}),
        (r"\d+ shares", {""}),
        (r"(?:a|.b)c", {""}),
    ],
)
def test_the_beginnings_of_a_pattern(pattern: str, starts: set[str]) -> None:
    assert beginnings(pattern) == starts
    assert all(len(start) <= BEGINNING for start in starts)


@pytest.mark.parametrize("letter", ["İ", "ı", "ſ", "K", "Å"])
def test_letters_that_ignore_case_as_re_does(letter: str) -> None:
    for plain in "iskå":
        if re.fullmatch(plain, letter, re.IGNORECASE):
            assert lower(f"a{letter}b") == f"a{plain}b"
