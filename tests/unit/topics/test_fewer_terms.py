"""A topic without some of its terms, and which of them only one part of some articles has."""

from __future__ import annotations

from worker.topics import TopicArticle, load_topic, match
from worker.topics.fewer_terms import terms_of_one_part, without_terms
from worker.topics.queries.tree import Term, leaves

SOURCE = """
name = "boats"
languages = ["en"]
[query]
any = "(ferry OR title:boat* OR zeppelin) AND harbour AND NOT museum"
[[signal]]
name = "rails"
weight = 1.0
query.any = "ferry OR crane*"
"""
TOPIC = load_topic(SOURCE)
FERRY = TopicArticle("The ferry is late again", "At the harbour the ferry did not come.")
BOATS = TopicArticle("Boats and a crane", "The harbour is full.")
MUSEUM = TopicArticle("A boat for the museum", "The harbour gives its boat away to the museum.")


def terms(*written: str) -> list[Term]:
    found = [leaf for each in TOPIC.queries for leaf in leaves(each.query.root) if isinstance(leaf, Term)]
    return [term for term in found if term.source in written]


def test_a_term_taken_away_matches_nothing_wherever_it_stands() -> None:
    fewer = without_terms(TOPIC, terms("ferry"))
    assert match(FERRY, TOPIC)
    assert match(FERRY, fewer) is None
    assert match(BOATS, fewer)
    assert load_topic(SOURCE) == TOPIC, "the topic itself stays"


def test_several_are_taken_away_at_once_also_below_a_not() -> None:
    assert match(MUSEUM, TOPIC) is None
    assert match(MUSEUM, without_terms(TOPIC, terms("ferry", "museum")))


def test_what_one_part_of_the_articles_has_alone() -> None:
    one, two = terms_of_one_part(TOPIC, [FERRY, BOATS, MUSEUM], [{0}, {1, 2}])
    assert [term.source for term in one] == ["ferry"]
    assert sorted(term.source for term in two) == ["crane*"], "what the gate alone asks for is no signal's term"
    assert terms_of_one_part(TOPIC, [FERRY, FERRY], [{0}, {1}]) == [(), ()]
