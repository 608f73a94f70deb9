"""Foreign text on one line, and what an article without a title is called."""

from __future__ import annotations

import pytest

from worker.digests.text import one_line, title_line

UNSHOWABLE = ["\ufffe", "\x00", "\x1b", "\ud800", "\ufdd0", "\u202e"]


@pytest.mark.parametrize("sign", UNSHOWABLE)
def test_a_title_made_of_a_text_is_as_clean_as_a_title(sign: str) -> None:
    assert title_line(f"A{sign}B", "", 50) == "AB" == title_line("", f"A{sign}B", 50)
    assert title_line(sign, sign, 50) == ""


def test_the_title_comes_first_and_a_text_lends_its_first_sentence() -> None:
    assert title_line("The bridge is open", "Buses crossed it at noon.", 50) == "The bridge is open"
    assert title_line(" ", "Buses crossed it at noon. Lorries have to wait.", 50) == "Buses crossed it at noon."


def test_one_line_is_one_line_and_ends() -> None:
    assert one_line("one\ntwo\u2028three", 50) == "one two three"
    assert len(one_line("word " * 400, 40)) <= 40
