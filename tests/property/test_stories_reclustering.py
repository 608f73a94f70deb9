"""Merges and splits: every article in exactly one story, the same whatever the order, and nothing left to do."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stories.conftest import recluster
from worker.stories import PlacedArticle, Reclusterer, StoryFeatures

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


@given(placements)
@settings(max_examples=150, deadline=None)
def test_every_article_is_in_one_story_and_twice_is_once(articles):
    found = recluster(articles)
    moves = Counter(article_id for moving in (*found.joined.values(), *found.opened) for article_id in moving)
    assert set(moves.values()) <= {1}
    after = applied(articles, found)
    assert recluster(after).moving == 0
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


@given(placements, st.randoms())
@settings(max_examples=200, deadline=None)
def test_a_story_looked_at_by_itself_becomes_what_it_becomes_among_all(articles, rng):
    """However little of the rest is read for it, in whatever order, and over however many windows it lasts."""
    whole = {frozenset(group) for group in _groups(applied(articles, recluster(articles)))}
    members = {one.story_id: [] for one in articles}
    for one in articles:
        members[one.story_id].append(one.article_id)
    for story_id in members:
        for part in _look_at(story_id, articles, members, rng):
            after = applied([one for one in articles if one.story_id in part.stories], part)
            assert {frozenset(group) for group in _groups(after)} <= whole


def _groups(articles):
    found = {}
    for one in articles:
        found.setdefault(one.story_id, []).append(one.article_id)
    return found.values()


def _look_at(story_id, articles, members, rng):
    by_number = {one.article_id: one for one in articles}
    found, asked = Reclusterer(), [story_id]
    while asked:
        found.ask({each: members[each] for each in asked})
        while missing := found.missing_articles():
            rng.shuffle(missing)
            for number in missing:
                keys = set(by_number[number].features.keys)
                others = {one.article_id: one.features for one in articles if keys & set(one.features.keys)}
                found.learn(by_number[number], others)
        asked = found.missing_stories()
    parts = found.result()
    assert {each for part in parts for each in part.stories} >= {story_id}
    return parts
