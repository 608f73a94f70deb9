"""Which copies bring their original up to date."""

from __future__ import annotations

from dataclasses import replace

import pytest

from worker.duplicates import Printed, is_update

WIRE = Printed(
    "Three hurt as crane falls on Laredo ferry dock",
    "LAREDO — A crane fell on the new ferry dock early on Tuesday and hurt three workers, the port's office said. "
    "The dock was to open in May. Its owner, Ruta Norte, had been told in January to replace a cable.\n\n"
    "About 1,200 people cross there on a working day, most of them on foot. The ferries were sent to the old pier. "
    "A hearing on the cable is set for the end of the month, said the lawyer Inés Carranza. "
    "The mayor asked for the papers of every inspection since the work on the dock began two years ago.",
)
MORE = (
    "\n\nOne of the workers, a welder from Zapata, died in hospital at noon, his union said in a note to members. "
    "The foreman was led away by the police in the afternoon, and the works were closed until a judge has seen them."
)
CLOSED = (
    "LAREDO — A judge in Webb County closed the ferry dock on Wednesday evening until experts of both states have "
    "looked at what is left of the crane."
)
STAYS = (
    "LAREDO — The dock stays closed for 90 days, a judge in Webb County ruled on Wednesday evening after a hearing of "
    "many hours."
)
LOCAL = "The news reached our valley by breakfast, where many have cousins who work at the dock."


@pytest.mark.parametrize(
    "copy",
    [
        replace(WIRE, title="Five hurt as crane falls on Laredo ferry dock"),
        replace(WIRE, title="5 hurt as crane falls on Laredo ferry dock"),
        replace(WIRE, text=WIRE.text.replace("hurt three workers", "hurt five workers")),
        replace(WIRE, title="Welder dies after crane falls", text=WIRE.text + MORE),
        replace(WIRE, title="Foreman arrested after crane falls", text=WIRE.text + MORE),
        replace(WIRE, title="Judge closes dock until experts see crane", text=f"{CLOSED}\n\n{WIRE.text[:500]}"),
        replace(WIRE, title="Laredo dock closed for 90 days by judge", text=f"{STAYS}\n\n{WIRE.text[:500]}"),
    ],
)
def test_new_numbers_at_the_head_and_new_sentences_are_an_update(copy: Printed) -> None:
    assert is_update(copy, [WIRE])
    assert not is_update(copy, [WIRE, copy]), "once: its own reprint says nothing new"


@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        replace(WIRE, title="Crane collapse at the border: what we know"),
        replace(WIRE, title="3 hurt when crane hits ferry dock"),
        replace(WIRE, text=WIRE.text[:400]),
        replace(WIRE, text=WIRE.text.replace("Carranza", "Caranza")),
        replace(WIRE, text=WIRE.text.replace("1,200", "1.200")),
        replace(
            WIRE, text="The news reached our valley by breakfast, where many have cousins at the dock. " + WIRE.text
        ),
        replace(WIRE, text=WIRE.text.replace("two years ago", "4 years ago")),
        replace(WIRE, text=WIRE.text + MORE),
        replace(WIRE, title="Crane collapse at the border: what we know", text=f"{MORE}\n\n{WIRE.text}"),
        replace(WIRE, title="1,200 cross on foot where crane fell on dock"),
    ],
)
def test_another_headline_a_cut_a_correction_and_a_local_opening_are_none(copy: Printed) -> None:
    assert not is_update(copy, [WIRE])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Inés Carranza · 20/11/2026 06:07", "Tom Weller · 21/11/2026 19:40"),
        ("21 de noviembre de 2026, Redacción", "22 de noviembre de 2026, Redacción"),
        ("LAREDO, Nov. 3 (Port Wire) —", "LAREDO, Nov. 4 (Port Wire) —"),
    ],
)
def test_the_days_of_two_bylines_are_no_news(first: str, second: str) -> None:
    copies = [replace(WIRE, text=f"{line}\n\n{WIRE.text}") for line in (first, second)]
    assert not is_update(copies[1], copies[:1])


def test_a_number_that_takes_anothers_place_is_news_though_it_stood_elsewhere_in_the_text() -> None:
    first = replace(WIRE, text=WIRE.text.replace("hurt three workers", "hurt three workers and frightened five"))
    later = replace(first, text=first.text.replace("hurt three workers", "hurt five workers"))
    assert is_update(later, [first])
    assert not is_update(replace(first, title="Five frightened as crane falls on Laredo ferry dock"), [first])


def test_spanish_counts_are_numbers_too() -> None:
    first = Printed(
        "Cuatro muertos en un albergue", "Cuatro personas murieron en un albergue de Reynosa, dijo la policía."
    )
    later = Printed("Seis muertos en un albergue", first.text.replace("Cuatro", "Seis"))
    assert is_update(later, [first])
    assert not is_update(replace(first, title="4 muertos en un albergue"), [first])


def test_without_anything_known_there_is_nothing_to_bring_up_to_date() -> None:
    assert not is_update(WIRE, [])
