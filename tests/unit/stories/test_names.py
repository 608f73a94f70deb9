from time import process_time

import pytest

from worker.stories.names import find_names, find_rows

TEXT = """Ministers of Ruritania met in Port Alder on Tuesday. Ida Holm, who had come by ferry, said that
Nils Brandt and the Sound Authority agreed. Herring is dear."""


def names(title: str, text: str = TEXT, language: str = "en") -> set[str]:
    text = " ".join(text.split())
    return set(find_names(title, text, text, language))


def test_words_with_a_capital_inside_a_sentence_are_names():
    assert names("Peace Over Herring At Last") >= {"rurita", "alder", "holm", "brandt", "author"}
    assert not {"peace", "herrin", "tuesda", "minist"} & names("Peace Over Herring At Last")


def test_a_title_written_in_capitals_names_nothing_by_itself():
    assert names("NEW DEAL FOR FISHERMEN", "the boats left the harbour at dawn.") == set()
    assert names("", "") == set()


def test_spanish_names_stand_under_their_english_terms():
    found = names("", "La ministra dijo en Londres que España y Grecia firmarán.", "es")
    assert {"greece"} <= found


def test_where_every_noun_has_a_capital_none_is_a_name():
    assert names("", "Die Minister haben im Hafen von Emden ein Abkommen und eine Karte.", "de") == set()


def test_the_rarest_eight_share_the_weight():
    found = find_names("", "and " + " and ".join(f"Xyz{letter}q" for letter in "abcdefghijkl"), "", "en")
    assert found == {}, "only what the text writes so is a name"
    lead = "said " + " and ".join(f"{letter}qzrt" for letter in "ABCDEFGHIJKL")
    found = find_names("", lead, lead, "en")
    assert len(found) == 8
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("text", ["a A" * 200_000, "x, " * 200_000, "a A-" * 200_000, "a Aa of" * 100_000])
def test_hostile_texts_have_few_names(text):
    assert len(find_names("", text[:4000], text, "en")) <= 8


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Snow fell in Durango, Sinaloa y Nayarit hoy.", {"durang": 3, "sinalo": 3, "nayari": 3}),
        ("Boats from Orvel, Tarn, Alder and Castine sailed.", {"orvel": 4, "tarn": 4, "alder": 4, "castin": 4}),
        ("Ida Holm and Nils Brandt met.", {}),
        ("Herring, cod and mackerel are dear.", {}),
        ("", {}),
    ],
)
def test_names_in_a_row_are_found_and_pairs_are_none(text, row):
    assert {term: number for term, number in find_rows(text, "en").items() if term != "and"} == row


@pytest.mark.parametrize("text", ["A" * 200_000, "Aa" * 100_000, "Aa, " * 50_000, "Aa Bb, " * 30_000])
def test_rows_are_found_in_linear_time(text: str) -> None:
    begun = process_time()
    find_rows(text, "en")
    assert process_time() - begun < 2, "the square of the length takes minutes"
