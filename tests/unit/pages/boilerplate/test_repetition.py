"""What is said twice goes once: key points, cut standfirsts and pull quotes, but no heading and no list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.pages.boilerplate.repetition import find_repeats

LEAD = "The harbour council raised all fares by a tenth on Monday. The new boat is to pay for itself by then."
QUOTE = "“Nobody asked those of us who live out on the island,” said Imogen Hartley. She has run the shop for years."
REST = "The crossing takes forty minutes when the fog stays out at sea, and longer when it does not."


@pytest.mark.parametrize(
    ("lines", "gone"),
    [
        (["The harbour council raised all fares by a tenth on Monday.", LEAD, REST], [0]),  # a standfirst
        ([REST, QUOTE, "“Nobody asked those of us who live out on the island.”", LEAD], [2]),  # a pull quote
        ([REST, "Nobody asked those of us who live out on the island.", QUOTE], [1]),  # a key point
        ([REST, LEAD, "She has run the shop for years.", QUOTE], []),
        (["The harbour council raised all fares by a tenth", LEAD, REST], []),  # a heading
        (["All fares rise.", LEAD, REST], []),
        ([LEAD, REST, "The harbour council raised all fares by a tenth on Monday."], []),
    ],
)
def test_a_line_that_another_has_whole_goes(lines: list[str], gone: list[int]) -> None:
    assert sorted(find_repeats(lines, {})) == gone


def test_what_is_said_again_throughout_is_the_texts_own_form() -> None:
    lines = [f"“Nobody asked those of us who live on island number {number}.”" for number in range(9)]
    told = [f"{line[:-1]} So they say. There is more to it than that." for line in lines]
    assert find_repeats([*lines, *told], {}) == {}


@given(st.lists(st.sampled_from([LEAD, QUOTE, REST, LEAD[:58], "“Nobody asked.”"]) | st.text(max_size=80), max_size=20))
def test_something_of_every_line_stays(lines: list[str]) -> None:
    gone = find_repeats(lines, {})
    assert all(0 <= number < len(lines) for number in gone)
    assert not lines or not any(lines) or set(gone) != set(range(len(lines)))
