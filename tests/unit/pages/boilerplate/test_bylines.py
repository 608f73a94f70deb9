"""A byline is a name with a date, an outlet or a word like "by" beside it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.pages.boilerplate.bylines import is_byline

OUTLET = "The Quay Lantern"


@pytest.mark.parametrize(
    "line",
    [
        "POR Ana Pereira • 16/11/2026 12:41", "Texto: Ana Pereira, 17 de noviembre de 2026",
        "Words: Night Desk, November 17, 2026", "Mesa Digital16 de noviembre de 2026", "2026-11-16T11:39:00+00:00",
        "ANA PEREIRA / THE QUAY LANTERN", "Ana Pereira and Tom Olds | The Quay Lantern",
        "By Ana Pereira | Nov 16, 2026, 9:30 a.m. CST", "16 novembre 2026 14h05", "The Quay Lantern, 4 May 2026",
    ],
)  # fmt: skip
def test_these_are_bylines(line: str) -> None:
    assert is_byline(line, outlet=OUTLET)


@pytest.mark.parametrize(
    "line",
    [
        "", "Ana Pereira", "By noon the pier was full", "The Quay Lantern was founded on 4 May 2026",
        "Ana Pereira won on 16 November 2026.", "In November 2026 nobody came", "Por la tarde, 40 personas",
        "The Quay Lantern Harbour Safety Practices",
        "At 14:05 the bridge fell", "Ana Pereira said so to The Quay Lantern", "x" * 200 + " 4 May 2026",
    ],
)  # fmt: skip
def test_these_are_none(line: str) -> None:
    assert not is_byline(line, outlet=OUTLET)


@given(st.text(max_size=150), st.lists(st.text(max_size=20), max_size=3), st.text(max_size=20))
def test_it_answers_whatever_a_page_says(line: str, authors: list[str], outlet: str) -> None:
    assert is_byline(line, authors=authors, outlet=outlet) in (True, False)
