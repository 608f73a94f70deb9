"""The choices that `python -m benchmarks.pages --choices` tries are choices of the pages as they are."""

from __future__ import annotations

import pytest

from benchmarks.pages.choices import Choice, choices, made
from tests.unit.pages.sample import STORY, page
from worker.pages import extract_article

URL = "https://www.harbour.example/fares"


@pytest.mark.parametrize("choice", list(choices()), ids=lambda choice: choice.name)
def test_a_choice_changes_what_there_is_and_leaves_an_article(choice: Choice) -> None:
    with made([choice]):
        assert STORY[0] in extract_article(page(), URL).text
