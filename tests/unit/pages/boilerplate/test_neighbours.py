"""Lines that tell of a site's other articles: by headline, and by a beginning that is cut off."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, TITLE
from worker.pages import ExtractedArticle, Neighbour, PageKind, RemovedLine, beginning_key, beginning_keys
from worker.pages.boilerplate.neighbours import TEASER, cut_neighbours

OWN = (Neighbour(TITLE, STORY[0]),)
STRIKE = Neighbour(
    "Port workers end their strike after eleven days",
    "The cranes of the southern port turned again on Tuesday. Four hundred workers had stood at its gates for days.",
)
LIGHT = Neighbour("The lighthouse on Gull Rock is sold to a baker", "It was lit first in 1861, and it has no heating.")
BEGUN = "The cranes of the southern port turned again on Tuesday. Four hundred…"


def read(*lines: str, removed: tuple[str, ...] = ()) -> ExtractedArticle:
    gone = tuple(RemovedLine(line, "link-list") for line in removed)
    return ExtractedArticle(PageKind.ARTICLE, TITLE, "\n\n".join(lines), removed=gone)


@pytest.mark.parametrize(
    "teasers",
    [
        [STRIKE.title],
        ["PORT WORKERS END THEIR STRIKE – AFTER ELEVEN DAYS"],
        ["Port workers end their strike after…"],
        [BEGUN],
        [STRIKE.title, "The cranes of the southern port turned again on Tuesday."],
        [f"{STRIKE.title} {BEGUN}"],
        [f"{STRIKE.title} The cranes of the southern port turned again on Tuesday."],
        [f"{STRIKE.title} Our reporter was there", f"{LIGHT.title} Pictures by Tom Olds"],
        [STRIKE.title, LIGHT.title],
    ],
)
def test_teasers_go_wherever_they_stand(teasers: list[str]) -> None:
    for place in (0, 2, len(STORY)):
        found = cut_neighbours(read(*STORY[:place], *teasers, *STORY[place:]), OWN, [STRIKE, LIGHT])
        assert found.text == "\n\n".join(STORY)
        assert found.removed == tuple(RemovedLine(line, TEASER) for line in teasers)


@pytest.mark.parametrize(
    "line",
    [
        "Port workers end their strike after eleven days, the harbour council said, and the ferries sail again.",
        "Port workers end their strike after eleven days That is what the union wrote on its door on Monday.",
        "The cranes of the southern port turned again on Tuesday. Four hundred passengers watched from the old pier.",
        "Port workers …",
    ],
    ids=["a sentence goes on", "one line in two", "a beginning that is not cut off", "too little of it"],
)
def test_sentences_of_the_story_stay(line: str) -> None:
    article = read(*STORY, line)
    assert cut_neighbours(article, OWN, [STRIKE, LIGHT]) is article


def test_a_whole_beginning_goes_under_a_headline_that_a_rule_took_out() -> None:
    article = read(*STORY, STRIKE.summary, removed=(STRIKE.title,))
    assert cut_neighbours(article, OWN, [STRIKE]).text == "\n\n".join(STORY)


@pytest.mark.parametrize(
    "again",
    [
        Neighbour(TITLE, "Other words."),
        Neighbour(f"{TITLE}, and some stay at home", "Other words."),
        Neighbour("Ferries: what changes", STORY[0]),
    ],
    ids=["its headline", "its headline begins so", "its beginning"],
)
def test_the_same_story_once_more_is_no_neighbour(again: Neighbour) -> None:
    article = read(again.title, *STORY, f"{STORY[0]}…")
    assert cut_neighbours(article, OWN, [again]) is article


def test_a_page_of_teasers_alone_is_no_article() -> None:
    found = cut_neighbours(read(STRIKE.title, LIGHT.title, BEGUN), OWN, [STRIKE, LIGHT])
    assert (found.kind, found.text) == (PageKind.NOT_AN_ARTICLE, "")
    assert "other articles" in found.reason


def test_a_long_line_is_no_teaser() -> None:
    article = read(f"{STRIKE.title} {STRIKE.summary * 6}…")
    assert cut_neighbours(article, OWN, [STRIKE]) is article


def test_beginnings_are_the_same_however_they_are_written_and_none_for_labels() -> None:
    assert beginning_key(STRIKE.title) == beginning_key("“PORT workers: end their strike!” More on page four")
    assert beginning_key(STRIKE.title) != beginning_key(LIGHT.title)
    assert [beginning_key(label) for label in ("", "Opinion", "In pictures", "Extraordinarymeasures taken")] == [
        None
    ] * 4
    assert beginning_keys(f"{STRIKE.title}\n\nOpinion\n\n{LIGHT.title}") == {
        beginning_key(STRIKE.title), beginning_key(LIGHT.title),
    }  # fmt: skip
