"""Whatever stands beside an article: nothing is lost unaccounted for, and cutting twice cuts no more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.pages import ExtractedArticle, Neighbour, PageKind, cut_neighbours

WORDS = st.sampled_from(
    ["port", "Workers", "end", "their", "strike", "after", "eleven", "days", "Gull", "rock", "…", "."]
)
LINES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
TEXTS = st.lists(LINES, min_size=1, max_size=8).map("\n\n".join)
NEIGHBOURS = st.lists(st.builds(Neighbour, LINES, LINES), max_size=5)


def article(text: str) -> ExtractedArticle:
    return ExtractedArticle(PageKind.ARTICLE, "", text)


@given(TEXTS, NEIGHBOURS, NEIGHBOURS)
def test_every_line_is_kept_or_accounted_for(text: str, own: list[Neighbour], others: list[Neighbour]) -> None:
    found = cut_neighbours(article(text), own, others)
    kept, gone = found.text.split("\n\n") if found.text else [], [each.line for each in found.removed]
    assert sorted([*kept, *gone]) == sorted(text.split("\n\n"))
    assert (found.kind is PageKind.NOT_AN_ARTICLE) == (not kept)


@given(TEXTS, NEIGHBOURS)
def test_the_articles_own_words_are_never_cut(text: str, others: list[Neighbour]) -> None:
    assert cut_neighbours(article(text), others, others) == article(text)


@given(TEXTS, NEIGHBOURS)
def test_the_order_of_the_neighbours_makes_no_difference(text: str, others: list[Neighbour]) -> None:
    assert cut_neighbours(article(text), (), others) == cut_neighbours(article(text), (), others[::-1])
