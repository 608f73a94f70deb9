from datetime import UTC, datetime

import pytest

from worker.stories import (
    StoryMember,
    StoryReport,
    choose_headline,
    find_additions,
    find_new_sentences,
    measure_centrality,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def member(number: int, vector: dict[str, float], *, title: str = "T", language: str = "en") -> StoryMember:
    return StoryMember(number, title, language, NOON, vector)


CENTRAL = {"a": 0.8, "b": 0.6}
MARGINAL = {"a": 0.6, "c": 0.8}


def test_the_most_central_article_gives_the_headline():
    assert choose_headline([member(1, MARGINAL), member(2, CENTRAL), member(3, {"b": 1.0})]) == 2


def test_in_the_language_wanted_where_there_is_one():
    members = [member(1, CENTRAL), member(2, MARGINAL, language="es-MX"), member(3, CENTRAL)]
    assert choose_headline(members, language="es") == 2
    assert choose_headline(members, language="fr") == 1


def test_articles_without_a_title_give_none():
    assert choose_headline([member(1, CENTRAL, title=" "), member(2, MARGINAL)]) == 2
    assert choose_headline([member(1, CENTRAL, title="")]) == 1


def test_no_members():
    with pytest.raises(ValueError, match="no headline"):
        choose_headline([])


def test_new_sentences_are_those_not_yet_told():
    earlier = ["Ferries to the islands will leave from the fish market while the old terminal is repaired."]
    text = (
        "While the old terminal is repaired, island ferries leave from the fish market. "
        "The engineer Ada Moreau resigned over the cost of the granite pilings. Really!"
    )
    assert find_new_sentences(text, earlier, language="en") == (
        "The engineer Ada Moreau resigned over the cost of the granite pilings.",
    )
    assert len(find_new_sentences(text, [], language="en")) == 2


@pytest.mark.parametrize("text", ["", "\n\n", "..." * 100_000, "ha " * 300_000])
def test_texts_without_news(text):
    assert len(find_new_sentences(text, ["ha"])) <= 1


FERRIES = "Ferries to the islands will leave from the fish market while the old terminal is repaired."
REWORDED = "While the old terminal is repaired, ferries to the islands leave from the fish market."
RESIGNED = f"{REWORDED} The engineer Ada Moreau resigned over the cost of the granite pilings."


@pytest.mark.parametrize(
    ("texts", "adding"),
    [
        ([FERRIES, REWORDED, RESIGNED, RESIGNED], {0, 2}),
        ([RESIGNED, FERRIES], {0}),
        ([FERRIES, "Ferries moved.", ""], {0, 1, 2}),
        ([], set()),
    ],
)
def test_reports_that_add_something(texts, adding):
    assert find_additions(StoryReport(number, text, "en") for number, text in enumerate(texts)) == adding


def test_reports_are_compared_within_their_language():
    spanish = "Los transbordadores saldrán del mercado de pescado mientras se repara la terminal."
    reports = [(FERRIES, "en"), (spanish, "es"), (REWORDED, "en-GB"), (spanish, "es-MX")]
    assert find_additions(StoryReport(n, text, spoken) for n, (text, spoken) in enumerate(reports)) == {0, 1}


def test_how_central_an_article_is():
    found = measure_centrality({1: {"a": 1.0}, 2: {"a": 0.6, "b": 0.8}, 3: {"a": 0.6, "b": 0.8}})
    assert found[2] == found[3] > found[1] == pytest.approx(2.2 / 3)
    assert measure_centrality({7: {"a": 1.0}}) == {7: 1.0}
    assert measure_centrality({}) == {}
