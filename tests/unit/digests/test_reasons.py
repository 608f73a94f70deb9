import pytest

from worker.digests.reasons import distinct, reason_words


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its brackets ⟦⟧, and what they stood around."""
    spans, plain = [], ""
    for number, piece in enumerate(text.replace("⟧", "⟦").split("⟦")):
        if number % 2:
            spans.append((len(plain), len(plain) + len(piece)))
        plain += piece
    return plain, spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Many ⟦migrants⟧ came.", ("migrants",)),
        ("The ⟦U.S⟧. border was shut.", ("U.S.",)),
        ("Dijo que ⟦EE.UU⟧. no cede.", ("EE.UU.",)),
        ("They went to ⟦the border⟧. Then home.", ("the border",)),
        ("⟦México, México⟧ gritaron.", ("México",)),
        ("They were ⟦deported. A migrant⟧ said so.", ()),
        ("The ⟦██ migrants⟧ were named.", ()),
        ("He saw ⟦xxxx border⟧ there.", ()),
        ("⟦migrants\nborder⟧", ()),
        ("⟦“asylum seekers”,⟧ they said", ("asylum seekers",)),
        ("⟦Migrants⟧ and a ⟦migrant⟧, ⟦MIGRANTS⟧", ("Migrants",)),
        ("⟦deportados⟧ y una ⟦deportada⟧", ("deportados", "deportada")),
        ("⟦-⟧ ⟦5⟧ ⟦a⟧", ()),
        ("⟦a border that nobody had crossed in years of trying⟧", ()),
        ("⟦U.S. border⟧ towns", ("U.S. border",)),
    ],
)
def test_words_as_a_person_would_pick_them(text: str, expected: tuple[str, ...]) -> None:
    assert reason_words(*marked(text)) == expected


def test_one_word_in_two_spellings_is_said_once() -> None:
    assert distinct(["Migración", "migracion", "albergues", "Albergue", "redes", "red", "gas", "!?"]) == (
        "Migración",
        "albergues",
        "redes",
        "gas",
    )
