"""What people write into the search field."""

from __future__ import annotations

from datetime import date

import pytest

from worker.errors import QueryError
from worker.topics.queries.tree import And, Property, leaves
from worker.topics.search import narrowed, read_wanted


def test_filters_stand_beside_the_query() -> None:
    found = read_wanted('after:2026-03-01 (a OR "b c") before:2026-04-02 topic:tequila-tariffs copies:yes')
    assert (found.after, found.before) == (date(2026, 3, 1), date(2026, 4, 2))
    assert (found.topic, found.copies, found.words) == ("tequila-tariffs", True, '(a OR "b c")')
    assert found.query is not None
    assert found.query.root == read_wanted('a OR "b c"').query.root  # type: ignore[union-attr]


def test_filters_alone_ask_for_every_article_and_nothing_for_none() -> None:
    assert read_wanted("topic:ferries").query is None
    assert read_wanted("topic:ferries").is_any
    assert not read_wanted("").is_any
    assert not read_wanted("  copies:no ").is_any


@pytest.mark.parametrize("text", ['"said topic:x today"', "(after:2026-03-01 b)", "a:topic:b"])
def test_within_groups_and_quotations_nothing_is_a_filter(text: str) -> None:
    try:
        found = read_wanted(text)
    except QueryError:
        return  # then it is an unknown field of the query language
    assert not found.topic
    assert found.after is None


@pytest.mark.parametrize(
    ("text", "column", "told"),
    [
        ("ferry after:yesterday", 7, "a day such as 2026-03-01"),
        ("before:2026-02-30", 1, "a day such as 2026-03-01"),
        ("ferry topic:Über", 7, "the name of a topic"),
        ("copies:maybe", 1, "yes or no"),
        ("topic:x ferry AND", 18, "expected a word"),
        ("a" * 200_000, 1, "more than 20 KB"),
        ("ä" * 15_000, 1, "more than 20 KB"),
    ],
)
def test_a_fault_is_named_where_it_stands(text: str, column: int, told: str) -> None:
    with pytest.raises(QueryError, match=told) as fault:
        read_wanted(text)
    assert fault.value.column == column


def test_the_fields_of_a_form_narrow_what_is_written() -> None:
    found = narrowed(read_wanted("a OR b"), outlet="La Jornada", language="es-MX", topic="t", after=date(2026, 1, 1))
    assert found.query is not None
    assert isinstance(found.query.root, And)
    properties = [getattr(leaf, "property", None) for leaf in leaves(found.query.root)]
    assert properties == [None, None, Property.OUTLET, Property.LANGUAGE]
    assert (found.topic, found.after, found.words) == ("t", date(2026, 1, 1), "a OR b")
    assert narrowed(read_wanted("a")) == read_wanted("a")
