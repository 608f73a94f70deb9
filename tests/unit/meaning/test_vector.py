"""Meanings: of length 1, and compared only where one model made them."""

from __future__ import annotations

import pytest

from worker.meaning import Meaning, as_meaning, likeness


def test_a_vector_is_drawn_to_length_one() -> None:
    assert as_meaning("boats", (3.0, 4.0)) == Meaning("boats", (0.6, 0.8))


@pytest.mark.parametrize("vector", [(), (0.0, 0.0), (float("nan"), 1.0), (float("inf"), 1.0)])
def test_what_has_no_direction_means_nothing(vector: tuple[float, ...]) -> None:
    assert as_meaning("boats", vector) is None


def test_likeness_is_the_cosine() -> None:
    assert likeness(Meaning("boats", (0.6, 0.8)), Meaning("boats", (0.8, 0.6))) == pytest.approx(0.96)


def test_what_two_models_say_is_not_compared() -> None:
    assert likeness(Meaning("boats", (1.0, 0.0)), Meaning("ships", (1.0, 0.0))) is None
    assert likeness(Meaning("boats", (1.0, 0.0)), Meaning("boats", (1.0,))) is None
