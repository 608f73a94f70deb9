import pytest

from worker.topics import TopicArticle, parse_query
from worker.topics.article_index import index_article
from worker.topics.evaluation import MAX_OCCURRENCES, evaluate
from worker.topics.plan import Plan

ARTICLE = TopicArticle(
    title="Asylum seekers wait in Ciudad Juárez",
    text="The United States sends migrants back to Mexico. " + "Filler words go here now. " * 40 + "Caravan, last.",
    language="en-US",
    outlet="La Jornada de Zacatecas",
)


def holds(query: str, article: TopicArticle = ARTICLE) -> bool:
    plan = Plan()
    step = plan.add(parse_query(query).root)
    return evaluate(plan, index_article(article)).holds(step)


def passages(query: str) -> int:
    plan = Plan()
    step = plan.add(parse_query(query).root)
    return evaluate(plan, index_article(ARTICLE)).presence(step).passages


@pytest.mark.parametrize(
    "query",
    [
        "asylum",
        "ASYLUM AND juarez",
        "nothing OR migrants",
        "migra*",
        '"united states"',
        '"asylum seek*"',
        '"mexico migrants"~3',
        '"the the"~9 OR asylum',
        "title:juarez",
        "lead:mexico",
        "body:caravan",
        "title:asylum AND body:caravan",
        "asylum AND NOT football",
        "lang:en",
        'outlet:"la jornada"',
        "outlet:zacat*",
        "(a OR (asylum AND (b OR mexico)))^2",
        "asylum AND caravan",
    ],
)
def test_holds(query: str) -> None:
    assert holds(query)


@pytest.mark.parametrize(
    "query",
    [
        "football",
        "asylum AND football",
        "migr",
        '"states united"',
        '"asylum juarez"',
        '"mexico migrants"~1',
        '"asylum migrants"~99',
        '"mexico mexico"~9',
        "title:migrants",
        "lead:caravan",
        "body:asylum",
        "asylum AND NOT mexico",
        "lang:es",
        'outlet:"jornada zacatecas"',
        "asylumseekerswithoutborders*",
    ],
)
def test_does_not_hold(query: str) -> None:
    assert not holds(query)


def test_a_word_sought_twice_needs_two_places() -> None:
    twice = TopicArticle("", "wall, then more wall")
    assert holds('"wall wall"~2', twice)
    assert not holds('"wall wall"~1', twice)
    assert not holds('"wall wal*"~5', TopicArticle("", "one wall"))


def test_a_phrase_does_not_bridge_title_and_body() -> None:
    article = TopicArticle("Remain in", "Mexico")
    assert not holds('"remain in mexico"', article)
    assert not holds('"remain mexico"~999', article)


def test_and_over_passages_wants_both_in_one() -> None:
    assert passages("asylum AND caravan") == 0
    assert passages("asylum AND migrants") == 0b10
    assert passages("migrants AND mexico") == 0b110
    assert passages("NOT filler") & 0b1 == 0b1


def test_boosts_multiply_and_the_best_of_an_or_counts() -> None:
    plan = Plan()
    index = index_article(ARTICLE)
    steps = [plan.add(parse_query(text).root) for text in ("(asylum^2 AND juarez)^3", "asylum^2 OR juarez OR x^9")]
    evaluation = evaluate(plan, index)
    assert [evaluation.presence(step).boost for step in steps] == [6, 2]


def test_occurrences_are_bounded() -> None:
    plan = Plan()
    step = plan.add(parse_query("wall*").root)
    evaluation = evaluate(plan, index_article(TopicArticle("", "wall walls " * 5_000)))
    assert len(evaluation.occurrences(step)) == MAX_OCCURRENCES


def test_parts_that_queries_share_are_one_step() -> None:
    plan = Plan()
    for text in ("a OR b", "(a OR b) AND c", "NOT (a OR b)"):
        plan.add(parse_query(text).root)
    assert len(plan.steps) == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("asylum", {"asylum"}),
        ("asylum OR mexico", {"asylum", "mexico"}),
        ("(a OR b OR c) AND d AND NOT e", {"d"}),
        ('"in mexico"', {"mexico"}),
        ("NOT a", None),
        ("a OR NOT b", None),
        ("lang:es", None),
        ("lang:es AND a^2", {"a"}),
    ],
)
def test_triggers(text: str, words: set[str] | None) -> None:
    plan = Plan()
    found = plan.triggers(plan.add(parse_query(text).root))
    assert found == (None if words is None else {plan.words[word] for word in words})


@pytest.mark.parametrize("tag", ["es-MX", "es_MX", "ES"])
def test_a_language_is_the_same_however_its_tag_is_written(tag):
    assert holds("lang:es", TopicArticle("", "asilo", tag))
