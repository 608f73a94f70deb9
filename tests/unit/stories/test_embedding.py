from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import NOW
from worker import stories
from worker.stories.embedding import mean_likeness, weigh_meaning

NORTH, EAST, SOUTH = (stories.as_embedding("m", vector) for vector in ((2.0, 0.0), (0.0, 3.0), (-1.0, 0.0)))
OTHER_MODEL = stories.as_embedding("other", (1.0, 0.0))
WORDS = {"ferry": 0.6, "harbour": 0.8}


def report(embedding: stories.Embedding | None, vector: dict[str, float] = WORDS) -> stories.StoryFeatures:
    return stories.StoryFeatures(vector, tuple(vector), "en", NOW, embedding)


def story(*members: stories.StoryFeatures) -> stories.StorySums:
    return stories.sum_up(members)


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


def test_meaning_weighs_only_where_it_can_be_compared() -> None:
    for one, other in ((NORTH, None), (None, NORTH), (None, None), (NORTH, OTHER_MODEL)):
        assert weigh_meaning(one, other, weight=2, midpoint=0.1) == 1
    assert weigh_meaning(NORTH, NORTH, weight=0.5, midpoint=0.6) == pytest.approx(1.2)
    assert weigh_meaning(NORTH, EAST, weight=0.5, midpoint=0.6) == pytest.approx(0.7)
    assert weigh_meaning(NORTH, SOUTH, weight=2, midpoint=0.5) == 0


def test_a_score_counts_meaning_and_falls_back_on_the_words() -> None:
    plain = stories.score(report(None), story(report(None)))
    near, far = stories.score(report(NORTH), story(report(NORTH))), stories.score(report(EAST), story(report(NORTH)))
    assert far < plain <= near
    assert (
        plain == stories.score(report(NORTH), story(report(None))) == stories.score(report(None), story(report(EAST)))
    )
    assert plain == stories.score(report(NORTH), story(report(OTHER_MODEL)))
    none = replace(stories.MEASURED, embedding_weight=0)
    assert plain == stories.score(report(EAST), story(report(NORTH)), settings=none)


def test_words_alone_decide_what_is_compared_at_all() -> None:
    assert stories.score(report(NORTH), story(report(NORTH, {"verdict": 1.0}))) == 0


def test_hindsight_goes_by_meaning_too() -> None:
    weak = {"ferry": 0.45, "tram": 0.893}
    told = [report(NORTH), report(SOUTH, weak)]
    for one, other, joined in ((NORTH, SOUTH, False), (NORTH, NORTH, True), (None, None, True), (NORTH, None, True)):
        placed = [
            stories.PlacedArticle(number, number, replace(each, embedding=meaning))
            for number, (each, meaning) in enumerate(zip(told, (one, other), strict=True), start=1)
        ]
        settings = replace(stories.MEASURED, embedding_weight=1.0, window=timedelta(days=1))
        assert bool(stories.recluster(placed, settings=settings).joined) is joined


def test_the_gist_is_the_title_and_the_beginning() -> None:
    article = stories.StoryArticle("A title", "word " * 9_999 + "https://x.example/y", "en", NOW)
    assert stories.gist(article).startswith("A title. word word")
    assert len(stories.gist(article).split()) == 400
