import pytest

from worker.topics.tokens import MAX_CHARS, MAX_WORD_CHARS, MAX_WORDS, fold, tokenise


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("México", "mexico"),
        ("Me\u0301xico", "mexico"),
        ("MIGRACIÓN", "migracion"),
        ("Straße", "strasse"),
        ("mi\u200bgra\u00adnte", "migrante"),
        ("שָׁלוֹם", "שלום"),
        ("Ｍexico", "mexico"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_offsets_are_those_of_the_text() -> None:
    text = "\u202b¡El Darie\u0301n,\u200b «mi\u200bgrante»!"
    tokens = tokenise(text)
    assert tokens.words == ("el", "darien", "migrante")
    assert [text[start:end] for start, end in tokens.spans] == ["El", "Darie\u0301n", "mi\u200bgrante"]


def test_apostrophes_dots_and_underscores_part_words() -> None:
    assert tokenise("Mexico's U.S._border").words == ("mexico", "s", "u", "s", "border")


def test_a_trailing_control_belongs_to_its_word() -> None:
    assert tokenise("México\u200f, EU").words == ("mexico", "eu")


def test_long_texts_are_cut() -> None:
    assert len(tokenise("a " * MAX_CHARS).words) == MAX_WORDS
    assert tokenise("b" * 1_000_000).words == ("b" * MAX_WORD_CHARS,)
    assert tokenise("x" + " " * MAX_CHARS + "y").words == ("x",)
