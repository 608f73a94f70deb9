import pytest

from worker.topics import Band, Thresholds, TopicArticle
from worker.topics.article_index import index_article
from worker.topics.evaluation import Presence
from worker.topics.scoring import probability, showing

INDEX = index_article(TopicArticle("a title", "word " * 300))
TITLE, OPENING, WINDOWS = 0b1, 0b10, 0b111111111 << 2


def test_nothing_shows_nothing() -> None:
    assert showing(Presence(0), INDEX).strength == 0


def test_zones_add_up_without_reaching_one() -> None:
    strengths = [
        showing(Presence(passages), INDEX).strength
        for passages in (0b100, OPENING, TITLE | OPENING, TITLE | OPENING | WINDOWS)
    ]
    assert strengths == sorted(strengths)
    assert strengths[-1] == pytest.approx(0.96)


def test_a_third_of_the_body_counts_in_full() -> None:
    assert INDEX.windows == 9
    third, all_ = (showing(Presence(passages), INDEX).strength for passages in (0b111 << 2, WINDOWS))
    assert third == pytest.approx(all_)


def test_zones_in_words() -> None:
    assert showing(Presence(TITLE | OPENING | 0b111 << 2), INDEX).zones == "title, opening, 33% of the body"


@pytest.mark.parametrize(("log_odds", "score"), [(0, 0.5), (2.2, 0.9), (-1e9, 0), (1e9, 1)])
def test_probability(log_odds: float, score: float) -> None:
    assert probability(log_odds) == pytest.approx(score, abs=0.01)


@pytest.mark.parametrize(("score", "band"), [(0.8, Band.STRICT), (0.79, Band.BALANCED), (0.3, Band.WIDE), (0.29, None)])
def test_bands(score: float, band: Band | None) -> None:
    assert Thresholds().band(score) is band


def test_one_word_against_it_is_little_and_several_are_much() -> None:
    once, often = (showing(Presence(OPENING, mentions=count), INDEX).weighed(against=True).strength for count in (1, 6))
    assert once < often / 2


def test_what_is_against_is_passing_sooner_the_longer_the_article() -> None:
    short = index_article(TopicArticle("a title", "word " * 20))
    in_short, in_long = (showing(Presence(0b111), index).weighed(against=True).strength for index in (short, INDEX))
    assert in_long < in_short


def test_a_sign_for_it_is_weighed_by_its_own_measure() -> None:
    shown = showing(Presence(OPENING, mentions=1), INDEX)
    assert shown.weighed(against=False).strength > shown.weighed(against=True).strength
