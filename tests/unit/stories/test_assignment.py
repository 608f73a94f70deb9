from datetime import UTC, datetime, timedelta

import pytest

from worker.stories import StorySettings, assign, score, sum_up
from worker.stories.similarity import as_probability

LATER = datetime(2026, 6, 30, tzinfo=UTC)
NEXT = """The herring agreement of Ruritania and Sylvania: ministers Holm and Brandt open the fisheries
office in Port Alder."""


def test_two_tellings_of_one_meeting_join(told, store):
    found = assign(told["again"], [store(1, told["cheese"]), store(2, told["meeting"])], now=LATER)
    assert found.story_id == 2
    assert found.score > 0.8
    assert found.evidence[0][1] >= found.evidence[-1][1] > 0
    assert {"herrin", "rurita"} & {term for term, _ in found.evidence[:4]}


def test_a_telling_in_another_language_joins(told, store):
    candidates = [store(1, told["cheese"]), store(2, told["meeting"]), store(3, told["butterflies"])]
    assert assign(told["spanish"], candidates, now=LATER).story_id == 2
    assert assign(told["again"], [store(4, told["spanish"])], now=LATER).story_id == 4


@pytest.mark.parametrize("other", ["cheese", "butterflies"])
def test_look_alikes_stay_apart(told, store, other):
    found = assign(told[other], [store(1, told["meeting"], told["again"], told["spanish"])], now=LATER)
    assert found.story_id is None
    assert found.score < 0.35


def test_a_later_meeting_of_the_same_people_is_another_story(told, store, make):
    text = "Foreign ministers Ida Holm and Nils Brandt met again to sign the herring licences."
    assert assign(make(text, hours=24 * 30), [store(1, told["meeting"])], now=LATER).story_id is None


def test_reports_that_open_with_other_days_are_of_other_events(store, make):
    first, second = (
        make(
            f"{day}, 2026 The ferry to Port Alder ran aground with bicycles and prams aboard.",
            title="Ferry aground",
        )
        for day in ("May 4", "March 12")
    )
    assert assign(second, [store(1, first)], now=LATER).story_id is None
    assert assign(first, [store(1, first)], now=LATER).story_id == 1


def test_no_candidates_and_no_terms(make, store, told):
    assert assign(told["meeting"], [], now=LATER).story_id is None
    assert assign(make(""), [store(1, told["meeting"]), store(2, make(""))], now=LATER).story_id is None


def test_the_window_runs_from_the_last_article(told, store, make):
    story = store(1, told["meeting"], make(NEXT, hours=60))
    assert assign(make(NEXT, hours=120), [story], now=LATER).story_id == 1
    assert assign(make(NEXT, hours=140), [story], now=LATER).story_id is None
    assert assign(make(NEXT, hours=-80), [story], now=LATER).story_id is None


def test_a_story_ends_by_its_span(told, store, make):
    long = store(1, *(make(NEXT, hours=24 * day) for day in range(0, 30, 2)))
    assert assign(make(NEXT, hours=24 * 29), [long], now=LATER).story_id == 1
    assert assign(make(NEXT, hours=24 * 31), [long], now=LATER).story_id is None


def test_articles_from_the_future_appear_now(told, store, make):
    early = told["meeting"].published + timedelta(hours=1)
    assert assign(make(NEXT, hours=24 * 400), [store(1, told["meeting"])], now=early).story_id == 1


def test_a_bigger_story_asks_for_more(told, store):
    log_odds = score(told["again"], [told["meeting"]])
    settings = StorySettings(growth=log_odds, doubt=0)
    assert assign(told["again"], [store(1, told["meeting"])], now=LATER, settings=settings).story_id == 1
    bigger = store(1, told["meeting"], told["meeting"], told["meeting"])
    assert assign(told["again"], [bigger], now=LATER, settings=settings).story_id is None


def test_what_is_in_doubt_opens_a_story_of_its_own(told, store):
    """Readers see it at once; hindsight joins it in five minutes, and undoes nothing that was told."""
    log_odds = score(told["again"], [told["meeting"]])
    for doubt, joined in ((log_odds - 0.1, 1), (log_odds + 0.1, None)):
        settings = StorySettings(doubt=doubt)
        found = assign(told["again"], [store(1, told["meeting"])], now=LATER, settings=settings)
        assert found.story_id == joined
        assert found.score == pytest.approx(as_probability(log_odds), abs=1e-4)


def test_what_the_members_of_a_story_come_to(told):
    sums = sum_up([told["meeting"], told["spanish"], told["again"]])
    assert sums.size == 3
    assert sums.first_published == told["meeting"].published
    assert sums.last_published == told["again"].published
