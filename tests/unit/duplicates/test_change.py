import pytest

from worker.duplicates import weigh_change

DEVELOPMENT = (
    " By Wednesday night the ferry companies had taken the council to court, saying that nobody had asked them. "
    "A judge will hear the case on Friday and may stop the works before they begin."
)


def test_the_same_words_are_no_change(report):
    assert not weigh_change(report, f"  {report.upper()}\n\n").changed
    assert not weigh_change("", "").changed


def test_what_is_said_in_new_sentences_is_substantial(report):
    found = weigh_change(report, report + DEVELOPMENT)
    assert (found.changed, found.substantial) == (True, True)
    assert found.new_share == pytest.approx(0.18, abs=0.05)
    assert found.added.startswith("By Wednesday night")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Nils Brandt", "Niels Brandt"), ("patched planks", "rotten planks"), ("eighteen months", "18 months"),
        ("a fifth of", "a quarter of"), ("tides.", "tides. Updated at 10:45."), ("14 million", "15 million"),
    ],
)  # fmt: skip
def test_a_correction_is_not(report, before, after):
    assert before in report
    found = weigh_change(report, report.replace(before, after))
    assert (found.changed, found.substantial) == (True, False)


def test_other_numbers_are(report):
    counted = report.replace("eighteen", "18")
    found = weigh_change(counted, counted.replace("18 months", "30 months").replace("14 million", "22 million"))
    assert found.substantial
    assert found.numbers == (("18", "30"), ("14", "22"))
    found = weigh_change(report, report + " .", title_before="Storm kills 4", title_after="Storm kills 11")
    assert (found.changed, found.substantial) == (True, True)


def test_what_was_left_out_is_no_news(report):
    found = weigh_change(report + DEVELOPMENT, report)
    assert (found.changed, found.substantial, found.new_share) == (True, False, 0.0)


def test_half_of_a_few_lines_is_enough():
    before = "A judge in Eger stopped the sale of the mill on Monday. The miller said that he would wait."
    after = "An appeals court let the mill be sold after all, late in the evening, until both have been heard."
    assert weigh_change(before, after).substantial
    assert not weigh_change(before, before.replace("would wait", "can wait for a year or two")).substantial
    assert not weigh_change("The mill is sold.", "Nobody wants that mill.").substantial, "hardly a sentence"


def test_how_other_stories_begin_is_no_news_but_a_summary_that_is_cut_may_be(report):
    then = [
        "The orchard that was sold twice in a week has a third owner, a cousin of the notary, who says that all…",
        "Nobody has counted the swans on the reservoir since the warden left, and the club that used to do it…",
    ]
    now = [
        "Council of Eger buys the meadow behind the bath house after eleven years of talks",
        "A bakery in Eger answers every letter it gets. The oldest of them came from a lighthouse keeper in...",
        "Chess returns to the school yards of three counties, to the surprise of whoever sold them the tables, […]",
    ]
    assert not weigh_change("\n\n".join([report, *then]), "\n\n".join([report, *now])).substantial
    assert weigh_change(then[0], f"{now[0]} {DEVELOPMENT} And then…").substantial


@pytest.mark.parametrize("text", ["ha " * 300_000, "1 " * 300_000, ".\n" * 300_000, "9" * 300_000])
def test_hostile_versions(report, text):
    for before, after in ((report, text), (text, report), (text, text + "x")):
        found = weigh_change(before, after)
        assert 0 <= found.new_share <= 1
        assert len(found.added) <= 300
        assert len(found.numbers) <= 5
