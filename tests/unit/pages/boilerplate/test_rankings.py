"""Rankings of what others read, and numbered lists that are a story's own."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY
from worker.pages import strip_boilerplate

HEADLINES = (
    "Port workers end their strike after days",
    "The lighthouse on Gull Rock is sold",
    "Who built the leaning pier wall",
)


def ranking(*entries: str, label: str = "What others opened", sign: str = "") -> list[str]:
    return [label, *(f"{n}{sign} {entry}" for n, entry in enumerate(entries, 1))]


@pytest.mark.parametrize("label", ["What others opened", "Otros lectores abrieron", "Meistgelesen"])
@pytest.mark.parametrize("place", [1, 3, len(STORY)])
def test_a_ranking_goes_with_its_label(label: str, place: int) -> None:
    lines = [*STORY[:place], *ranking(*HEADLINES, label=label), *STORY[place:]]
    clean = strip_boilerplate("\n".join(lines))
    assert clean.text == "\n\n".join(STORY)
    assert len(clean.removed) == 4


@pytest.mark.parametrize(
    "lines",
    [
        ranking(*(f"{headline}." for headline in HEADLINES)),
        ranking(*HEADLINES, sign="."),
        ranking("Verstappen", "Norris", "Piastri"),
        ranking("Max Verstappen (Red Bull)", "Lando Norris (McLaren) +2.1", "Charles Leclerc (Ferrari) +5.4"),
        ranking("The Godfather Part II", "Once Upon a Time in America", "The Good the Bad and the Ugly"),
        ranking(*HEADLINES, label="What the harbour asks for:"),
        ranking(*HEADLINES[:2]),
        ranking(*HEADLINES * 5),
        ranking(*HEADLINES, label="The council named three things that the report had found, and asked for patience."),
        ["What others opened", *(f"{n} {headline}" for n, headline in zip((4, 5, 6), HEADLINES, strict=True))],
    ],
    ids=[
        "sentences",
        "steps",
        "a table",
        "a result",
        "titles",
        "introduced",
        "two",
        "many",
        "no label",
        "numbers of their own",
    ],
)
def test_numbered_lines_of_a_story_stay(lines: list[str]) -> None:
    assert strip_boilerplate("\n".join([*STORY, *lines])).text == "\n\n".join([*STORY, *lines])
