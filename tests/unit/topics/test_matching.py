import pytest

from worker.topics import (
    Band,
    LanguageQuery,
    Signal,
    Topic,
    TopicArticle,
    TopicSet,
    match,
    match_all,
    parse_query,
)


def queries(text: str, language: str | None = None) -> tuple[LanguageQuery, ...]:
    return (LanguageQuery(language, parse_query(text)),)


TEQUILA = Topic("tequila-tariffs", queries("(tequila OR mezcal) AND tariff*"))
FILLER = "Nothing in this sentence is about any of it. "


def test_no_query_no_match() -> None:
    assert match(TopicArticle("Tequila sales rise", "Agave is dear."), TEQUILA) is None


def test_the_title_is_strict() -> None:
    found = match(TopicArticle("Tariff on tequila", FILLER * 40), TEQUILA)
    assert found is not None
    assert (found.topic, found.band) == ("tequila-tariffs", Band.STRICT)


def test_the_opening_is_balanced() -> None:
    found = match(TopicArticle("A duty", "A tariff on tequila. " + FILLER * 100), TEQUILA)
    assert found is not None
    assert found.band is Band.BALANCED


def test_words_far_apart_in_passing_do_not_match() -> None:
    text = FILLER * 20 + "He drank mezcal. " + FILLER * 40 + "Tariffs rose. " + FILLER * 20
    assert match(TopicArticle("A portrait", text), TEQUILA) is None


def test_one_mention_scores_less_than_a_third_of_the_body() -> None:
    def score(mentions: int) -> float:
        text = FILLER * 20 + ("The tariff on tequila. " + FILLER * 6) * mentions + FILLER * (120 - 7 * mentions)
        topic = Topic("t", TEQUILA.queries, bias=4.0)
        found = match(TopicArticle("", text), topic)
        assert found is not None
        return found.score

    assert score(1) < score(3) < score(6) <= score(12)


def test_spans_index_the_original() -> None:
    article = TopicArticle("TE\u200bQUILA and Mezca\u0301l", "New\u00a0tariffs, «tari\u0301ff». Tequila tariff.")
    found = match(article, Topic("t", queries("title:(tequila OR mezcal) OR tariff*")))
    assert found is not None
    texts = {"title": article.title, "text": article.text}
    assert [(span.term, texts[span.field][span.start : span.end]) for span in found.spans] == [
        ("tequila", "TE\u200bQUILA"),
        ("mezcal", "Mezca\u0301l"),
        ("tariff*", "tariffs"),
        ("tariff*", "tari\u0301ff"),
        ("tariff*", "tariff"),
    ]


def test_a_span_within_another_is_left_out() -> None:
    found = match(TopicArticle("Remain in Mexico", ""), Topic("t", queries('"remain in mexico" OR mexico')))
    assert found is not None
    assert [(span.start, span.end) for span in found.spans] == [(0, 16)]


def test_spans_and_reasons_are_few_however_often_a_term_stands() -> None:
    found = match(TopicArticle("", "tariff on tequila " * 100), TEQUILA)
    assert found is not None
    assert len(found.spans) == 8
    assert found.reasons == ("+4.6 the topic's query (opening, 100% of the body): “tariff”, “tequila”",)


def test_signals_add_and_subtract_and_say_so() -> None:
    topic = Topic(
        "t",
        queries("tequila"),
        bias=-1.0,
        query_weight=1.0,
        signals=(
            Signal("talks", 2.0, queries('"trade talks"')),
            Signal("recipes", -4.0, queries("recipe*")),
            Signal("never", 9.0, queries("absent")),
        ),
    )
    plain = match(TopicArticle("Tequila", "Trade talks."), topic)
    cocktails = match(TopicArticle("Tequila recipes", "Trade talks."), topic)
    assert plain is not None
    assert plain.band is Band.STRICT
    assert [reason[:10] for reason in plain.reasons] == ["+1.8 talks", "+0.8 the t"]
    assert cocktails is None


def test_what_speaks_against_gives_no_span() -> None:
    topic = Topic("t", queries("tequila"), bias=3.0, signals=(Signal("recipes", -1.0, queries("recipe*")),))
    found = match(TopicArticle("Tequila recipes", ""), topic)
    assert found is not None
    assert [span.term for span in found.spans] == ["tequila"]
    assert found.reasons[-1] == "-0.8 recipes (title, opening): “recipes”"


def test_boosts_raise_and_lower() -> None:
    article = TopicArticle("", FILLER * 100 + "tequila")
    plain, raised, lowered = (
        match(article, Topic("t", queries(text), bias=0.0)) for text in ("tequila", "tequila^3", "tequila^0.1")
    )
    assert plain is not None
    assert raised is not None
    assert lowered is not None
    assert raised.score > plain.score > lowered.score


@pytest.mark.parametrize(
    ("language", "matches"), [("en", False), ("es", True), ("es-MX", True), (None, True), ("de", True)]
)
def test_a_language_has_its_own_queries(language: str | None, matches: bool) -> None:
    topic = Topic("t", (*queries("hello", "en"), *queries("hola", "es")), languages=("en", "es"))
    assert (match(TopicArticle("Hola", "", language), topic) is not None) is matches


def test_many_topics_are_matched_as_each_alone() -> None:
    topics = (
        TEQUILA,
        Topic("not", queries("NOT tequila"), bias=3.0),
        Topic("agave", queries("agav*")),
        Topic("spanish", queries("lang:es")),
        Topic("tequila", queries("tequila"), signals=(Signal("tariff", 2.0, queries("tariff*")),)),
    )
    compiled = TopicSet(topics)
    for article in (
        TopicArticle("Tariff on tequila", "Agaves are dear."),
        TopicArticle("Agave", "", "es"),
        TopicArticle("", ""),
        TopicArticle("Nothing", "at all"),
    ):
        alone = tuple(found for topic in topics if (found := match(article, topic)) is not None)
        assert match_all(article, compiled) == alone


def test_evidence_is_given_below_the_thresholds_too() -> None:
    topic = Topic("t", queries("tequila"), bias=-30.0)
    compiled = TopicSet((topic, TEQUILA))
    ((name, evidence),) = compiled.evidence(TopicArticle("Tequila", ""))
    assert name == "t"
    assert [round(piece.log_odds, 2) for piece in evidence] == [4.0]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "migrants " * 111_000,
        "\u200b" * 1_000_000,
        "m\u200b" * 500_000,
        "e\u0301" * 500_000,
        "\u202eשלום " * 150_000,
        "\ud800 migrants",
        "\x00",
    ],
    ids=["one word", "one word again", "zero width", "laced", "accents", "right to left", "surrogate", "nul"],
)
def test_odd_texts_are_survived(text: str) -> None:
    topic = Topic("t", queries('migra* OR "migrants migrants"~5 OR שלום OR e*'))
    found = match(TopicArticle(text[:2_000], text), topic)
    for span in found.spans if found else ():
        assert 0 <= span.start < span.end <= len(text)
