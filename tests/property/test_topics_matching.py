"""What must hold of every match, whatever the query and the article."""

from hypothesis import given
from hypothesis import strategies as st

from worker.topics import LanguageQuery, Topic, TopicArticle, TopicSet, match, parse_query
from worker.topics.tokens import fold, tokenise

VOCABULARY = [
    "asylum",
    "mexico",
    "México",
    "border",
    "wall",
    "migrants",
    "mi\u200bgrante",
    "caravan",
    "the",
    "a",
]
TEXTS = st.lists(st.sampled_from([*VOCABULARY, ".", "\n", "—", "\u202e"]), max_size=150).map(" ".join)
ARTICLES = st.builds(TopicArticle, TEXTS, TEXTS, st.sampled_from([None, "en", "es"]))
LEAVES = st.sampled_from(
    ["asylum", "mexic*", "migra*", '"the border"', '"mexico wall"~3', "title:caravan", "lead:wall", "lang:es"]
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner).map(
        lambda it: f"({it[0]} {it[1]} {it[2]})"
    ),
    max_leaves=8,
)


def topic(name: str, query: str, bias: float = 0.0) -> Topic:
    return Topic(name, (LanguageQuery(None, parse_query(query)),), bias=bias, source=query)


@given(ARTICLES, QUERIES)
def test_matches_are_in_bounds(article: TopicArticle, query: str) -> None:
    found = match(article, topic("t", query))
    if found is None:
        return
    assert 0 <= found.score <= 1
    fields = {"title": article.title, "text": article.text}
    for span in found.spans:
        piece = fields[span.field][span.start : span.end]
        assert piece
        assert piece == piece.strip()
    keys = [(span.field == "text", span.start) for span in found.spans]
    assert keys == sorted(keys)


@given(ARTICLES, st.lists(QUERIES, max_size=6))
def test_together_is_as_each_alone(article: TopicArticle, queries: list[str]) -> None:
    topics = tuple(topic(f"t{number}", query) for number, query in enumerate(queries))
    alone = tuple(found for each in topics if (found := match(article, each)) is not None)
    assert TopicSet(topics).match(article) == alone


@given(ARTICLES, QUERIES)
def test_case_does_not_matter(article: TopicArticle, query: str) -> None:
    shouted = TopicArticle(article.title.upper(), article.text.upper(), article.language)
    found, other = match(article, topic("t", query)), match(shouted, topic("t", query))
    assert (found and found.spans) == (other and other.spans)


@given(ARTICLES, QUERIES)
def test_a_query_or_its_negation_holds(article: TopicArticle, query: str) -> None:
    certain = 9.0
    assert (match(article, topic("t", query, certain)) is None) != (
        match(article, topic("t", f"NOT {query}", certain)) is None
    )


@given(st.text(max_size=80))
def test_tokens_lie_where_they_say(text: str) -> None:
    tokens = tokenise(text)
    assert [fold(text[start:end]) for start, end in tokens.spans] == list(tokens.words)
    ends = [0, *(end for _, end in tokens.spans)]
    assert all(end <= start for end, (start, _) in zip(ends, tokens.spans, strict=False))


@given(st.text(max_size=80))
def test_folding_is_stable(text: str) -> None:
    for word in tokenise(text).words:
        assert fold(word) == word
