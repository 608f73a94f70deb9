from __future__ import annotations

import pytest

from worker.duplicates.syndication import find_agency
from worker.pages.boilerplate.rules import matching_rule
from worker.stories.sources import strip_sources
from worker.text.agencies import AGENCIES


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda one: one.name)
def test_each_is_found_where_a_text_credits_it(agency) -> None:
    written = next((sign for sign in agency.signs), agency.names[0].partition("[- ]")[0])
    written = {"agence france": "agence france-presse", "t[ée]lam": "Télam"}.get(written, written)
    assert find_agency(f"EL PASO, Texas ({written}) — The bridge is closed.", []) == agency.name


@pytest.mark.parametrize("agency", [one for one in AGENCIES if one.bracketed], ids=lambda one: one.name)
def test_each_that_stands_in_brackets_is_no_part_of_a_storys_words(agency) -> None:
    assert agency.bracketed not in strip_sources(f"The bridge is closed ({agency.bracketed}), and stays so.")


@pytest.mark.parametrize("agency", [one for one in AGENCIES if one.is_word], ids=lambda one: one.name)
def test_each_that_is_a_word_is_taken_for_an_institution(agency) -> None:
    name = agency.bracketed.title()
    assert name not in strip_sources(f"El puente sigue cerrado, según {name}, y lo estará.")


def test_a_picture_is_credited_to_those_alone_that_own_pictures() -> None:
    credited = {one.name for one in AGENCIES if (rule := matching_rule(one.name)) and rule.name == "photo-credit"}
    assert credited == {one.name for one in AGENCIES if one.owns_photos} == {"Reuters", "AFP"}
