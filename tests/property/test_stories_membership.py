"""The sums of a story are those of its members, however they came to be its members."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.stories import PlacedArticle, StoryCandidate, StoryFeatures, move_report, recount, sum_up

START = datetime(2026, 5, 4, tzinfo=UTC)
WORDS = ["herrin", "minist", "ferry", "licenc", "harbou", "@holm", "@brandt", "#m5.9", "2026-05-04"]


def _features(weights, language, hours):
    vector = {term: round(weight, 5) for term, weight in weights.items()}
    published = START + timedelta(hours=hours)
    return StoryFeatures(vector, tuple(sorted(vector))[:2], language, published)


features = st.builds(
    _features,
    st.dictionaries(st.sampled_from(WORDS), st.floats(0.001, 1), max_size=6),
    st.sampled_from(["en", "es-MX", "de", None]),
    st.integers(0, 200),
)
groups = st.lists(features, min_size=1, max_size=7)
placements = st.lists(st.tuples(st.integers(1, 3), features), min_size=1, max_size=9).map(
    lambda rows: [PlacedArticle(number, story, said) for number, (story, said) in enumerate(rows, start=1)]
)


@given(groups, st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_members_changes_nothing(members, rng):
    found = sum_up(members)
    assert (found.size, found.first_published) == (len(members), min(one.published for one in members))
    shuffled = members[:]
    rng.shuffle(shuffled)
    assert found == sum_up(shuffled)


@given(placements, st.data())
@settings(max_examples=100, deadline=None)
def test_only_stories_that_change_are_recounted_and_each_to_the_sums_of_its_members(before, data):
    gone = data.draw(st.sets(st.sampled_from([one.article_id for one in before])))
    after = [one for one in before if one.article_id not in gone]
    found = recount(before, after)
    touched = {one.story_id for one in before if one.article_id in gone}
    left = {one.story_id for one in after}
    assert [change.story_id for change in found] == sorted(touched & left)
    for change in found:
        members = [one.features for one in after if one.story_id == change.story_id]
        assert change.sums == sum_up(members)
    assert recount(before, before) == ()


@given(placements.filter(lambda placed: len(placed) > 1), features)
@settings(max_examples=100, deadline=None)
def test_a_report_that_moves_is_counted_once(placed, said):
    """Whether it joins another story, opens one, or comes back to the one that it left."""
    members = [replace(one, story_id=1) for one in placed]
    report = replace(members[0], features=said)
    rest = [one.features for one in members[1:]]
    candidates = [StoryCandidate(1, tuple(one.features for one in members))]
    change = move_report(report, members, candidates, "loose", now=START)
    sums = {story.story_id: story.sums for story in change.stories}
    if change.story_id == 1:
        assert sums[1] == sum_up([*rest, said])
    else:
        assert sums[1] == sum_up(rest)
        assert sums[None] == sum_up([said])
