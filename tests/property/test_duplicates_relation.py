"""Which articles are copies, and of which original, does not depend on the order they are read in."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.duplicates import Candidate, DuplicateKind, fingerprint, relate

START = datetime(2026, 5, 4, tzinfo=UTC)
SENTENCES = [
    f"on the {ordinal} morning a {colour} {thing} stood beside the {place} while nobody asked whose {thing} it was"
    for ordinal, colour, thing, place in zip(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"],
        ["red", "blue", "green", "yellow", "black", "white", "brown", "grey", "violet", "orange"],
        ["cart", "boat", "wagon", "ladder", "barrel", "bicycle", "trunk", "piano", "anchor", "kettle"],
        ["mill", "church", "harbour", "station", "school", "bakery", "bridge", "market", "theatre", "library"],
        strict=True,
    )
]
texts = st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=6, unique=True).map(" ".join)
hours = st.integers(0, 3).map(lambda number: START + timedelta(hours=number))
arrivals = st.lists(st.tuples(texts, st.none() | hours, hours), min_size=2, max_size=6)


def read_in(order: list[int], articles: list[tuple]) -> dict[int, int | None]:
    """Relate the articles one by one; return what each of them is a copy of."""
    prints = {number: fingerprint(text) for number, (text, _, _) in enumerate(articles)}
    parents: dict[int, int | None] = {}

    def candidate(number: int) -> Candidate:
        _, published, seen = articles[number]
        return Candidate(number, prints[number], published, seen, parents.get(number))

    for number in order:
        relation = relate(candidate(number), [candidate(known) for known in parents])
        parents[number] = relation.decision.duplicate_of
        parents.update({follower.article_id: number for follower in relation.followers})
    return parents


@given(arrivals, st.data())
@settings(max_examples=150, deadline=None)
def test_any_order_gives_the_same_copies(articles, data):
    usual = list(range(len(articles)))
    parents = read_in(usual, articles)
    assert read_in(data.draw(st.permutations(usual)), articles) == parents
    for number, parent in parents.items():
        if parent is not None:
            own, theirs = (Candidate(one, fingerprint(""), *articles[one][1:]) for one in (number, parent))
            assert theirs.seniority < own.seniority


def test_a_collection_read_first_does_not_make_its_parts_copies_of_each_other():
    ferry, museum = " ".join(SENTENCES[:4]), " ".join(SENTENCES[4:8])
    articles = [(ferry, START, START), (museum, START, START), (f"{ferry} {museum}", START + timedelta(hours=1), START)]
    assert read_in([2, 0, 1], articles) == {2: 0, 0: None, 1: None}


def test_a_decision_without_candidates():
    alone = Candidate(1, fingerprint("Nothing is like this."), None, START)
    relation = relate(alone, [])
    assert (relation.decision.kind, relation.followers) == (DuplicateKind.UNIQUE, ())
