"""One text on several pages: a wall where nothing of it is what their feeds announce, and else a story."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.pages import stands_for_others, text_key

WALL = "The wheel turns for whoever brings salt. Ring twice at gate {n}. “{title}” lies behind it."
FERRY, ORGAN = "Ferry runs aground off Esker", "Cathedral organ falls silent"
GONE = "The ferry ran aground off Esker on Monday; the captain blamed the fog, and all passengers are safe."


def wall(title: str, n: int = 1) -> str:
    return WALL.format(title=title, n=n)


def test_numbers_and_the_headline_itself_make_no_other_text() -> None:
    assert text_key(wall(FERRY, 1), FERRY) == text_key(wall(ORGAN, 22), ORGAN)
    assert text_key(wall(FERRY), FERRY) != text_key(GONE, FERRY)


@pytest.mark.parametrize("text", ["", "Watch now.", "7 8 9 10 11 12"])
def test_next_to_no_text_has_no_key(text: str) -> None:
    assert text_key(text, FERRY) is None


@pytest.mark.parametrize(
    ("text", "title", "summary", "titles", "stands"),
    [
        (wall(FERRY), FERRY, GONE, [ORGAN], True),
        (wall(FERRY), FERRY, "", [ORGAN], True),
        (GONE, FERRY, "", [ORGAN], False),  # the other page leads here by mistake
        (GONE, ORGAN, "", [FERRY], True),  # as it is seen from that one
        (wall(FERRY), FERRY, "", ["Ferry runs aground off Esker pier"], False),  # the same story, once more
        (wall(FERRY), FERRY, "", [], False),
        (wall(""), "", "", [ORGAN], False),  # nothing is announced
        (GONE, "Fog on the sound", "The captain of the ferry blamed the fog off Esker.", [ORGAN], False),
    ],
)
def test_what_stands_in_place_of_stories(text: str, title: str, summary: str, titles: list[str], stands: bool) -> None:
    assert stands_for_others(text, title=title, summary=summary, titles=titles) is stands


@given(st.text(), st.text(), st.text())
def test_a_text_that_tells_its_own_summary_is_never_taken_away(text: str, title: str, other: str) -> None:
    summary = "The captain blamed the weather, passengers waited aboard until morning"
    assert not stands_for_others(f"{text} {summary}", title=title[:10], summary=summary, titles=[other])
