import pytest

from worker.stories.dateline import Day, are_far_apart, find_dateline, find_days, find_weekdays, read_day

DAY = Day(2008, 6, 9)


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
        "They may 10 times say",
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


@pytest.mark.parametrize("text", ["June 9 The company said", "ALDER, 9 de junio (Agencia)", "On 9 June the company"])
def test_days_without_a_year(text):
    assert find_dateline(text) == Day(None, 6, 9)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("2008-06-09", "2008-06-12", 3),
        ("2008-06-09", "2009-06-09", 365),
        ("2008-06-09", "--06-12", 3),
        ("--12-30", "--01-02", 3),
        ("--02-29", "2009-03-01", 1),
    ],
)
def test_days_apart(one, other, apart):
    assert read_day(one).days_from(read_day(other)) == apart == read_day(other).days_from(read_day(one))
    assert [str(read_day(one)), str(read_day(other))] == [one, other]


def test_all_days_of_a_text_are_found_and_of_a_calendar_the_first_eight():
    text = "The ferry sank on June 9. A hearing is set for 3 de julio de 2008; by 2008-06-09 none had been named."
    assert find_days(text) == {Day(None, 6, 9), Day(2008, 7, 3), DAY}
    assert find_days(" ".join(f"May {day}, 2026" for day in range(1, 30))) == {Day(2026, 5, n) for n in range(1, 9)}


def test_days_are_far_apart_only_where_all_of_them_are():
    june, july, august = Day(None, 6, 9), Day(2008, 7, 3), Day(2008, 8, 20)
    assert are_far_apart({june}, {july, august}, 7)
    assert not are_far_apart({june, august}, {july, Day(None, 8, 14)}, 7)
    assert not are_far_apart(set(), {july}, 7)


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [
        ("Inspectors shut the hall on Tuesday, a day after the fire.", {0, 1}),
        ("On Monday, two days after the storm, and on Friday", {0, 5, 4, 2}),
        ("Los inspectores cerraron el martes la bodega, un día después del incendio.", {0, 1}),
        ("El miércoles fue detenido el dueño; la víspera había huido.", {1, 2}),
        ("The hall burned on Tuesday. A day in court costs more.", {1}),
        ("A day after the fire the hall was shut.", set()),
        ("", set()),
    ],
)
def test_weekdays_are_those_named_and_the_days_before_that_a_report_follows(text, weekdays):
    assert find_weekdays(text) == weekdays
