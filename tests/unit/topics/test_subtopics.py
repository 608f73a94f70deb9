import pytest

from tests.unit.topics.test_topic_file import TEQUILA
from worker.errors import TopicFileError
from worker.topics import TopicArticle, builtin_topics, choose_subtopic, load_topic

PARTS = """
[[subtopic]]
name = "talks"
title.en = "Trade talks"
title.es = "Negociaciones"
query.any = "talks OR negoci*"

[[subtopic]]
name = "farms"
title.en = "Farms"
query.en = "agave OR farm*"
query.es = "agave* OR campo"
"""
TOPIC = load_topic(TEQUILA + PARTS)


def chosen(*reports: TopicArticle) -> str | None:
    found = choose_subtopic(TOPIC, reports)
    return found.name if found else None


def test_the_one_that_shows_most_strongly_is_chosen() -> None:
    assert chosen(TopicArticle("Tariff talks go on", "They met.", "en")) == "talks"
    assert chosen(TopicArticle("Agave growers worry", "Talks are far away.", "en")) == "farms"
    assert chosen(TopicArticle("Tariff on tequila", "It begins in May.", "en")) is None
    assert chosen() is None


def test_reports_are_taken_together_each_by_its_own_language() -> None:
    english = TopicArticle("A tariff", "It takes effect in May.", "en")
    spanish = TopicArticle("El campo espera", "Los agaveros esperan.", "es")
    assert chosen(english, spanish) == "farms"
    assert chosen(TopicArticle("El campo espera", "", "en")) is None
    assert chosen(TopicArticle("El campo espera", "", None)) == "farms"


def test_its_title_is_in_the_readers_language_where_there_is_one() -> None:
    talks, farms = TOPIC.subtopics
    assert (talks.title("es"), farms.title("es"), farms.title("en")) == ("Negociaciones", "Farms", "Farms")


def test_a_topic_without_parts_has_none() -> None:
    assert choose_subtopic(load_topic(TEQUILA), [TopicArticle("Talks", "", "en")]) is None


def test_a_wrong_key_is_named() -> None:
    with pytest.raises(TopicFileError, match=r"subtopic\[1\]\.weight"):
        load_topic(TEQUILA + '[[subtopic]]\nname = "x"\nweight = 1\nquery.any = "x"\n')


@pytest.mark.parametrize(
    ("title", "text", "language", "name"),
    [
        ("Two hundred reach the river at Piedras Negras", "The caravan crossed at dawn.", "en", "crossings"),
        (
            "Llegan a Tijuana dos vuelos con repatriados",
            "Los deportados fueron recibidos por el INM.",
            "es",
            "deportations",
        ),
        ("Judge blocks the order on asylum", "The court ruled on Friday against the administration.", "en", "policy"),
        ("Abren un albergue para familias en Reynosa", "Tendrá cien camas y un comedor.", "es", "shelters"),
        ("Nine found dead in a trailer near Laredo", "The bodies were found on Friday.", "en", "deaths"),
        ("Duplican las citas de asilo en la frontera", "Los solicitantes esperan meses.", "es", "asylum"),
    ],
)
def test_the_built_in_topic_has_parts(title: str, text: str, language: str, name: str) -> None:
    found = choose_subtopic(builtin_topics()[0], [TopicArticle(title, text, language)])
    assert found is not None
    assert found.name == name
    assert found.title("es") != found.title("en")
