import pytest

from worker.duplicates import find_agency


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("PORT ALDER, Maine (AP) — The council voted", "AP"),
        ("VELBRIDGE, May 3 (Reuters) - Oil rose", "Reuters"),
        ("MÉXICO, 3 mar (EFE).- El gobierno anunció", "EFE"),
        ("MADRID, 3 Mar. (EUROPA PRESS) - La ministra", "Europa Press"),
        ("BERLIN (dpa) - Der Rat", "dpa"),
        ("AFP – The council voted", "AFP"),
        ("By The Associated Press\nThe council voted", "AP"),
        ("Notimex\n\nEl ayuntamiento votó", "Notimex"),
        ("It ends here.\nThe Associated Press contributed to this report.", "AP"),
        ("Termina aquí. Con información de EFE", "EFE"),
        ("Termina aquí. Fuente: Europa Press", "Europa Press"),
        ("It ends here. © 2024 AFP", "AFP"),
        ("It ends here. (Reuters)", "Reuters"),
    ],
)
def test_credited_in_the_text(text, agency):
    assert find_agency(text, []) == agency


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        ("Associated Press", "AP"),
        ("Efe", "EFE"),
        ("Jane Doe, AP", "AP"),
        ("JANE DOE Associated Press", "AP"),
        ("Redacción / EFE", "EFE"),
        ("Reuters Staff", "Reuters"),
        ("Agence France-Presse", "AFP"),
    ],
)
def test_credited_as_author(author, agency):
    assert find_agency("Some text.", [author]) == agency


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        ("The minister told Reuters that oil rose, and said no more.", []),
        ("AP classes are popular. Students like them.", []),
        ("Harrisburg (PA) - A bridge was closed.", []),
        ("Text.", ["Ap Smith"]),
        ("Text.", ["Afpa Jones"]),
        ("", []),
        ("", [""]),
    ],
)
def test_not_credited(text, authors):
    assert find_agency(text, authors) is None


def test_long_hostile_input_is_read_at_its_ends_only():
    assert find_agency("(AP" * 300_000, ["by " * 100_000]) is None
