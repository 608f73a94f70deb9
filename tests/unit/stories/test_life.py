from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest

from tests.conftest import NOW
from worker.stories import StoryLife, StoryMember, StoryReport, choose_headline, tell_life

HOUR = timedelta(hours=1)
FERRIES = "Ferries to the islands will leave from the fish market while the old terminal is repaired."
REWORDED = "While the old terminal is repaired, ferries to the islands leave from the fish market."
RESIGNED = "The engineer Ada Moreau resigned over the cost of the granite pilings."
SPANISH = "Los transbordadores saldrán del mercado de pescado mientras se repara la terminal vieja."
CENTRAL, MARGINAL = {"a": 0.8, "b": 0.6}, {"a": 0.6, "c": 0.8}


def member(
    number: int, text: str, *, title: str | None = None, language: str = "en", vector: dict[str, float] = CENTRAL,
    copy_of: int | None = None, changed: int | None = None, outlet: str = "",
) -> StoryMember:  # fmt: skip
    """The article that was seen and read so many hours after noon, an hour after it was published."""
    at = NOW + number * HOUR
    return StoryMember(
        number, f"Title {number}" if title is None else title, outlet or f"Outlet {number}", language, at - HOUR, at,
        at, text, vector, revision=number, copy_of=copy_of, changed=NOW + changed * HOUR if changed else None,
    )  # fmt: skip


TOLD = (
    member(1, FERRIES, vector=MARGINAL),
    member(2, "", copy_of=1),
    member(3, REWORDED),
    member(4, f"{FERRIES} {RESIGNED}", language="en-GB", vector={"b": 1.0}),
    member(5, SPANISH, language="es", vector=MARGINAL, outlet="Outlet 2"),
)


def life(*members: StoryMember, language: str | None = None, since: int | None = None) -> StoryLife:
    found = tell_life(members, language=language, since=None if since is None else NOW + since * HOUR)
    assert found
    return found


def test_a_life_in_full() -> None:
    found = life(*TOLD)
    assert (found.headline, found.headline_id, found.size) == ("Title 3", 3, 4)
    assert found.outlets == ("Outlet 1", "Outlet 2", "Outlet 3", "Outlet 4")
    assert found.languages == ("en", "es")
    assert (found.first_seen, found.last_developed) == (NOW + HOUR, NOW + 5 * HOUR)
    assert [report.added for report in found.reports] == [(), None, (RESIGNED,), ()]
    assert [report.article_id for report in found.development] == [4, 5]


def test_the_order_of_the_members_changes_nothing() -> None:
    for seed in range(5):
        assert tell_life(Random(seed).sample(TOLD, len(TOLD))) == tell_life(TOLD)


@pytest.mark.parametrize(("since", "new"), [(0, [1, 4, 5]), (1, [4, 5]), (3, [4, 5]), (4, [5]), (5, [])])
def test_development_is_what_adds_something_since(since: int, new: list[int]) -> None:
    found = life(*TOLD, since=since)
    assert [report.article_id for report in found.development] == new
    assert found.last_developed == NOW + 5 * HOUR


def test_a_report_that_only_repeats_develops_nothing() -> None:
    found = life(*TOLD[:3])
    assert found.development == ()
    assert found.last_developed == NOW + HOUR


def test_a_change_develops_when_it_is_made() -> None:
    found = life(TOLD[0], member(3, REWORDED, changed=9), since=6)
    assert [(report.article_id, report.at) for report in found.development] == [(3, NOW + 9 * HOUR)]
    assert found.last_developed == NOW + 9 * HOUR
    first = member(1, FERRIES, changed=9)
    assert [report.article_id for report in life(first, member(3, REWORDED)).development] == [1]


def test_the_headline_is_in_the_language_asked_for_where_there_is_one() -> None:
    assert life(*TOLD, language="es-MX").headline == "Title 5"
    assert life(*TOLD, language="fr").headline == life(*TOLD).headline == "Title 3"


def test_an_article_without_a_title_gives_no_headline_if_another_can() -> None:
    assert life(member(1, FERRIES, title=" "), member(2, REWORDED, vector=MARGINAL)).headline == "Title 2"
    assert life(member(1, FERRIES, title="")).headline == ""


def test_ties_go_to_the_earliest() -> None:
    def report(number: int, hour: int) -> StoryReport:
        return StoryReport(number, "T", "", None, NOW + hour * HOUR, NOW, 0.5, (), None)

    assert choose_headline([report(1, 2), report(3, 1), report(2, 1)]).article_id == 2


def test_copies_alone_have_no_life() -> None:
    assert tell_life([]) is tell_life([member(2, "", copy_of=1)]) is None
