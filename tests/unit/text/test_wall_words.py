"""The words of walls: every language's row is whole, and each pattern is one."""

from __future__ import annotations

import re

import pytest

from worker.text.languages import LANGUAGES
from worker.text.wall_words import WallWords, wall_words

ROWS = {row.language: row for row in wall_words()}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_a_row_is_whole(row: WallWords) -> None:
    english = ROWS["en"]
    assert row.language in {language.code for language in LANGUAGES}
    assert set(row.matters) == set(row.sure) == set(english.matters)
    assert row.reader
    assert row.asks
    assert row.reports
    assert row.shared


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_patterns_are_in_lower_case_and_match_something(row: WallWords) -> None:
    kinds = [words for kinds in (row.matters, row.sure) for words in kinds.values()]
    for pattern in (*row.reader, *row.asks, *row.reports, *row.shared, *(each for words in kinds for each in words)):
        assert re.sub(r"\\[WDS]", "", pattern) == re.sub(r"\\[WDS]", "", pattern).lower()
        assert re.compile(pattern).match("") is None
