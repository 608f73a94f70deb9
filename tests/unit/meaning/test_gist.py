"""What a sentence model is given: few words, all of which can be written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from worker.meaning.gist import CHARACTERS, WORDS, gist

_ANY_TEXT = some.text(some.characters(), max_size=2000)


def test_it_is_the_headline_and_the_first_words() -> None:
    assert gist("A ferry is late", "The  ferry\nfrom Calais came at noon.") == (
        "A ferry is late. The ferry from Calais came at noon."
    )
    assert gist("", "The ferry came.") == "The ferry came."
    assert gist(" A ferry ", "") == "A ferry."
    assert gist("", " \n ") == ""


def test_no_article_is_too_long_for_it() -> None:
    long = gist("Quay " * 200_000, "ferry " * 200_000)
    assert len(long.split()) == WORDS
    assert len(gist("渡" * 1_000_000, "")) == CHARACTERS
    assert gist("", " " * 1_000_000 + "ferry") == ""


def test_what_cannot_be_written_is_written_otherwise() -> None:
    assert gist("A\0ferry\x1b[2J", "\ud800lost\udfff") == "A ferry [2J. ?lost?"


@given(_ANY_TEXT, _ANY_TEXT)
def test_whatever_it_is_given_it_is_short_and_written(title: str, text: str) -> None:
    found = gist(title, text)
    assert len(found) <= CHARACTERS
    assert len(found.split()) <= WORDS
    assert found.encode("utf-8").decode("utf-8") == found
    assert all(char.isprintable() or ord(char) > 0x9F for char in found)
