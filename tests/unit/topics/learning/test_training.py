import random
from dataclasses import replace
from datetime import date

import pytest

from worker.errors import ConfigurationError
from worker.topics import Example, Label, LabelledArticle, TopicArticle, load_model, load_topic, match, train
from worker.topics.learning.lesson import Lesson, deal, report_words

TOPIC = load_topic("""
name = "tequila-tariffs"
languages = ["en", "es"]
[query]
any = "tequila"
[scoring]
query = 1.0
bias = -1.0
[[signal]]
name = "duties"
weight = 1.0
query.any = "tariff* OR arancel*"
[[against]]
name = "recipes"
weight = 1.0
query.any = "recipe* OR receta*"
[[example]]
name = "a duty"
match = true
title = "Tariff on tequila"
text = "The duty on tequila takes effect in May; exporters fear the tariff."
""")
FILLER = ("nothing", "here", "says", "much", "about", "goes", "some", "time", "while", "ends")


def article(number: int, *, yes: bool, language: str = "en") -> TopicArticle:
    chance = random.Random(number)
    report = ["exporters", "tariff", "customs"] if yes else ["lime", "party", "recipe"]
    words = [*chance.choices(FILLER, k=30), "tequila", *chance.sample(report, 2), chance.choice(["border", "season"])]
    chance.shuffle(words)
    return TopicArticle(f"Tequila {chance.choice(report)} {number}", " ".join(words), language)


def labels(count: int = 15) -> list[LabelledArticle]:
    numbered = [
        LabelledArticle(
            article(number, yes=number % 2 == 0, language="es" if number % 3 else "en"),
            Label.YES if number % 2 == 0 else Label.NO,
            id=str(number),
        )
        for number in range(2 * count)
    ]
    return [*numbered, LabelledArticle(article(99, yes=True), Label.BORDERLINE, id="99")]


def test_a_topic_is_taught() -> None:
    result = train(TOPIC, labels(), today=date(2026, 11, 22))
    assert result.better, result.why
    assert result.quality["all"].f1 >= 0.95
    assert set(result.quality) == {"all", "en", "es"}
    assert [each.labelled.id for each in result.judged] == [each.id for each in labels()]
    model = load_model(result.model.dump())
    assert (model.topic, model.yes, model.no, model.trained) == ("tequila-tariffs", 15, 15, date(2026, 11, 22))
    assert model.signals["duties"] > 1.0
    assert model.signals["recipes"] < -1.0
    assert model.words["export"] > 0 > model.words["lime"]
    assert len(model.seen) == 31
    found = match(article(1_000, yes=True), replace(TOPIC, model=model, thresholds=model.thresholds))
    assert found is not None


def test_it_is_the_same_each_time_and_another_with_another_seed() -> None:
    assert train(TOPIC, labels()) == train(TOPIC, labels())
    assert train(TOPIC, labels(), seed=1).model != train(TOPIC, labels()).model


def test_what_has_been_learned_is_not_better_than_itself() -> None:
    first = train(TOPIC, labels())
    again = train(replace(TOPIC, model=first.model, thresholds=first.model.thresholds), labels())
    assert not again.better
    assert again.quality == again.quality_before


def test_labels_that_say_nothing_teach_nothing() -> None:
    chance = random.Random(3)
    shuffled = [replace(each, label=chance.choice([Label.YES, Label.NO])) for each in labels(30)]
    assert train(TOPIC, shuffled).quality["all"].f1 < 0.75


def test_a_model_that_breaks_an_example_is_not_better() -> None:
    odd = Example("an odd one", article(1, yes=False), matches=True)
    result = train(replace(TOPIC, examples=(odd,)), labels(40))
    assert not result.better
    assert "example 'an odd one' would fail" in result.why


def test_too_little_to_learn_from() -> None:
    with pytest.raises(ConfigurationError, match="4 articles labelled yes; training needs at least 10"):
        train(TOPIC, labels(4))


def test_folds_part_no_group_and_are_alike() -> None:
    labelled = [replace(each, group=f"story {number // 3}") for number, each in enumerate(labels(30))]
    folds = deal(labelled, 5, seed=0)
    assert sorted(number for fold in folds for number in fold) == list(range(len(labelled)))
    home = {number: place for place, fold in enumerate(folds) for number in fold}
    assert all(home[number] == home[number - number % 3] for number in home)
    yes = [sum(labelled[number].label is Label.YES for number in fold) for fold in folds]
    assert max(yes) - min(yes) <= 3


def test_the_same_article_twice_stays_in_one_fold() -> None:
    labelled = labels() * 2
    for fold in deal(labelled, 5, seed=2):
        assert {number % 31 for number in fold} == {number - 31 for number in fold if number >= 31}


def test_the_order_of_labels_does_not_deal_the_folds() -> None:
    labelled = labels()
    turned = labelled[::-1]
    one = {frozenset(labelled[number].id for number in fold) for fold in deal(labelled, 5, seed=0)}
    other = {frozenset(turned[number].id for number in fold) for fold in deal(turned, 5, seed=0)}
    assert one == other


def test_a_word_of_one_language_is_no_sign_by_that_alone() -> None:
    lesson = Lesson(TOPIC, 0)
    pairs = [("en", True)] * 18 + [("en", False)] * 6 + [("es", True)] * 6 + [("es", False)] * 18
    labelled = [
        LabelledArticle(
            TopicArticle("", f"tequila {'grammar' if language == 'en' else 'gramatica'} {'sign' * yes}", language),
            Label.YES if yes else Label.NO,
        )
        for language, yes in pairs
    ]
    assert report_words(lesson.rows(labelled))[0] == "word sign"


def test_labels_that_the_model_has_not_seen_move_it() -> None:
    first = train(TOPIC, labels()).model
    taught = replace(TOPIC, model=first, thresholds=first.thresholds)
    few = [replace(each, article=article(int(each.id) + 1000, yes=int(each.id) % 2 == 0)) for each in labels(10)[:-1]]
    few = [
        replace(each, article=replace(each.article, title="Tequila", text=each.article.text.replace("exporters", "")))
        for each in few
    ]
    moved, anew = train(taught, few).model, train(TOPIC, few).model
    assert "export" in first.words.keys() & moved.words.keys() - anew.words.keys()
    assert train(taught, labels()).model == replace(first, seen=train(taught, labels()).model.seen)


def test_what_a_witness_says_is_learned() -> None:
    told = [replace(each, witnesses={"meaning": 1.0 if each.label is Label.YES else -1.0}) for each in labels()]
    model = train(TOPIC, told).model
    assert model.witnesses["meaning"] > 0.5
    assert load_model(model.dump()).witnesses == model.witnesses


def test_figures_are_told_by_length() -> None:
    lengths = train(TOPIC, labels()).lengths
    assert sum(each.hits + each.misses for each in lengths.values()) == 15
