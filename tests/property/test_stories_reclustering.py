"""Merges and splits: every article in exactly one story, the same whatever the order, and nothing left to do."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.stories import PlacedArticle, StoryFeatures, recluster

START = datetime(2026, 5, 4, tzinfo=UTC)
WORDS = ["herrin", "minist", "ferry", "licenc", "harbou", "tram", "depot", "@holm", "@brandt", "@alder"]


def _features(terms, language, hours):
    words = [term for term in terms if not term.startswith("@")]
    vector = {term: round(len(words) ** -0.5, 5) for term in sorted(words)}
    vector |= {term: 0.005 for term in sorted(terms) if term.startswith("@")}
    return StoryFeatures(vector, tuple(sorted(words)), language, START + timedelta(hours=hours))


features = st.builds(
    _features,
    st.sets(st.sampled_from(WORDS), max_size=6),
    st.sampled_from(["en", "es", None]),
    st.integers(0, 200),
)
placements = st.lists(st.tuples(st.integers(1, 4), features), max_size=12).map(
    lambda rows: [PlacedArticle(number, story, said) for number, (story, said) in enumerate(rows, start=1)]
)


def applied(articles, found):
    """The articles where the reclustering puts them."""
    story_of = {placed.article_id: placed.story_id for placed in articles}
    for story_id, moving in found.joined.items():
        story_of.update(dict.fromkeys(moving, story_id))
    for number, moving in enumerate(found.opened, start=100):
        story_of.update(dict.fromkeys(moving, number))
    return [PlacedArticle(placed.article_id, story_of[placed.article_id], placed.features) for placed in articles]


@given(placements, st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_article_is_in_one_story_and_twice_is_once(articles, complete):
    found = recluster(articles, complete=complete)
    moves = Counter(article_id for moving in (*found.joined.values(), *found.opened) for article_id in moving)
    assert set(moves.values()) <= {1}
    after = applied(articles, found)
    assert recluster(after, complete=complete).moving == 0
    left = {placed.story_id for placed in after}
    for story_id in {placed.story_id for placed in articles}:
        assert (story_id in left) != (story_id in found.merged), "a story goes on or is merged into one that does"
    assert set(found.merged.values()) <= left


@given(placements, st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_changes_nothing(articles, rng):
    shuffled = articles[:]
    rng.shuffle(shuffled)
    assert recluster(shuffled) == recluster(articles)


@given(placements)
@settings(max_examples=100, deadline=None)
def test_a_story_that_is_kept_keeps_a_part_of_itself(articles):
    found = recluster(articles)
    after = {placed.article_id: placed.story_id for placed in applied(articles, found)}
    stayed = {placed.story_id for placed in articles if after[placed.article_id] == placed.story_id}
    assert stayed == {placed.story_id for placed in articles} - set(found.merged)
