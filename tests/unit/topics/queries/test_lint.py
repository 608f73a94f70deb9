import pytest

from worker.topics import QueryWarning, lint, lint_guard, parse_query


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NOT a", "none of these terms"),
        ("a OR NOT b", "none of these terms"),
        ("m*", "prefix of one letter"),
        ("asylum and mexico", "the operator is AND"),
        ("lang:english", "codes of two letters"),
        ("lang:es lang:en", "join lang: fields with OR"),
        ("a AND NOT a", "required and excluded"),
        ("a AND NOT (a OR b)", "required and excluded"),
    ],
)
def test_warns(text: str, message: str) -> None:
    (warning,) = lint(parse_query(text))
    assert message in warning.message


@pytest.mark.parametrize("text", ["a", "a AND NOT b", "(lang:es OR lang:en) AND mi*", "NOT a AND b", "(a OR b)^2"])
def test_is_silent_where_nothing_is_odd(text: str) -> None:
    assert lint(parse_query(text)) == ()


def test_points_to_the_place() -> None:
    text = "asylum OR\n  m*"
    assert lint(parse_query(text)) == (
        QueryWarning("m*: a prefix of one letter matches almost any text", line=2, column=3),
    )


def test_a_vocabulary_finds_typos() -> None:
    query = parse_query('"asylum seekers" OR migrnat OR migra*')
    (warning,) = lint(query, vocabulary={"asylum", "seekers"})
    assert "'migrnat' has never occurred" in warning.message
    assert warning.column == 21


def test_a_guard_that_its_own_topic_switches_off_is_named() -> None:
    people = parse_query("migrant* OR refugee*")
    (warning,) = lint_guard(parse_query("(bird* OR whale*) AND NOT (border OR migrant*)"), [people])
    assert (warning.line, warning.column) == (1, 38)
    assert "migrant*: a word of the topic's own roles" in warning.message
    assert lint_guard(parse_query("bird* AND migrant*"), [people]) == ()
    assert lint_guard(parse_query("bird* AND NOT (whale* AND NOT border)"), [people]) == ()
