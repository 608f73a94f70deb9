"""Whatever stands beside an article, teasers are lines of its text, and none of its own words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.pages import ExtractedArticle, Neighbour, PageKind, SiteProfile, find_teasers, normalize_line
from worker.pages.boilerplate.stripping import TEASER, strip_boilerplate

WORDS = st.sampled_from(["port", "Workers", "end", "their", "strike", "after", "eleven", "days", "Gull", "…", "."])
LINES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
TEXTS = st.lists(LINES, min_size=1, max_size=8).map("\n\n".join)
NEIGHBOURS = st.lists(st.builds(Neighbour, LINES, LINES, st.lists(LINES, max_size=3).map(tuple)), max_size=5)


def article(text: str) -> ExtractedArticle:
    return ExtractedArticle(PageKind.ARTICLE, "", text)


@given(TEXTS, NEIGHBOURS, NEIGHBOURS)
def test_teasers_are_lines_of_the_text_and_go_with_their_rule(
    text: str, own: list[Neighbour], others: list[Neighbour]
) -> None:
    teasers = find_teasers(article(text), own, others)
    assert teasers <= {normalize_line(line) for line in text.split("\n\n")}
    clean = strip_boilerplate(text, site=SiteProfile("news.example", teasers=teasers))
    assert teasers <= {normalize_line(each.line) for each in clean.removed if each.rule == TEASER}
    assert teasers.isdisjoint(map(normalize_line, clean.text.split("\n\n")))


@given(TEXTS, NEIGHBOURS)
def test_the_articles_own_words_are_no_teasers(text: str, others: list[Neighbour]) -> None:
    assert not find_teasers(article(text), others, others)


@given(TEXTS, NEIGHBOURS)
def test_the_order_of_the_neighbours_makes_no_difference(text: str, others: list[Neighbour]) -> None:
    assert find_teasers(article(text), (), others) == find_teasers(article(text), (), others[::-1])
