from datetime import timedelta

from tests.unit.stories.conftest import NOON, recluster
from worker.stories import PlacedArticle, Reclusterer, StoryFeatures, StorySettings, Weights


def said(*terms: str, hours: float = 0) -> StoryFeatures:
    """An article made of these terms, all of one weight."""
    vector = dict.fromkeys(terms, round(len(terms) ** -0.5, 5))
    return StoryFeatures(vector, terms[:12], "en", NOON + timedelta(hours=hours))


FERRY, TRAM = said("ferry", "harbour", "gale"), said("tram", "rails", "depot")
BOTH = said("ferry", "harbour", "tram", "rails")


def placed(*stories: tuple[StoryFeatures, ...]) -> list[PlacedArticle]:
    """Articles 1, 2, … in stories 10, 20, …"""
    numbered = [(10 * story, article) for story, members in enumerate(stories, start=1) for article in members]
    return [PlacedArticle(number, story, article) for number, (story, article) in enumerate(numbered, start=1)]


def test_what_is_right_stays():
    found = recluster(placed((FERRY, FERRY), (TRAM,)))
    assert (found.moving, found.joined, found.opened, found.merged) == (0, {}, (), {})
    assert recluster([]).moving == 0


def test_two_stories_of_one_event_become_the_bigger_one():
    found = recluster(placed((FERRY,), (FERRY, FERRY)))
    assert (found.joined, found.merged, found.opened) == ({20: (1,)}, {10: 20}, ())
    assert found.moving == 1


def test_equally_big_ones_become_the_older():
    found = recluster(placed((FERRY,), (FERRY,), (FERRY,)))
    assert (found.joined, found.merged) == ({10: (2, 3)}, {20: 10, 30: 10})


def test_a_story_of_two_events_keeps_its_bigger_part():
    found = recluster(placed((TRAM, FERRY, FERRY)))
    assert (found.joined, found.merged, found.opened) == ({}, {}, ((1,),))


def test_an_article_moves_to_the_story_it_belongs_to():
    found = recluster(placed((TRAM, TRAM, FERRY), (FERRY, FERRY)))
    assert (found.joined, found.merged, found.opened) == ({20: (3,)}, {}, ())


def test_a_story_that_is_parted_among_others_is_merged_into_the_one_with_most_of_it():
    found = recluster(placed((FERRY, FERRY), (TRAM, TRAM, TRAM), (FERRY, TRAM, TRAM)))
    assert found.joined == {10: (6,), 20: (7, 8)}
    assert found.merged == {30: 20}


def test_reports_far_apart_in_time_are_other_events():
    late = said(*FERRY.vector, hours=24 * 9)
    assert recluster(placed((FERRY, late))).opened != ()
    assert recluster(placed((FERRY, said(*FERRY.vector, hours=60)))).moving == 0


def test_the_same_words_say_less_after_days_of_silence():
    settings = StorySettings(weights=Weights(base=-5.0))  # the same words stand at 0.6, and below 0 after two days
    for hours, opened in ((23, 0), (25, 0), (60, 1)):
        found = recluster(placed((FERRY, said(*FERRY.vector, hours=hours))), settings=settings)
        assert len(found.opened) == opened


def test_a_story_that_is_told_day_by_day_stays_one():
    reports = tuple(
        StoryFeatures({"ferry": 0.8, f"day{day}": 0.6}, ("ferry", f"day{day}"), "en", NOON + timedelta(days=day))
        for day in range(20)
    )
    assert recluster(placed(reports)).moving == 0
    assert recluster(placed((reports[0], reports[-1]))).opened, "without the days between they are two"


def test_a_tight_story_asks_for_a_part_of_what_its_members_are_to_each_other():
    settings = StorySettings(growth=0, core=0.7)
    half = StoryFeatures({"ferry": 0.4, "tram": 0.917}, ("ferry", "tram"), "en", NOON)
    ferry, again = (StoryFeatures({"ferry": 1.0}, ("ferry",), "en", NOON) for _ in range(2))
    assert recluster(placed((half, ferry)), settings=settings).moving == 0
    assert recluster(placed((half, ferry, again)), settings=settings).opened == ((1,),)


def test_an_article_that_repeats_the_words_of_all_stories_glues_none_together():
    events = [tuple(f"{word}{number}" for word in ("ferry", "harbour", "gale", "strike")) for number in range(12)]
    reports = [(said(*event), said(*event)) for event in events]
    glue = said(*(term for event in events for term in event))
    found = recluster(placed(*reports, (glue,)))
    assert found.moving <= 1
    assert not found.opened
    assert set(found.joined.values()) <= {(25,)}, "at most the article itself is in the wrong place"


def test_reports_more_than_a_window_apart_speak_neither_for_one_story_nor_against_it():
    settings = StorySettings(growth=0.0, core=0.0)
    first, between, last = (said(*FERRY.vector, hours=24 * day) for day in (0, 2.5, 5))
    assert recluster(placed((first,), (between,), (last,)), settings=settings).merged == {20: 10, 30: 10}
    assert recluster(placed((first,), (last,)), settings=settings).moving == 0, "nothing lies between them"
    other = said("ferry", "tram", "rails", "depot", hours=24 * 5)
    assert recluster(placed((first,), (between,), (other,)), settings=settings).merged == {20: 10}


def test_only_what_a_story_depends_on_is_asked_for():
    """A likelier companion of the other report is; what shares a word with that one and tells something else is not."""
    rust = said("depot", "rust", "paint", "bolts")
    articles = {one.article_id: one for one in placed((FERRY,), (BOTH,), (TRAM,), (rust,))}
    found, learned = Reclusterer(), []
    found.ask({10: [1]})
    while missing := found.missing_articles():
        learned += missing
        for number in missing:
            keys = set(articles[number].features.keys)
            others = {other: one.features for other, one in articles.items() if keys & set(one.features.keys)}
            found.learn(articles[number], others)
    assert learned == [1, 2, 3]
    assert found.missing_stories() == [20, 30]
    found.ask({20: [2], 30: [3]})
    assert found.missing_articles() == []
    (only,) = found.result()
    assert (only.stories, only.joined) == ((10, 20, 30), {10: (2, 3)})


def test_a_story_is_not_told_before_all_is_known_of_those_it_gets_articles_from():
    articles = placed((FERRY,), (FERRY, TRAM))
    found = Reclusterer()
    found.ask({10: [1]})
    for one in articles[:2]:
        found.learn(one, {other.article_id: other.features for other in articles[:2]})
    assert (found.missing_articles(), found.missing_stories(), found.result()) == ([], [20], [])
    found.ask({20: [2, 3]})
    assert found.missing_articles() == [3]
    found.learn(articles[2], {})
    assert found.missing_articles() == []
    (only,) = found.result()
    assert (only.stories, only.joined, only.opened) == ((10, 20), {10: (2,)}, ())
