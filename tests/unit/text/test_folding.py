from __future__ import annotations

from unicodedata import combining, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.characters import deletion_table
from worker.text.folding import fold, strip_accents


@pytest.mark.parametrize(
    ("written", "folded"),
    [("MÉXICO", "mexico"), ("Straße", "strasse"), ("ﬁn", "fin"), ("Ñandú", "nandu"), ("Plain Text", "plain text")],
)
def test_accents_and_case_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_case_stays_where_only_accents_go() -> None:
    assert strip_accents("MÉXICO, Ürümqi") == "MEXICO, Urumqi"


def test_a_caller_says_what_else_is_dropped() -> None:
    assert fold("S\u00adha\u0308re", deletion_table("\u00ad")) == "sha\u0308re"


@given(st.text())
def test_folded_text_has_no_latin_accent_and_folds_to_itself_but_for_case(text: str) -> None:
    plain = strip_accents(text)
    assert not any(combining(each) and "\u0300" <= each <= "\u036f" for each in plain)
    assert normalize("NFKD", plain) == strip_accents(plain)
    assert fold(text) == plain.casefold()
