"""The same number in figures and words, English and Spanish."""

import pytest

from worker.stories.counts import find_counts, is_number_word, join_decimals
from worker.stories.lexicon import as_terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Four die and eleven are hurt", {"4", "11"}),
        ("Mueren cuatro; once heridos", {"4", "11"}),
        ("1,200 people, 1.200 personas", {"1200"}),
        ("a 5.9 quake, un sismo de 5,9", {"5.9"}),
        ("In 2026 one ferry of 1999 sank", set()),
        ("A caravan of 1,980 sets out, una de 2.015 la sigue", {"1980", "2015"}),
        ("fined 1,234.50 pesos, $1.234,5 millones", {"1234.50", "1234.5"}),
        ("1,200,000 pesos and 0,75 of a dollar", {"1200000", "0.75"}),
        ("dieciséis de 20", {"16", "20"}),
        ("", set()),
    ],
)
def test_counts(text, found):
    assert find_counts(text) == found


def test_decimals_that_were_put_apart_are_joined_and_sentences_are_not():
    assert join_decimals("at least 5. 9 on the scale. 12 of them, 3, 4 and 5") == (
        "at least 5.9 on the scale. 12 of them, 3,4 and 5"
    )


@pytest.mark.parametrize(
    ("words", "language"), [("thousand million dozen percent", "en"), ("mil millones docena cien", "es")]
)
def test_words_of_large_numbers_are_known_by_their_terms(words, language):
    assert all(map(is_number_word, as_terms(words.split(), language)))
    assert not is_number_word("bridge")
