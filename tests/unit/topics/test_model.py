from dataclasses import replace
from datetime import date

import pytest

from worker.errors import TopicFileError
from worker.topics import (
    Band,
    LinearModel,
    Signal,
    Thresholds,
    Topic,
    TopicArticle,
    TopicSet,
    load_model,
    load_topic,
    match,
    model_file,
)
from worker.topics.backtest import open_to_all
from worker.topics.model import article_key, is_model_file

MODEL = LinearModel(
    topic="tequila-tariffs",
    bias=-1.0,
    signals={"the topic's query": 2.0, 'trade "talks"': 0.5},
    words={"tariff": 3.0, "cockta": -4.0},
    thresholds=Thresholds(0.9, 0.6, 0.2),
    yes=12,
    no=30,
    trained=date(2026, 11, 22),
    seen={"9f86d081": 0.93},
)
FILE = """
name = "tequila-tariffs"
model = "tequila-tariffs.model.toml"
languages = ["en"]
[query]
any = "tequila"
[[signal]]
name = 'trade "talks"'
weight = 1.5
query.any = '"trade talks"'
[[signal]]
name = "newer than the model"
weight = 1.0
query.any = "agave"
"""


def test_a_model_is_written_and_read() -> None:
    assert load_model(MODEL.dump()) == MODEL
    assert load_model(MODEL.dump()).dump() == MODEL.dump()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bias = -1.000", "", "bias: missing"),
        ("bias = -1.000", 'bias = "a"', "bias: 'a'; expected a number"),
        ("bias = -1.000", "bias = 1" + "0" * 400, "bias: 10+; expected a number"),
        ("format = 1", "format = 2", "format: this version reads 1"),
        ("yes = 12", "yes = 12\nmaybe = 3", "maybe: unknown key"),
        ("= 3.000", "= 3000.0", "words.tariff: 3000; expected at most 100"),
        ("= 3.000", "= nan", "words.tariff: nan; expected a number"),
        ("strict = 0.900", "strict = 0.1", "thresholds: expected 0 < wide"),
        ("2026-11-22", "2026-11-22T00:00:00", "trained: .* expected a day"),
        ("[words]", "[words", "not TOML"),
    ],
)
def test_faults_name_the_key(old: str, new: str, message: str) -> None:
    assert old in MODEL.dump()
    with pytest.raises(TopicFileError, match=f"^{message}"):
        load_model(MODEL.dump().replace(old, new, 1))


def test_a_topic_file_names_its_model() -> None:
    assert model_file(FILE) == "tequila-tariffs.model.toml"
    assert model_file(FILE.replace("model =", "# model =")) is None
    topic = load_topic(FILE, model_text=MODEL.dump())
    assert topic.model == MODEL
    assert topic.thresholds == MODEL.thresholds
    assert topic.scale() == (-1.0, {"the topic's query": 2.0, 'trade "talks"': 0.5, "newer than the model": 1.0})


def test_a_model_is_adjusted_to_kinds_of_articles() -> None:
    model = replace(MODEL, adjustments={"short": {"bias": 0.5, "the topic's query": 1.0}, "es": {"bias": 0.25}})
    assert load_model(model.dump()) == model
    assert model.adjusted(("short", "en")) == (-0.5, {**MODEL.signals, "the topic's query": 3.0})
    assert model.adjusted(("long", "es")) == (-0.75, dict(MODEL.signals))


def test_a_witness_is_one_more_piece_of_evidence() -> None:
    model = replace(MODEL, witnesses={"meaning": 2.0})
    assert load_model(model.dump()) == model
    topic = load_topic(FILE, model_text=model.dump())
    article = TopicArticle("Tariffs", "tariff tariffs tequila trade talks")
    (without,) = TopicSet((open_to_all(topic),)).match(article)
    (sure,) = TopicSet((open_to_all(topic),)).match(article, {topic.name: {"meaning": 1.0, "unknown": 9.0}})
    assert sure.score > without.score
    assert "+2.0 meaning" in sure.reasons
    assert not any("meaning" in reason for reason in without.reasons)


def test_the_source_carries_the_model_along() -> None:
    topic = load_topic(FILE, model_text=MODEL.dump())
    assert load_topic(topic.source) == topic
    other = load_topic(FILE, model_text=MODEL.dump().replace("-1.000", "-1.500"))
    assert other.source != topic.source
    assert load_topic(topic.source, model_text=other.model.dump() if other.model else None).model == other.model


@pytest.mark.parametrize(
    ("file", "model", "message"),
    [
        (FILE, None, "model: the file tequila-tariffs.model.toml is missing"),
        (FILE, "bias = [", "model: tequila-tariffs.model.toml: not TOML"),
        (FILE, MODEL.dump().replace("tequila-tariffs", "mezcal"), "model: .* was trained for 'mezcal'"),
        (FILE, "#" * 600_000, "model: .* is larger than 512 KB"),
        (
            FILE.replace("tequila-tariffs.model.toml", "../secret.toml"),
            MODEL.dump(),
            "model: '../secret.toml'; expected",
        ),
        (FILE.replace("newer than the model", "the topic's query"), MODEL.dump(), "signal: two are called"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(file: str, model: str | None, message: str) -> None:
    with pytest.raises(TopicFileError, match=f"^t.toml: {message}"):
        load_topic(file, name_hint="t.toml", model_text=model)


def test_an_example_must_hold_with_the_model() -> None:
    example = '\n[[example]]\nname = "a duty"\nmatch = true\ntitle = "Tequila"\ntext = ""\n'
    load_topic(FILE.replace("model =", "# model =") + example)
    with pytest.raises(TopicFileError, match="'a duty' must match, but"):
        load_topic(FILE + example, model_text=MODEL.dump().replace("bias = -1.000", "bias = -9.0"))


def test_words_speak_for_and_against() -> None:
    plain = load_topic(FILE, model_text=MODEL.dump())
    article = TopicArticle("Tequila tariffs", "Tariff on cocktails and tequila.", "en")
    found = match(article, plain)
    assert found is not None
    assert found.band is Band.BALANCED
    assert [reason[5:] for reason in found.reasons if "learned" in reason] == [
        "learned words for it: “tariffs”",
        "learned words against it: “cocktails”",
    ]
    assert {span.term for span in found.spans} == {"tequila"}


def test_words_count_only_where_the_query_holds() -> None:
    topic = load_topic(FILE, model_text=MODEL.dump())
    assert TopicSet((topic,)).evidence(TopicArticle("Tariffs", "tariff tariffs")) == ()


def test_a_topic_with_a_model_is_a_key() -> None:
    assert {Topic("t", (), signals=(Signal("s", 1.0, ()),), model=MODEL): 1}
    assert hash(MODEL) == hash(load_model(MODEL.dump()))


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/passwd", "a\\b", ".hidden", "a..b", "a b", "x" * 101])
def test_a_model_lies_beside_its_topic(name: str) -> None:
    assert not is_model_file(name)


def test_articles_are_told_apart() -> None:
    keys = {article_key(TopicArticle(*each)) for each in [("a", "b"), ("a", "c"), ("ab", ""), ("\ud800", "")]}
    assert len(keys) == 4
