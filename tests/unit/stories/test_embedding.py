from __future__ import annotations

import pytest

from tests.conftest import NOW
from worker import stories
from worker.stories.embedding import mean_likeness

NORTH, EAST, SOUTH = (stories.as_embedding("m", vector) for vector in ((2.0, 0.0), (0.0, 3.0), (-1.0, 0.0)))
OTHER_MODEL = stories.as_embedding("other", (1.0, 0.0))
WORDS = {"ferry": 0.6, "harbour": 0.8}


def report(embedding: stories.Embedding | None, vector: dict[str, float] = WORDS) -> stories.StoryFeatures:
    return stories.StoryFeatures(vector, tuple(vector), "en", NOW, embedding)


def test_an_embedding_has_length_one_and_needs_a_direction() -> None:
    assert stories.Embedding("m", (1.0, 0.0)) == NORTH
    assert stories.as_embedding("m", (0.0, 0.0)) is None
    assert stories.as_embedding("m", (float("nan"), 1.0)) is None


def test_a_sum_gives_the_mean_of_all_pairs() -> None:
    assert NORTH
    assert EAST
    assert SOUTH
    both = stories.pool(NORTH, EAST)
    assert both
    assert both.count == 2
    assert mean_likeness(NORTH, both) == pytest.approx(0.5)
    assert mean_likeness(both, both) == pytest.approx(0.5)
    assert mean_likeness(NORTH, SOUTH) == pytest.approx(-1)


def test_a_later_model_begins_a_new_sum_and_is_not_compared() -> None:
    assert NORTH
    assert OTHER_MODEL
    assert stories.pool(NORTH, OTHER_MODEL) == OTHER_MODEL
    assert stories.pool(NORTH, None) == stories.pool(None, NORTH) == NORTH
    assert mean_likeness(NORTH, OTHER_MODEL) is None
    assert mean_likeness(NORTH, stories.Embedding("m", (1.0, 0.0, 0.0))) is None


def test_meaning_counts_where_it_can_be_compared_and_else_the_words_alone() -> None:
    plain = weighed(None, None)
    assert weighed(EAST, NORTH) < plain < weighed(NORTH, NORTH)
    assert plain == weighed(NORTH, None) == weighed(None, EAST) == weighed(NORTH, OTHER_MODEL)
    assert plain == weighed(EAST, NORTH, weight=0)
    assert weighed(NORTH, NORTH, weight=3) == pytest.approx(plain + 3 * 0.4)


def test_hindsight_goes_by_meaning_too() -> None:
    strict = stories.StorySettings(weights=stories.Weights(base=-6), embedding_weight=2, embedding_midpoint=0)
    for other, joined in ((NORTH, True), (SOUTH, False), (None, False)):
        placed = [stories.PlacedArticle(number, number, report(said)) for number, said in ((1, NORTH), (2, other))]
        assert bool(stories.recluster(placed, settings=strict).merged) is joined


def weighed(one: stories.Embedding | None, other: stories.Embedding | None, *, weight: float = 2) -> float:
    """Of reports whose words alone leave them in doubt, so that no bound is reached."""
    settings = stories.StorySettings(
        weights=stories.Weights(base=-5), embedding_weight=weight, embedding_midpoint=0.6, unlike=-9
    )
    return stories.score(report(one), [report(other)], settings=settings)
