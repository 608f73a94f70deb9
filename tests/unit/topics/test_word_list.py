import pytest

from worker.errors import QueryError
from worker.topics.queries.tree import Or, Term, Word
from worker.topics.word_list import MAX_ENTRIES, parse_word_list


def test_entries_are_words_and_phrases() -> None:
    root = parse_word_list("Ciudad Juárez, reynosa,\n  deport*, fund* the wall,").root
    assert root == Or(
        (
            Term((Word("ciudad"), Word("juarez"))),
            Term((Word("reynosa"),)),
            Term((Word("deport", prefix=True),)),
            Term((Word("fund", prefix=True), Word("the"), Word("wall"))),
        )
    )
    assert [child.source for child in root.children if isinstance(child, Term)] == [
        "Ciudad Juárez", "reynosa", "deport*", "fund* the wall",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (" , \n", 1, 1, "the list is empty"),
        ("a, b OR c", 1, 6, "OR belongs into a query"),
        ('a,\nb, "c d"', 2, 4, "belongs into a query"),
        ("a, b*c", 1, 4, "stands only at the end"),
        ("a, ***", 1, 4, r"\* stands only at the end"),
        ("a, ---", 1, 4, "cannot be looked for"),
        ("a, " + "b" * 80, 1, 4, "cannot be looked for"),
        ("a, " + "b " * 30, 1, 4, "expected one to 20 words"),
        ("a," * (MAX_ENTRIES + 1), 1, 1, "expected at most"),
    ],
)
def test_faults_have_a_position(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(QueryError, match=message) as fault:
        parse_word_list(text)
    assert (fault.value.line, fault.value.column) == (line, column)
