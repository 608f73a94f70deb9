"""One article on two outlets' pages, and the lines that the pages of one outlet share round their articles."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.duplicates import Candidate, DuplicateKind, decide, fingerprint, relate

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HEADLINE = "Port Alder closes its ferry terminal for eighteen months"
TEASERS = """
    Herring dearer for the third month running. Wholesalers in the fish market of Velbridge blame the weather, the price
    of diesel and a fleet that has shrunk to nine boats since the winter, they told the chamber of trade on Monday.
    Night train to the coast returns in June. The sleeper will leave the capital at ten and carry forty bicycles, the
    railway said, after eleven years in which travellers had to change twice and wait for an hour at Holm junction.
    Clock museum opens in a former savings bank. Four generations of one family had repaired what ticks there now, and
    the tower clock of a demolished church is wound by two volunteers on the first Sunday of every month of the year.
"""


def printed(
    number: int, text: str, title: str, *, outlet: str = "", hours: float = 0, is_excerpt: bool = False
) -> Candidate:
    when = NOON + timedelta(hours=hours)
    made = fingerprint(text, title=title)
    return Candidate(number, made, when, when, outlet=outlet, is_excerpt=is_excerpt)


def copied(article: Candidate, *candidates: Candidate) -> int | None:
    return decide(
        article.fingerprint, candidates, published=article.published, outlet=article.outlet
    ).duplicate_of  # fmt: skip


def first(text: str, words: int) -> str:
    return " ".join(text.split()[:words])


@pytest.mark.parametrize("words", [20, 30, 60])
def test_a_feeds_excerpt_is_a_copy_of_the_page_elsewhere(report, words):
    whole = printed(1, f"By Ida Lund – {report}", HEADLINE, outlet="Alder Post")
    excerpt = f"PORT ALDER (Coast Wire) – {first(report, words)}…"
    assert copied(printed(2, excerpt, HEADLINE, outlet="Islander", hours=2), whole) == 1
    assert copied(printed(2, excerpt, HEADLINE, outlet="Islander", hours=80), whole) == (1 if words == 60 else None)


def test_few_words_are_no_copy_under_another_headline_or_one_that_heads_a_column(report):
    excerpt = first(report, 25)
    for title in ("Ferries to the islands will leave from the market", "Morning briefing", ""):
        whole = printed(1, report, title, outlet="Alder Post")
        assert copied(printed(2, excerpt, HEADLINE, outlet="Islander"), whole) is None
        assert copied(printed(2, excerpt, title, outlet="Islander"), whole) == (1 if len(title.split()) > 2 else None)


def test_a_headline_without_what_stands_before_its_colon_is_the_same(report):
    whole = printed(1, report, f"Ferries: {HEADLINE}", outlet="Alder Post")
    assert copied(printed(2, first(report, 25), HEADLINE, outlet="Islander"), whole) == 1


def test_other_articles_lines_on_the_longer_page_hide_no_copy(report):
    whole = printed(2, report, HEADLINE, outlet="Islander", hours=1)
    below = printed(3, f"{TEASERS} {report}", HEADLINE, outlet="Coast Daily", hours=2)
    assert copied(below, whole) == 2


def test_an_update_under_the_same_headline_is_no_copy(report, other):
    """It shares a first sentence and no more, and what is new in it would be told to nobody."""
    lead = first(report, 24)
    for few in (35, 60):
        before = printed(1, f"{lead}. {' '.join(report.split()[-few:])}", HEADLINE, outlet="Alder Post")
        after = printed(2, f"{lead}. {first(other, few)}", HEADLINE, outlet="Islander", hours=5)
        assert copied(after, before) is None


def test_a_column_that_opens_each_day_with_the_same_sentence_is_no_copy(report, other):
    greeting = (
        "Good morning to all who wait for a boat, and to the few of you who are lucky enough to sit in one already."
    )
    title = "What the harbour talks about this morning"
    monday = printed(1, f"{greeting} {report}", title, outlet="Alder Post")
    assert copied(printed(2, f"{greeting} {other}", title, outlet="Alder Post", hours=24), monday) is None
    for hours in (24, 60):
        assert copied(printed(2, f"{greeting} {other}", title, outlet="Islander", hours=hours), monday) is None


def test_nothing_but_a_beginning_is_enough_of_unknown_outlets_or_later_or_without_a_date(report):
    whole = printed(1, report, HEADLINE, outlet="Alder Post")
    excerpt = first(report, 25)
    assert copied(printed(2, excerpt, HEADLINE, hours=1), whole) is None
    undated = replace(printed(2, excerpt, HEADLINE, outlet="Islander", hours=80), published=None)
    assert relate(undated, [whole]).decision.duplicate_of is None
    assert relate(undated, [replace(whole, published=None)]).decision.duplicate_of is None
    assert relate(replace(undated, seen=NOON), [whole]).decision.duplicate_of == 1


def test_pages_of_one_outlet_that_share_their_teasers_are_no_copies(report, other):
    title = "A museum of clocks in Velbridge"
    for one, two in ((f"{first(report, 40)} {TEASERS}", f"{first(other, 40)} {TEASERS}"),
                     (f"{TEASERS} {first(report, 40)}", f"{TEASERS} {first(other, 40)}")):  # fmt: skip
        stored = printed(1, one, HEADLINE, outlet="Alder Post")
        assert copied(printed(2, two, title, outlet="alder post", hours=1), stored) is None
        assert copied(printed(2, two, title, outlet="Islander", hours=1), stored) == 1, "of two outlets, nobody knows"


def test_a_link_with_a_headline_and_first_lines_makes_no_copy_in_either_direction(report, other):
    title = "A museum of clocks in Velbridge"
    linking = f"{first(other, 25)} {HEADLINE} PORT ALDER – {first(report, 45)}…"
    whole, page = printed(1, report, HEADLINE, outlet="Alder Post"), printed(2, linking, title, outlet="Islander")
    assert copied(page, whole) is None
    assert copied(whole, page) is None
    unnamed = printed(3, linking.replace(HEADLINE, ""), title, outlet="Islander")
    assert copied(unnamed, whole) == 1, "what nothing announces is a wire's text under a local opening"
    headed = printed(4, f"{HEADLINE}. {report}", "Eighteen months without ferries", outlet="Islander")
    assert copied(headed, whole) == 1, "a headline that opens the text announces nothing"


def test_a_page_that_goes_on_with_another_whole_article_is_a_copy_of_its_own(report, other):
    title = "A museum of clocks in Velbridge"
    own, rest = (
        printed(1, first(other, 60), title, outlet="Alder Post"),
        printed(2, report, HEADLINE, outlet="Alder Post"),
    )
    page = printed(3, f"{first(other, 60)} {HEADLINE} {report}", title, outlet="Islander", hours=2)
    assert copied(page, own, rest) == 1
    assert copied(page, rest) is None, "without its own it is an article that announces another"
    told = printed(4, f"{first(other, 60)} {report}", title, outlet="Islander", hours=2)
    assert copied(told, own) is None, "what nobody else has said is its own"


def test_an_outlets_own_copies_are_found_under_any_headline(report):
    stored = printed(1, report, HEADLINE, outlet="Alder Post")
    retold = printed(2, f"Updated at noon. {report}", "Eighteen months without ferries", outlet="Alder Post", hours=1)
    assert copied(retold, stored) == 1
    untitled = printed(3, f"{report} {TEASERS}", "", outlet="Alder Post", hours=1)
    assert copied(untitled, stored) == 1


def test_what_was_read_whole_is_the_original_of_an_excerpt_that_appeared_before_it(report):
    excerpt = printed(1, first(report, 30), HEADLINE, outlet="Islander", is_excerpt=True)
    whole = printed(2, report, HEADLINE, outlet="Alder Post", hours=3)
    found = relate(whole, [excerpt])
    assert found.decision.kind is DuplicateKind.UNIQUE
    assert [follower.article_id for follower in found.followers] == [1]
    assert relate(excerpt, [whole]).decision.duplicate_of == 2
