"""Two short items with one sentence in common are two; one with its sentences worded anew is a copy."""

from datetime import UTC, datetime, timedelta

import pytest

from worker.duplicates import Candidate, DuplicateKind, decide, fingerprint

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LEAD = "The ministry said on Monday that the only line between Port Alder and Orvel will be shut for repairs until June"
BUSES = "Commuters asked for buses or taxis, and the mayor of Alder promised twelve by the weekend at the very latest."
REWORDED = (
    "Commuters had asked for buses or taxis, and the mayor of Alder has promised a dozen by the weekend "
    "at the very latest."
)
FREIGHT = "Freight goes by sea meanwhile; two shipping companies have raised their prices already, as traders complain."


def kind(text: str, other: str) -> DuplicateKind:
    known = Candidate(1, fingerprint(other, title="Rail line shut"), NOON, NOON, outlet="Alder Post")
    found = fingerprint(text, title="Line to close")
    return decide(found, [known], published=NOON + timedelta(hours=1), outlet="Orvel Times").kind


@pytest.mark.parametrize(("one", "other"), [(BUSES, FREIGHT), (FREIGHT, BUSES)])
def test_what_stands_round_one_sentence_is_not_copied(one, other):
    assert kind(f"{LEAD}. {one}", f"{LEAD}. {other}") is DuplicateKind.UNIQUE


def test_the_same_sentences_in_other_words_are_a_copy():
    assert kind(f"{LEAD}, officials say. {REWORDED}", f"{LEAD}. {BUSES}") is DuplicateKind.NEAR
    assert kind(f"{LEAD}. {BUSES} {FREIGHT}", f"{LEAD}. {BUSES}") is DuplicateKind.NEAR


def test_a_sentence_that_is_most_of_an_item_is_a_copy():
    whole = f"{LEAD}, and that those who have paid for tickets of these weeks will get their money back at the counters"
    one, other = (
        f"{whole}. {said}" for said in ("Buses are to go from Orvel too.", "Nothing was said of the freight.")
    )
    assert kind(one, other) is DuplicateKind.NEAR
