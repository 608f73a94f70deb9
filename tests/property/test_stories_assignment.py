from datetime import UTC, datetime, timedelta
from math import sqrt

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.stories import StoryArticle, StoryCandidate, absorb, assign, features

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
        sums = None
        for article in group:
            sums = absorb(sums, features(article))
        yield StoryCandidate(number, sums)


@given(articles)
@settings(deadline=None)
def test_features_are_a_bounded_unit_vector(article):
    found = features(article)
    assert found == features(article)
    assert len(found.vector) <= 151
    length = sqrt(sum(weight * weight for weight in found.vector.values()))
    assert length == 0 or abs(length - 1) < 0.01
    assert all(weight >= 0 for weight in found.vector.values())


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


@given(st.lists(articles, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_story_counts_every_member_once(group):
    (story,) = stories_of([group])
    assert story.sums.size == len(group)
    assert story.sums.first_published == min(article.published for article in group)
    assert story.sums.last_published == max(article.published for article in group)
