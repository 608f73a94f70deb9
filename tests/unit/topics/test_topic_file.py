import pytest

from worker.errors import TopicFileError
from worker.topics import LanguageQuery, TopicArticle, load_topic, match, parse_query

TEQUILA = """
name = "tequila-tariffs"
description = "Tariffs on tequila and mezcal."
languages = ["en", "es"]

[title]
en = "Tequila tariffs"
es = "Aranceles al tequila"

[define]
spirits = "tequila OR mezcal"
duties = "tariff* OR arancel*"

[query]
any = "@spirits AND (@duties)"

[scoring]
bias = -1.5
query = 4.5

[thresholds]
strict = 0.9
balanced = 0.6
wide = 0.4

[[signal]]
name = "trade talks"
weight = 1.5
query.en = '"trade talks"'

[[against]]
name = "recipes"
weight = 3
query.en = "recipe*"
query.es = "receta*"

[[example]]
name = "a duty"
match = true
language = "en"
title = "Tariff on tequila"
text = "The duty takes effect in May."

[[example]]
match = false
title = "Tequila recipes"
text = "Serve with lime. A tariff is mentioned."
"""


def test_everything_a_file_can_say() -> None:
    topic = load_topic(TEQUILA)
    assert topic.name == "tequila-tariffs"
    assert topic.description == "Tariffs on tequila and mezcal."
    assert topic.languages == ("en", "es")
    assert topic.titles == (("en", "Tequila tariffs"), ("es", "Aranceles al tequila"))
    assert [each.language for each in topic.queries] == [None]
    assert topic.queries[0].query.root == parse_query("(tequila OR mezcal) AND (tariff* OR arancel*)").root
    assert (topic.bias, topic.query_weight) == (-1.5, 4.5)
    assert (topic.thresholds.strict, topic.thresholds.balanced, topic.thresholds.wide) == (0.9, 0.6, 0.4)
    assert [(signal.name, signal.weight) for signal in topic.signals] == [
        ("trade talks", 1.5),
        ("recipes", -3.0),
    ]
    assert topic.signals[0].queries == (LanguageQuery("en", parse_query('"trade talks"')),)
    assert [(example.name, example.matches) for example in topic.examples] == [
        ("a duty", True),
        ("Tequila recipes", False),
    ]
    assert topic.source == TEQUILA


def test_titles_fall_back() -> None:
    topic = load_topic(TEQUILA)
    assert topic.title("es") == "Aranceles al tequila"
    assert topic.title("de") == "Tequila tariffs"
    bare = load_topic('name = "a"\nlanguages = ["en"]\nquery.any = "a"')
    assert bare.title("en") == "a"


def test_a_topic_is_a_key() -> None:
    assert {load_topic(TEQUILA): 1}[load_topic(TEQUILA)] == 1
    assert load_topic(TEQUILA) != load_topic(TEQUILA + "\n# changed")


def test_a_loaded_topic_matches() -> None:
    assert match(TopicArticle("Suben aranceles al mezcal", "", "es"), load_topic(TEQUILA)) is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name =", "nmae =", "name: missing"),
        ('"tequila-tariffs"', '"Tequila Tariffs"', "name: 'Tequila Tariffs'; expected small letters"),
        ('["en", "es"]', '["english"]', "languages: expected codes"),
        ('["en", "es"]', "[]", "languages: .*at least one"),
        ("description", "describtion", "describtion: unknown key; known here: .*description"),
        ("bias = -1.5", "bais = -1.5", "scoring.bais: unknown key; known here: bias, query"),
        ("wide = 0.4", "wide = 0.7", "thresholds: expected 0 < wide <= balanced <= strict < 1"),
        ("strict = 0.9", "strikt = 0.9", "thresholds.strikt: unknown key"),
        ("weight = 1.5", "weight = -1.5", r"signal\[1\].weight: -1.5; expected more than 0"),
        ("weight = 3", "", r"against\[1\].weight: missing"),
        ("query.en = '", "query.fr = '", r"signal\[1\].query.fr: unknown key; known here: any, en, es"),
        (
            'query.en = "recipe*"\nquery.es = "receta*"',
            "",
            r"against\[1\].query: expected a query for one of any",
        ),
        (
            "query.en = '\"trade",
            'query.en = \'"..." "trade',
            r"signal\[1\].query.en: line 1, column 1: .*no letter",
        ),
        ("@spirits AND", "@spirit AND", "query.any: line 1, column 1: no definition .* duties, spirits"),
        ('spirits = "tequila OR mezcal"', 'spirits = "@duties"', "define.spirits: line 1, column 1: .* none"),
        ("spirits =", "Spirits =", "define.Spirits: expected a new name"),
        ("match = true", "match = 1", r"example\[1\].match: 1; expected true or false"),
        ("match = true", "match = true\nmach = 1", r"example\[1\].mach: unknown key"),
        ("[query]", "[query", "not TOML"),
    ],
)
def test_faults_name_file_and_key(old: str, new: str, message: str) -> None:
    assert old in TEQUILA
    with pytest.raises(TopicFileError, match=f"^tequila.toml: {message}"):
        load_topic(TEQUILA.replace(old, new, 1), name_hint="tequila.toml")


def test_an_example_that_should_match_and_does_not() -> None:
    with pytest.raises(TopicFileError, match=r"'a duty' must match, but scores below 0\.40"):
        load_topic(TEQUILA.replace("Tariff on tequila", "Tariff on gin"))
    assert load_topic(TEQUILA.replace("Tariff on tequila", "Tariff on gin"), tried=True).examples


def test_an_example_that_should_not_match_and_does() -> None:
    with pytest.raises(
        TopicFileError,
        match=r"'Tequila recipes' must not match, but scores 0\.\d\d .*: \+.* the topic's query",
    ):
        load_topic(TEQUILA.replace("recipe*", "cocktail*"))


def test_a_file_has_a_size() -> None:
    with pytest.raises(TopicFileError, match="at most 512 KB"):
        load_topic("#" * 600_000)


def test_deep_toml_is_refused() -> None:
    with pytest.raises(TopicFileError, match="not TOML"):
        load_topic("a = " + "[" * 5_000 + "]" * 5_000)
