"""Lines gathered by language before the rules were written for them: half was looked at meanwhile, half only judged."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from worker.pages import strip_boilerplate
from worker.text.wordings import site_wordings

LISTS = Path(__file__).parents[3] / "golden" / "pages" / "by_language"
AROUND = {
    "de": ("Die Hafenstadt erwachte spät.", "Niemand wurde verletzt."),
    "en": ("The harbour town woke late.", "Nobody was hurt."),
    "es": ("El puerto despertó tarde.", "Nadie resultó herido."),
    "fr": ("La ville du port s'est réveillée tard.", "Personne n'a été blessé."),
    "pt": ("A cidade do porto acordou tarde.", "Ninguém ficou ferido."),
}


def lines(language: str, sign: str, half: int) -> list[str]:
    rows = (LISTS / f"{language}.txt").read_text("utf-8").splitlines()
    found = [row[2:] for row in rows if row.startswith(f"{sign} ")]
    return [line for line in found if sha256(line.encode()).digest()[0] % 2 == half]


def stays(line: str, language: str) -> bool:
    before, after = AROUND[language]
    return line in strip_boilerplate(f"{before}\n\n{line}\n\n{after}").text


def test_every_language_with_a_row_has_its_list() -> None:
    assert {one.language for one in site_wordings()} == set(AROUND) == {file.stem for file in LISTS.glob("*.txt")}
    for language in AROUND:
        for sign in "+-":
            assert len(lines(language, sign, 0)) + len(lines(language, sign, 1)) >= 40


@pytest.mark.parametrize("language", AROUND)
@pytest.mark.parametrize("half", [0, 1], ids=["looked at", "judged"])
def test_of_the_sites_lines_a_tenth_stays_at_most(language: str, half: int) -> None:
    asked = lines(language, "-", half)
    left = [line for line in asked if stays(line, language)]
    assert len(left) <= len(asked) * 0.1, left


@pytest.mark.parametrize("language", AROUND)
@pytest.mark.parametrize("half", [0, 1], ids=["looked at", "judged"])
def test_of_the_stories_sentences_hardly_any_goes(language: str, half: int) -> None:
    asked = lines(language, "+", half)
    taken = [line for line in asked if not stays(line, language)]
    assert len(taken) <= len(asked) * 0.02, taken
