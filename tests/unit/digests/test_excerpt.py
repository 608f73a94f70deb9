import pytest

from worker.digests import excerpt
from worker.digests.excerpt import shorten


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two. Three.", "One. Two."),
        ("Only one sentence here", "Only one sentence here"),
        (
            "The U.S. Border Patrol met Dr. Ruiz on Monday. They spoke. Then left.",
            "The U.S. Border Patrol met Dr. Ruiz on Monday. They spoke.",
        ),
        (
            "El acuerdo de EE. UU. Y México entra en vigor. ¿Cuándo? Nadie lo sabe.",
            "El acuerdo de EE. UU. Y México entra en vigor. ¿Cuándo?",
        ),
        ("“Stop!” he said. “Now.” She left.", "“Stop!” he said. “Now.”"),
        ("It fell 2.1% in May.  It\nrose\tlater. End.", "It fell 2.1% in May. It rose later."),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_first_sentences(text: str, expected: str) -> None:
    assert excerpt(text) == expected


def test_a_second_sentence_that_does_not_fit_is_left_out() -> None:
    assert excerpt("Short one. " + "Long " * 100 + "end.", characters=60) == "Short one."


def test_a_long_first_sentence_is_cut_between_words() -> None:
    cut = excerpt("word " * 200, characters=33)
    assert cut == "word word word word word word…"


def test_an_endless_word_is_cut_inside() -> None:
    assert shorten("x" * 50, 10) == "x" * 9 + "…"
    assert shorten("abc", 1) == "a"
