"""The choices that `python -m benchmarks.pages --choices` tries are choices of the pages as they are."""

from __future__ import annotations

import pytest

from benchmarks.pages.choices import Choice, best_for, choices, made
from tests.unit.pages.sample import STORY, page
from worker.pages import extract_article

URL = "https://www.harbour.example/fares"


@pytest.mark.parametrize("choice", list(choices()), ids=lambda choice: choice.name)
def test_a_choice_changes_what_there_is_and_leaves_an_article(choice: Choice) -> None:
    with made([choice]):
        assert STORY[0] in extract_article(page(), URL).text


def test_sets_choose_what_raises_their_mean_and_one_value_of_a_threshold() -> None:
    gains = [
        (Choice("without a rule", {}), {"one": 0.004, "two": -0.002, "three": -0.009}),
        (Choice("least = 2", {}), {"one": 0.001, "two": 0.001, "three": 0.0}),
        (Choice("least = 4", {}), {"one": 0.002, "two": 0.001, "three": 0.001}),
        (Choice("without a step", {}), {"one": 0.001, "two": -0.003, "three": 0.009}),
    ]
    assert [choice.name for choice in best_for(gains, ["one", "two"])] == ["without a rule", "least = 4"]
    assert [choice.name for choice in best_for(gains, ["two", "three"])] == ["least = 4", "without a step"]
