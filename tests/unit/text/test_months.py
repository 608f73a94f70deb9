from __future__ import annotations

import pytest

from worker.text.languages import LANGUAGES
from worker.text.months import DATELINE_MONTHS, SHORT_MONTHS, month_number


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one.months], ids=lambda one: one.code)
def test_every_month_of_the_table_has_its_number(language) -> None:
    assert len(language.months) == 12
    assert [month_number(name) for name in language.months] == list(range(1, 13))
    assert [month_number(name.upper()) for name in language.months] == list(range(1, 13))
    assert all(month_number(name) == number for name, number in language.abbreviations)


@pytest.mark.parametrize(
    ("name", "number"),
    [("Sept", 9), ("ene", 1), ("févr", 2), ("juil", 7), ("jui", 6), ("Mrz", 3), ("març", 3), ("août", 8), ("dez", 12)],
)
def test_abbreviations(name: str, number: int) -> None:
    assert month_number(name) == number


@pytest.mark.parametrize("name", ["", "ma", "Monday", "los", "xyz"])
def test_other_words_are_no_months(name: str) -> None:
    assert month_number(name) is None


def test_datelines_are_read_in_english_and_spanish_alone() -> None:
    assert DATELINE_MONTHS["may"] == DATELINE_MONTHS["mayo"] == 5
    assert "giugno" not in DATELINE_MONTHS, "days in other languages would change which reports tell other events"
    assert len(DATELINE_MONTHS) == 24


def test_short_months() -> None:
    assert SHORT_MONTHS[0] == "Jan"
    assert SHORT_MONTHS[-1] == "Dec"
