from math import sqrt

import pytest


def length(vector) -> float:
    return sqrt(sum(weight * weight for weight in vector.values()))


def test_a_unit_vector_of_bounded_size(make):
    found = make(" ".join(f"word{number} thing" for number in range(600)), title="Things")
    assert length(found.vector) == pytest.approx(1, abs=1e-3)
    assert len(found.vector) <= 150
    assert len(found.keys) == 12
    assert set(found.keys) <= set(found.vector)


def test_title_and_lead_weigh_more(make):
    filler = "There was nothing else to report on that quiet afternoon in the village. " * 3

    def weight(title: str, lead: str, end: str) -> float:
        return make(f"A {lead} came. {filler} Then a {end} left.", title=title).vector["walrus"]

    in_title = weight("walrus", "badger", "otter")
    in_lead = weight("otter", "walrus", "badger")
    in_body = weight("badger", "otter", "walrus")
    assert in_title > in_lead > in_body


def test_keys_are_rare_terms_and_no_numbers(told):
    keys = told["meeting"].keys
    assert {"herrin", "rurita", "sylvan"} <= set(keys)
    assert not {"and", "said", "tuesda"} & set(keys)


def test_spanish_words_stand_under_their_english_terms(told):
    assert {"office", "tuesda", "agree"} <= set(told["spanish"].vector)


def test_the_day_a_text_opens_with_is_among_the_terms(make):
    assert "2008-06-09" in make("June 9, 2008 The herring came back to the sound.").vector


@pytest.mark.parametrize("text", ["", "…", "🙂 🙂"])
def test_nothing_to_compare(make, text):
    assert make(text).vector == {}
    assert make(text).keys == ()


@pytest.mark.parametrize(
    "text",
    [
        "ha " * 350_000,
        "1234567890" * 100_000,
        "新聞" * 300_000,
        "a@" * 400_000,
        "x" * 1_000_000,
        "Ω ж ع 新 " * 9_000,
    ],
)
def test_hostile_texts_give_small_vectors(make, text):
    assert len(make(text).vector) <= 151


def test_function_words_do_not_join_languages_without_a_list(make):
    one = "blo vin der kos tram " * 30 + "alpaka dorf kirsche"
    two = "blo vin der kos tram " * 30 + "ziegel hafen lampe"
    dot = sum(w * make(two, language="tlh").vector.get(t, 0) for t, w in make(one, language="tlh").vector.items())
    assert dot < 0.2
