from dataclasses import replace

import pytest

from worker.errors import TopicFileError
from worker.topics import Topic, TopicArticle, TopicSet, load_topic
from worker.topics.backtest import open_to_all
from worker.topics.roles import HINTED

FILE = """
name = "lost-cattle"
languages = ["en", "es"]
[lists]
rivers = "thames, severn, long brook"
[ignore]
en = '"river thames brewery" OR dateline:severn'
[[role]]
name = "cattle"
query.en = "cow OR cows OR cattle"
query.es = "vaca*"
hint.en = "herd OR animals"
[[role]]
name = "water"
query.en = "@rivers"
query.es = "rio*"
hint.en = "bank*"
[[role]]
name = "loss"
query.en = "drown* OR lost"
query.es = "ahog*"
hint.en = "missing"
"""


@pytest.fixture(scope="module")
def topic() -> Topic:
    return open_to_all(load_topic(FILE))


def score(topic: Topic, title: str, text: str = "", language: str = "en") -> float:
    found = TopicSet((topic,)).match(TopicArticle(title, text, language))
    return found[0].score if found else 0.0


def test_a_candidate_shows_two_roles_if_only_by_hints(topic: Topic) -> None:
    assert score(topic, "Cows by the Thames") > 0
    assert score(topic, "Cows on the bank") > 0
    assert score(topic, "Animals missing on the bank") > 0
    assert score(topic, "Cows at the fair") == 0
    assert 0 < score(topic, "Herd on the bank") < score(topic, "Cows on the bank")


def test_words_that_stand_together_are_one_mention(topic: Topic) -> None:
    filler = "word " * 90
    broken = load_topic(FILE.replace("severn, long brook", "severn, long brook, brook", 1))
    assert score(open_to_all(broken), "Notes", f"Cows lost. Long brook. {filler}") == score(
        topic, "Notes", f"Cows lost. Long brook. {filler}"
    )
    assert score(topic, "Notes", f"Cows lost. Severn. Cows lost. Thames. {filler}") > score(
        topic, "Notes", f"Cows lost. Severn Thames. {filler}"
    )


def test_more_roles_make_it_surer_and_so_do_sure_words(topic: Topic) -> None:
    sure, hinted = score(topic, "Cows drown in the Thames"), score(topic, "Herd missing near the Thames")
    assert sure >= 0.5 > score(topic, "Cows by the Thames")
    assert sure > hinted > score(topic, "Animals missing on the bank")


def test_each_language_has_its_own_words(topic: Topic) -> None:
    assert score(topic, "Se ahogan vacas en el río", language="es") >= 0.5
    assert score(topic, "Se ahogan vacas en el río", language="en") == 0
    assert score(topic, "Se ahogan vacas en el río", language="") >= 0.5


def test_roles_apart_are_no_roles_together(topic: Topic) -> None:
    filler = "word " * 200
    near = score(topic, "Notes", f"Cows drown in the Thames. {filler}")
    apart = score(topic, "Notes", f"Cows. {filler} drowned {filler} Thames {filler}")
    assert near > apart + 0.2


def test_ignored_words_are_no_evidence(topic: Topic) -> None:
    assert score(topic, "Cows at River Thames Brewery") == 0
    assert score(topic, "Cows at River Thames Brewery and the Severn") > 0
    assert score(topic, "Cows at the fair", "SEVERN, Wales – A fair.") == 0
    assert score(topic, "Cows at the fair", "A fair by the Severn, which rose.") > 0


def test_one_passing_word_says_less_in_a_longer_article(topic: Topic) -> None:
    once = "Herd lost on the bank. " + "word " * 90
    again = "Herd lost on the bank. Herd lost by the bank. Herd lost on the bank. " + "word " * 80
    assert score(topic, "Notes", again) > score(topic, "Notes", once) + 0.05


def test_a_reading_names_each_role_and_what_is_missing(topic: Topic) -> None:
    (reading,) = TopicSet((topic,)).readings(TopicArticle("Herd drowned", "Two cows too, and a Cow.", "en"))
    assert [(role.name, role.sure, role.hints) for role in reading.roles] == [
        ("cattle", ("cows", "Cow"), ("Herd",)),
        ("water", (), ()),
        ("loss", ("drowned",), ()),
    ]
    assert 0 < reading.score < 0.5
    (nothing,) = TopicSet((topic,)).readings(TopicArticle("A fair", "", "en"))
    assert nothing.score == 0


def test_signals_are_named_after_their_roles(topic: Topic) -> None:
    names = [signal.name for signal in topic.signals]
    assert names[:2] == ["cattle", "cattle" + HINTED]
    assert {"cattle and loss", "cattle and loss, hinted", "cattle, water and loss, one hinted"} <= set(names)
    assert len(names) == 6 + 6 + 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[lists]", "[query]\nen = 'cow'\n[lists]", "query: a topic with roles is considered where two of them show"),
        ('name = "water"', 'name = "cattle"', "role: expected two roles or more, with different names"),
        ('query.es = "ahog*"', 'query.fr = "perdu"', r"role\[3\].query.fr: unknown key"),
        ("thames, severn", "thames, (severn", "lists.rivers: line 1, column 9: .* belongs into a query"),
        ("dateline:severn", "(severn AND wales)", "ignore: expected words and phrases joined by OR"),
        ('"cow OR cows OR cattle"', '"@cows"', r"role\[1\].query.en: .* no definition is called 'cows'"),
    ],
)
def test_faults_are_named(old: str, new: str, message: str) -> None:
    assert old in FILE
    with pytest.raises(TopicFileError, match=f"^{message}"):
        load_topic(FILE.replace(old, new, 1))


def test_two_roles_will_do() -> None:
    head, *rest = FILE.split("[[role]]")
    two = open_to_all(load_topic("[[role]]".join([head, *rest[:2]])))
    assert score(two, "Cows by the Thames") > score(two, "Cows on the bank") > 0
    with pytest.raises(TopicFileError, match="two roles or more"):
        load_topic("[[role]]".join([head, rest[0]]))


def test_a_topic_reads_the_same_from_its_source(topic: Topic) -> None:
    assert replace(load_topic(topic.source), thresholds=topic.thresholds) == topic
