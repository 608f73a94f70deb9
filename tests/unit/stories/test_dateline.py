from datetime import date

import pytest

from worker.stories.dateline import as_term, days_among, find_dateline

DAY = date(2008, 6, 9)


@pytest.mark.parametrize(
    "text",
    [
        "June 9, 2008 The company said",
        "9 June 2008 - The company said",
        "PORT ALDER, 9 de junio de 2008.- La empresa",
        "9 de Junio del 2008 La empresa",
        "2008-06-09 The company",
    ],
)
def test_days_at_the_beginning(text):
    assert find_dateline(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "June 9 The company",
        "February 31, 2008 said",
        "2008-13-40",
        "x" * 120 + " June 9, 2008",
        "may 2008",
    ],
)
def test_no_day(text):
    assert find_dateline(text) is None


def test_the_first_possible_day_counts():
    assert find_dateline("February 31, 2008, that is June 9, 2008") == DAY


def test_days_are_told_from_words_in_a_vector():
    assert days_among([as_term(DAY), "border", "2008", "a-b-c"]) == {DAY}
