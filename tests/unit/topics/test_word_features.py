import math

import pytest

from worker.topics import TopicArticle
from worker.topics.article_index import index_article
from worker.topics.word_features import WordFeatures, word_features


def features(title: str, text: str) -> WordFeatures:
    return word_features(index_article(TopicArticle(title, text)))


def test_words_are_cut_and_folded() -> None:
    found = features("", "Migración MIGRATION migrants; a los 2026 12345 ten")
    assert set(found.values) == {"migrac", "migrat", "migran"}
    assert found.written["migrac"] == "migracion"


def test_the_vector_has_length_one() -> None:
    values = features("asylum border", "border wall caravan " * 30).values
    assert math.sqrt(sum(value**2 for value in values.values())) == pytest.approx(1)


def test_title_counts_more_than_lead_and_lead_more_than_body() -> None:
    values = features("first", "second " + "a " * 100 + "third").values
    assert values["first"] > values["second"] > values["third"]


def test_zones_are_counted_for_each_occurrence() -> None:
    values = features("wall", "wall " * 2 + "a " * 100 + "wall fence").values
    assert values["wall"] / values["fence"] == pytest.approx(1 + math.log(6 + 2 * 1.5 + 1))


def test_nothing_is_nothing() -> None:
    assert features("", "").values == {}
