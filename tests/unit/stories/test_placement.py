"""What is left when a member goes or says something else is what the others say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.conftest import NOW
from worker.stories import (
    PlacedArticle,
    StoryCandidate,
    StoryFeatures,
    follow_original,
    is_loose,
    join_story,
    move_report,
    revise_report,
    sum_up,
    take_over,
)

DAY = timedelta(days=1)


def said(*terms: str, language: str = "en", published=NOW) -> StoryFeatures:
    return StoryFeatures(dict.fromkeys(terms, round(len(terms) ** -0.5, 5)), terms, language, published)


FERRY = PlacedArticle(1, 7, said("ferry", "gale", published=NOW - DAY))
STORM = PlacedArticle(2, 7, said("ferry", "storm", language="es", published=NOW + DAY))
TRAM = PlacedArticle(3, 8, said("tram"))


def test_a_report_joins_and_its_story_develops_by_its_keys_alone():
    known = StoryCandidate(7, (FERRY.features,))
    change = join_story(2, FERRY.features, [known], now=NOW)
    (story,) = change.stories
    assert (change.story_id, story.story_id, story.joined) == (7, 7, True)
    assert story.sums.size == 2
    (opened,) = join_story(2, TRAM.features, [known], now=NOW).stories
    assert (opened.story_id, opened.joined, opened.sums) == (None, True, sum_up([TRAM.features]))


def test_what_a_member_that_left_said_is_gone_with_it():
    """Else the story is found near by what nobody in it says."""
    change = follow_original(9, 8, [2], [FERRY, STORM])
    (story,) = change.stories
    assert story.sums == sum_up([FERRY.features])
    assert (story.sums.size, story.sums.last_published) == (1, NOW - DAY)
    assert not story.joined
    assert [(one.article_id, one.story_id) for one in change.left] == [(2, 7)]
    assert (change.story_id, change.features, change.merged) == (8, None, {})


def test_a_story_whose_last_member_became_a_copy_goes_on_as_that_of_the_original():
    change = follow_original(9, 7, [3], [TRAM])
    assert (change.stories, change.merged) == ((), {8: 7})


def test_an_original_read_late_is_in_the_story_by_its_own_words_and_others_leave():
    late = said("ferry", "harbour", published=NOW - 2 * DAY)
    change = take_over(9, late, [2, 3], [FERRY, STORM, TRAM])
    (story,) = change.stories
    assert (change.story_id, change.takes_over, change.joined, change.merged) == (7, 2, None, {8: 7})
    assert story.sums == sum_up([FERRY.features, late])
    assert (story.sums.size, story.sums.last_published) == (2, NOW - DAY)
    assert [(one.article_id, one.story_id) for one in change.left] == [(3, 8)]


def test_two_originals_of_one_story_are_one_member_of_it_afterwards():
    change = take_over(9, said("ferry"), [2, 1], [FERRY, STORM])
    assert change.stories[0].sums == sum_up([said("ferry")])
    assert [(one.article_id, one.story_id) for one in change.left] == [(1, 7)]


def test_a_report_that_says_something_else_is_counted_by_that():
    change = revise_report(replace(STORM, features=said("ferry", "calm")), [FERRY, STORM])
    (story,) = change.stories
    assert not story.joined
    assert revise_report(STORM, [FERRY, STORM]).stories == (), "what says the same changes nothing"


def test_a_report_is_loose_when_it_shares_nothing_with_the_others():
    assert not is_loose(1, FERRY.features, [FERRY, STORM])
    assert is_loose(1, TRAM.features, [FERRY, STORM])
    assert not is_loose(1, TRAM.features, [FERRY]), "alone it is in its own story"


def test_a_report_that_moves_is_weighed_against_the_story_without_it():
    """Else its own words would draw it back."""
    loose = replace(STORM, features=said("tram", "depot"))
    candidates = [
        StoryCandidate(7, (FERRY.features, loose.features)),
        StoryCandidate(8, (TRAM.features,)),
    ]
    change = move_report(loose, [FERRY, STORM], candidates, "loose", now=NOW)
    left, joined = change.stories
    assert (left.story_id, left.sums, joined.story_id) == (7, sum_up([FERRY.features]), 8)
    assert (change.story_id, change.left[0].reason) == (8, "loose")
