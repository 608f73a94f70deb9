"""A backtest counts what the topic itself says, whatever passes through it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from worker.topics import Band, TopicArticle, load_topic, match
from worker.topics.backtest import Backtest

WORDS = ("ferry", "boat", "boats", "harbour", "toy", "museum", "rain", "the")
NOW = load_topic('name = "b"\nlanguages = ["en"]\nquery.any = "(ferry OR boat*) AND NOT museum"')
BEFORE = load_topic('name = "b"\nlanguages = ["en"]\nquery.any = "ferry AND harbour"')
HITS = (Band.STRICT, Band.BALANCED)

texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
articles = st.lists(st.builds(TopicArticle, texts, texts), max_size=12)


def is_hit(article: TopicArticle, topic: object) -> bool:
    found = match(article, topic)  # type: ignore[arg-type]
    return found is not None and found.band in HITS


@given(articles)
def test_the_counts_are_those_of_matching_one_by_one(given_articles: list[TopicArticle]) -> None:
    test = Backtest(NOW, BEFORE)
    for number, article in enumerate(given_articles):
        test.add(number, date(2026, 3, 1 + number), article)
    found = test.result()
    now = [is_hit(article, NOW) for article in given_articles]
    before = [is_hit(article, BEFORE) for article in given_articles]
    assert found.hits == sum(now)
    assert found.gained == sum(a and not b for a, b in zip(now, before, strict=True))
    assert found.lost == sum(b and not a for a, b in zip(now, before, strict=True))
    assert sum(day.before for day in found.days) == sum(before)
    for term in found.terms:
        assert term.alone <= term.hits <= term.articles <= found.articles
        assert term.averted <= term.articles - term.hits
