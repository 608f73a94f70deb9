from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from worker.topics import Band, Topic, TopicArticle, load_topic
from worker.topics.backtest import SAMPLES, Backtest, BacktestResult, TermHits, open_to_all

DAY = date(2026, 3, 2)
SOURCE = """
name = "boats"
languages = ["en"]
[query]
any = "(ferry OR title:boat* OR zeppelin) AND harbour AND NOT museum"
[[against]]
name = "toys"
weight = 9.0
query.any = "toy*"
"""
FERRY = TopicArticle("The ferry is late again", "At the harbour the ferry did not come.")
BOATS = TopicArticle("Boats and a ferry", "The harbour is full.")
MUSEUM = TopicArticle("A ferry for the museum", "The harbour gives its ferry away to the museum.")
TOYS = TopicArticle("Toy ferry sold", "A toy ferry was sold at the harbour, with other toys.")
PASSING = TopicArticle(
    "Council meets", "They talked of roads for an hour. " * 60 + "The ferry, the harbour. " + "Then of bins. " * 60
)
NOTHING = TopicArticle("Rain", "It rained.")


@pytest.fixture
def topic() -> Topic:
    return load_topic(SOURCE)


def tried(
    topic: Topic, *articles: TopicArticle, before: Topic | None = None, band: Band = Band.BALANCED
) -> BacktestResult:
    test = Backtest(topic, before, band=band)
    for number, article in enumerate(articles):
        test.add(number, DAY + timedelta(days=number % 2), article)
    return test.result()


def terms(result: BacktestResult) -> dict[str, TermHits]:
    return {term.term: term for term in result.terms}


def test_hits_are_counted_by_day(topic: Topic) -> None:
    found = tried(topic, FERRY, BOATS, MUSEUM, NOTHING)
    assert [(day.day, day.articles, day.hits) for day in found.days] == [(DAY, 2, 1), (DAY + timedelta(days=1), 2, 1)]
    assert (found.articles, found.hits, found.compared, found.gained, found.lost) == (4, 2, False, 0, 0)
    assert {headline.title for headline in found.hit_sample} == {FERRY.title, BOATS.title}
    assert found.hit_sample[0].reasons


def test_what_is_gained_and_lost_has_its_headlines(topic: Topic) -> None:
    before = load_topic(SOURCE.replace("ferry OR ", ""))
    found = tried(topic, FERRY, BOATS, NOTHING, before=before)
    assert (found.compared, found.gained, found.lost) == (True, 1, 0)
    (gained,) = found.gained_sample
    assert (gained.title, gained.article_id, gained.before) == (FERRY.title, 0, None)
    turned = tried(before, FERRY, BOATS, NOTHING, before=topic)
    assert (turned.gained, turned.lost) == (0, 1)
    (lost,) = turned.lost_sample
    assert (lost.title, lost.score) == (FERRY.title, None)
    assert lost.before == gained.score


def test_the_same_version_gains_and_loses_nothing(topic: Topic) -> None:
    found = tried(topic, FERRY, BOATS, TOYS, before=topic)
    assert (found.gained, found.lost) == (0, 0)
    assert all(day.hits == day.before for day in found.days)


def test_near_misses_are_those_below_the_threshold_the_nearest_first(topic: Topic) -> None:
    found = tried(topic, PASSING, TOYS, NOTHING, MUSEUM, FERRY)
    assert {miss.title for miss in found.near_misses} == {PASSING.title, TOYS.title}
    scores = [miss.score or 0.0 for miss in found.near_misses]
    assert scores == sorted(scores, reverse=True)
    assert all(score < topic.thresholds.balanced for score in scores)


def test_each_term_is_told_what_it_brings_and_keeps_out(topic: Topic) -> None:
    found = terms(tried(topic, FERRY, BOATS, MUSEUM, TOYS, NOTHING))
    assert found["ferry"] == TermHits("ferry", "query", 4, 2, 1, 0)
    assert found["title:boat*"].hits == 1
    assert found["title:boat*"].alone == 0, "the ferry would do"
    assert found["harbour"].alone == 2, "both are hits only because of it"
    assert found["museum"].averted == 1
    assert found["toy*"] == TermHits("toy*", "toys", 1, 0, 0, 1)


def test_terms_that_occur_nowhere_are_named(topic: Topic) -> None:
    assert [term.term for term in tried(topic, FERRY, BOATS, MUSEUM, TOYS).silent_terms] == ["zeppelin"]
    assert len(tried(topic, NOTHING).silent_terms) == len(tried(topic).silent_terms) == 6


@pytest.mark.parametrize(("band", "hits"), [(Band.STRICT, 1), (Band.BALANCED, 1), (Band.WIDE, 2)])
def test_what_counts_as_a_hit_can_be_chosen(topic: Topic, band: Band, hits: int) -> None:
    score = tried(topic, PASSING).near_misses[0].score or 0.0
    wider = replace(topic, thresholds=replace(topic.thresholds, wide=score))
    assert tried(wider, FERRY, PASSING, NOTHING, band=band).hits == hits


def test_samples_stay_few_however_long_the_archive(topic: Topic) -> None:
    found = tried(topic, *[FERRY] * 40, *[PASSING] * 40, before=load_topic(SOURCE.replace("ferry OR ", "")))
    assert (found.hits, found.gained, len(found.gained_sample), len(found.near_misses)) == (40, 40, SAMPLES, SAMPLES)
    assert [headline.article_id for headline in found.gained_sample] == list(range(SAMPLES)), "the first of equals"


def test_open_to_all_changes_no_score(topic: Topic) -> None:
    found = tried(open_to_all(topic), PASSING, band=Band.WIDE)
    assert found.hits == 1
    assert found.hit_sample[0].score == tried(topic, PASSING).near_misses[0].score
