import pytest

from worker.stories.lexicon import translate


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ("frontera", "border"),
        ("fronterizas", "border"),
        ("reunion", "meetin"),
        ("rehenes", "hostag"),
        ("martes", "tuesda"),
    ],
)
def test_listed_words_and_their_forms(spanish, english):
    assert translate(spanish, "es") == english


@pytest.mark.parametrize("word", ["francisco", "presidente", "policia", "migracion", "zzz", ""])
def test_names_and_cognates_stay_as_they_are(word):
    assert translate(word, "es") is None
