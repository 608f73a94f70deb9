from datetime import UTC, datetime, timedelta
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.stories import StoryArticle, StoryCandidate, assign, features
from worker.stories.rarity import rarity

START = datetime(2026, 5, 4, tzinfo=UTC)
WORDS = [
    "herring",
    "minister",
    "ferry",
    "licence",
    "harbour",
    "acuerdo",
    "pesca",
    "Brandt",
    "Holm",
    "14",
    "the",
    "de",
]
texts = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=200)
articles = st.builds(
    StoryArticle,
    title=texts,
    text=texts,
    language=st.sampled_from(["en", "es", "de", "xx", None]),
    published=st.integers(-200, 200).map(lambda hours: START + timedelta(hours=hours)),
)


def stories_of(groups):
    for number, group in enumerate(groups):
        yield StoryCandidate(number, tuple(map(features, group)))


@given(articles)
@settings(deadline=None)
def test_features_are_a_bounded_unit_vector(article):
    found = features(article)
    assert found == features(article)
    assert len(found.vector) <= 210
    length = sqrt(sum(weight * weight for weight in found.vector.values()))
    assert length == 0 or abs(length - 1) < 0.01
    assert all(weight >= 0 for weight in found.vector.values())


@given(st.floats(0, 1), st.sampled_from(["the", "herrin", "14", "qqqxyz"]), st.sampled_from(["en", "es", "de", "xx"]))
@settings(max_examples=500)
def test_a_term_weighs_more_than_nothing_however_often_it_comes(share, term, language):
    weight = rarity(term, language, share=share)
    assert 0 < weight <= rarity(term, language)


@given(st.sampled_from(WORDS), st.integers(1, 400))
def test_a_text_of_one_word_is_a_unit_vector_too(word, times):
    found = features(StoryArticle("", f"{word} " * times, "xx", START))
    assert sum(weight * weight for weight in found.vector.values()) == pytest.approx(1, abs=0.01)


@given(articles, st.lists(st.lists(articles, min_size=1, max_size=3), max_size=5), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_candidates_changes_nothing(article, groups, rng):
    candidates = list(stories_of(groups))
    found = assign(features(article), candidates, now=START)
    shuffled = candidates[:]
    rng.shuffle(shuffled)
    assert assign(features(article), shuffled, now=START) == found
    assert found.story_id is None or found.story_id < len(groups)
    assert 0 <= found.score <= 1.01
