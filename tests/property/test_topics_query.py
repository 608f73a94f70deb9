"""Whatever is typed is either a query or an error with a position inside the text."""

from hypothesis import given
from hypothesis import strategies as st

from worker.errors import QueryError
from worker.topics import TopicQuery, lint, parse_query
from worker.topics.queries.tree import Node, depth

PIECES = st.sampled_from(
    ["migra*", "México", '"', '"a b"', "~3", "^2", "(", ")", "AND", "OR", "NOT", "-", "+", ":", "title:",
     "lang:es", "/", "[", "*", "\\", "'", "@a", "\n", " ", "\u200b", "שלום", "0", "TO", "<", "&", "\ud800"]
)  # fmt: skip
WORDS = st.sampled_from(["asylum", "migra*", '"united states"', '"asylum mexico"~4', "title:caravan", "lang:es"])


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES).map(" ".join)))
def test_anything_is_read_or_refused_in_place(text: str) -> None:
    read = query_or_fault(text)
    if isinstance(read, TopicQuery):
        assert depth(read.root) >= 1
        lint(read)
    else:
        lines = text.split("\n")
        assert 1 <= read.line <= len(lines)
        assert 1 <= read.column <= len(lines[read.line - 1]) + 1


def query_or_fault(text: str) -> TopicQuery | QueryError:
    try:
        return parse_query(text)
    except QueryError as fault:
        return fault


TREES = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner).map(lambda it: f"({it[0]} {it[1]} {it[2]})"),
        inner.map(lambda text: f"({text})^2"),
    ),
    max_leaves=12,
)


@given(TREES)
def test_well_formed_queries_are_read_and_spaces_do_not_matter(text: str) -> None:
    def root(written: str) -> Node:
        return parse_query(written).root

    assert root(text) == root(f"\n  {text}  ") == root(f"({text})")
