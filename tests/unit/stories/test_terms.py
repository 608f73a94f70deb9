from worker.stories.terms import strip_addresses, words_of
from worker.text.folding import fold


def test_accents_and_case_are_folded():
    assert fold("Ángel NIÑO Straße") == "angel nino strasse"


def test_words_have_two_characters_or_more():
    assert list(words_of("A U.S. plan_b: 3 or 42?")) == ["plan", "or", "42"]


def test_unspaced_scripts_are_taken_in_pairs():
    assert list(words_of("新聞記 ok")) == ["新聞", "聞記", "ok"]
    assert list(words_of("新")) == ["新"]


def test_addresses_are_no_words():
    assert strip_addresses("see https://a.example/x?y=1 or www.b.example or me@c.example now").split() == [
        "see",
        "or",
        "or",
        "now",
    ]
