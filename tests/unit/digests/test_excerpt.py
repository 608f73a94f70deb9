import pytest

from worker.digests import beginning, excerpt
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


SAID = "The mayor told the council on Monday that nothing had changed."


@pytest.mark.parametrize(
    "opening",
    [
        "Washington. ",
        "CIUDAD DE MÉXICO.- ",
        "Tijuana, B.C. ",
        "Nogales, Ariz. — ",
        "El Paso, Texas, 3 de mayo. ",
        "By Jane Doe\n",
        "BY JANE DOE AND JUAN PÉREZ\n",
        "Por Juan Pérez / Tijuana\n\n",
        "Redacción\n",
        "Staff report\nMarch 3, 2026\n",
        "Associated Press\nWASHINGTON\n",
        "Maud Ferris 19/11/2026 21:58\n\n",
        "Tom Aldana · 20/11/2026 06:07\n",
        "21 de noviembre de 2026, Irma Solís\n",
        "POR De la Redacción y agencias – 22 de noviembre de 2026\n",
    ],
)
def test_who_where_and_when_is_passed_over(opening: str) -> None:
    assert excerpt(f"{opening}{SAID} Then it rained.") == f"{SAID} Then it rained."
    assert beginning(opening + SAID, 80) == SAID


@pytest.mark.parametrize(
    "text",
    [
        f"WASHINGTON (AP) — {SAID}",
        "U.S. Rep. Ruiz told the House on Monday that nothing had changed.",
        "Dr. Ruiz told the council on Monday that nothing had changed.",
        "John F. Kennedy told the council on Monday that nothing had changed.",
        "By Monday the shelters were full and the nuns slept in the church.",
        "Por la tarde llegaron doscientas personas al puente.",
        "President Trump spoke. Nobody listened.",
        "On March 3, 2026 the shelters were full.",
    ],
)
def test_what_is_said_stays(text: str) -> None:
    assert excerpt(text) == text


@pytest.mark.parametrize("text", ["Washington.", "By Jane Doe", "Redacción", "Por Juan Pérez\nCiudad de México"])
def test_where_nothing_is_said_there_is_no_excerpt(text: str) -> None:
    assert excerpt(text) == ""
    assert beginning(text) == " ".join(text.split())


def test_a_text_without_title_is_called_by_its_first_sentence() -> None:
    assert beginning("Two hundred wait at the bridge. It is cold.") == "Two hundred wait at the bridge."
    assert beginning("word " * 60, 28) == "word word word word word…"
    assert beginning("") == ""


@pytest.mark.parametrize(
    "opening",
    ["Three boats sank near Esker on March 12, 2024", "La frontera cerró el 12 de marzo de 2024, según el INM"],
)
def test_a_line_with_a_date_that_tells_something_is_no_stamp(opening: str) -> None:
    assert beginning(f"{opening}\nMore was said later by those who had been there.").startswith(opening)


def test_a_stamp_is_passed_over() -> None:
    stamp = "Ciudad Juárez, Chihuahua, 12 de marzo de 2024 | 10:30 hrs"
    assert (
        beginning(f"{stamp}\nEl puente cerró ayer y nadie pudo cruzar.") == "El puente cerró ayer y nadie pudo cruzar."
    )
