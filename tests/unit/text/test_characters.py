"""The shared sets of characters, and what rooms build of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.digests.text import one_line
from worker.pages.tree.spacing import fold_space
from worker.text import characters
from worker.text.characters import deletion_table
from worker.topics.tokens import tokenise

SETS = [value for name, value in vars(characters).items() if name.isupper() and len(value) > 1]


@pytest.mark.parametrize("inside", SETS)
@given(st.characters(max_codepoint=0xFFFF))
def test_a_deletion_table_drops_what_the_pattern_matches(inside: str, character: str) -> None:
    assert (ord(character) in deletion_table(inside)) == bool(re.match(f"[{inside}]", character))


def test_single_characters_and_ranges_are_told_apart() -> None:
    assert "abcxyz".translate(deletion_table("ax-z")) == "bc"
    assert not deletion_table("")


def test_rooms_differ_where_they_mean_to() -> None:
    arabic, emoji = f"a{characters.ARABIC_LETTER_MARK}b", f"a{characters.JOINER}b"
    assert fold_space(arabic) == "ab"
    assert tokenise(arabic).words == ("a", "b"), "in a topic's words it parts"
    assert fold_space(emoji) == "ab"
    assert one_line(emoji, 10) == emoji, "a digest keeps what joins emoji"


def test_whatever_is_invisible_is_gone_from_pages_and_words() -> None:
    for code in deletion_table(characters.INVISIBLE):
        written = f"mi{chr(code)}grant"
        assert fold_space(written) == "migrant"
        assert tokenise(written).words == ("migrant",)
        assert one_line(written, 20) == (written if chr(code) == characters.JOINER else "migrant")
