"""How an article shows what was asked for."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import NOW
from worker.topics import TopicArticle
from worker.topics.search import ArticleReader, Candidate, Piece, rank, read_wanted


def reader(text: str) -> ArticleReader:
    return ArticleReader(read_wanted(text).query)


def marked(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.found else piece.text for piece in pieces)


def test_words_are_marked_as_they_are_written() -> None:
    seen = reader('nunez OR "rio bravo" NOT rain').read(TopicArticle("José NÚÑEZ", "By the Río Bravo\nwith Núñez."))
    assert seen is not None
    assert marked(seen.title) == "José [NÚÑEZ]"
    assert marked(seen.excerpt) == "By the [Río Bravo] with [Núñez]."
    assert reader("nunez NOT rain").read(TopicArticle("Nunez", "in the rain")) is None


def test_an_excerpt_begins_before_what_was_found_and_says_that_it_is_one() -> None:
    seen = reader("needle").read(TopicArticle("", "hay " * 200 + "needle " + "straw " * 200))
    assert seen is not None
    assert marked(seen.excerpt).startswith("… hay hay")
    assert "[needle]" in marked(seen.excerpt)
    assert marked(seen.excerpt).endswith("straw …")
    assert len(marked(seen.excerpt)) < 300


def test_terms_that_share_words_are_marked_once() -> None:
    seen = reader('"border police" OR police OR "police chief"').read(TopicArticle("", "the border police chief said"))
    assert seen is not None
    assert marked(seen.excerpt) == "the [border police chief] said"


def test_without_words_the_beginning_is_shown() -> None:
    seen = ArticleReader(None).read(TopicArticle("A title", "x" * 900))
    assert seen is not None
    assert marked(seen.excerpt) == "x" * 260 + " …"


def test_new_stands_before_old_and_a_headline_weighs() -> None:
    days = {"old ferry": 40, "ferry": 10, "news": 0, "older": 20}
    found = [Candidate(number, title, NOW - timedelta(days=days[title])) for number, title in enumerate(days)]
    ranked = rank(found, reader("ferry").share_in_title, now=NOW)
    assert [one.title for one in ranked] == ["ferry", "news", "old ferry", "older"]
    future = Candidate(9, "x", NOW + timedelta(days=900))
    assert rank([future], reader("ferry").share_in_title, now=NOW) == [future]
