import pytest

from worker.stories import SaidBy, find_additions, measure_centrality

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
    assert set(find_additions(SaidBy(number, text, "en") for number, text in enumerate(texts))) == adding


def test_what_was_added_is_quoted_as_far_as_wanted():
    more = f"{RESIGNED} Her deputy Holm Falstad takes over the works until the spring elections."
    reports = [SaidBy(1, FERRIES, "en"), SaidBy(2, more, "en"), SaidBy(3, "Really!", "en")]
    resigned, deputy = more.split(". ")[1] + ".", more.split(". ")[2]
    assert find_additions(reports) == {1: (), 2: (resigned,), 3: ()}
    assert find_additions(reports, quoted=9) == {1: (), 2: (resigned, deputy), 3: ()}


@pytest.mark.parametrize(("text", "new"), [("", 0), ("\n\n", 0), ("..." * 100_000, 0), ("ha " * 300_000, 1)])
def test_texts_of_no_sentence_and_of_one_without_end(text, new):
    assert len(find_additions([SaidBy(1, FERRIES, "en"), SaidBy(2, text, "en")], quoted=3)[2]) == new


def test_reports_are_compared_within_their_language():
    spanish = "Los transbordadores saldrán del mercado de pescado mientras se repara la terminal."
    reports = [(FERRIES, "en"), (spanish, "es"), (REWORDED, "en-GB"), (spanish, "es-MX")]
    assert set(find_additions(SaidBy(n, text, spoken) for n, (text, spoken) in enumerate(reports))) == {0, 1}


def test_a_number_that_no_headline_or_lead_had_is_something_new():
    three, five = f"Three were hurt. {REWORDED}", f"Five were hurt. {REWORDED}"
    told = [("Three hurt on ferry", three), ("Ferry: 3 hurt", three), ("Ferry: cinco heridos", five)]
    reports = [SaidBy(number, text, "en", title) for number, (title, text) in enumerate(told)]
    assert find_additions(reports) == {0: (), 2: ()}
    assert set(find_additions([*reports, SaidBy(3, five, "en", "5 hurt")])) == {0, 2}
    assert set(find_additions([*reports[:2], SaidBy(3, three, "en", "5 things to know of ferries")])) == {0}


def test_how_central_an_article_is():
    found = measure_centrality({1: {"a": 1.0}, 2: {"a": 0.6, "b": 0.8}, 3: {"a": 0.6, "b": 0.8}})
    assert found[2] == found[3] > found[1] == pytest.approx(2.2 / 3)
    assert measure_centrality({7: {"a": 1.0}}) == {7: 1.0}
    assert measure_centrality({}) == {}
