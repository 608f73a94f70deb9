"""Figures that name an event."""

import pytest

from worker.stories.facts import find_facts, read_facts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A magnitude 6.1 earthquake", ("m6.1",)),
        ("a 6.1-magnitude quake, a 6.4 tremor", ("m6.1", "m6.4")),
        ("Sismo de magnitud 6,1", ("m6.1",)),
        ("un temblor de 5,8", ("m5.8",)),
        ("magnitude 7.8, revised up from 7.1", ("m7.1", "m7.8")),
        ("fue corregida de 7,1 tras un sismo de 7,8", ("m7.1", "m7.8")),
        ("a 7.8 quake and an aftershock of magnitude 6.7", ("m7.8",)),
        ("a magnitude 6.7 aftershock; una réplica de magnitud 6,1", ()),
        ("adjusted profit rose 7.1 per cent", ()),
        ("Girona beat Getafe 2-1", ("s2-1",)),
        ("Lakers (10-2) beat Celtics 110-102", ("s10-2", "s110-102")),
        ("Celtics lose and drop to 8-4", ()),
        ("the 50-50 Senate; confirmed 53-47; won the vote 218-210", ()),
        ("10-15 inches of snow for children aged 5-11", ()),
        ("perdió 1-2 en casa", ("s2-1",)),
        ("on June 10-11 in the 2020-21 season, aged 30-year-old", ()),
        ("el 10-11 de junio costó $2-3 o 555-1234", ()),
        ("6.1 million people", ()),
        ("", ()),
    ],
)
def test_found_in_both_languages(text, found):
    assert find_facts(text) == found


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("magnitude 6.1", "magnitud 5,4", True),
        ("magnitude 6.1", "a 6.3 quake", False),  # a first estimate, mended
        ("magnitude 6.1 and magnitude 5.0", "a 5.2 tremor", False),
        ("won 2-1", "won 3-0", True),
        ("leads 1-0", "won 2-1", False),  # the same match, later
        ("won 2-1", "won 2-1", False),
        ("won 2-1 and 3-1", "won 3-0", False),  # which of them?
        ("won 2-1", "magnitude 6.1", False),
        ("", "won 2-1", False),
    ],
)
def test_what_cannot_be_one_event(one, other, contradict):
    first, second = read_facts(find_facts(one)), read_facts(find_facts(other))
    assert first.contradict(second) is contradict
    assert second.contradict(first) is contradict
