"""Lines that tell of a site's other articles: by headline, and by a beginning that is cut off."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, TITLE, page
from worker.pages import (
    ExtractedArticle,
    Neighbour,
    PageKind,
    RemovedLine,
    SiteProfile,
    beginning_keys,
    extract_article,
    find_teasers,
    line_keys,
    normalize_line,
)

OWN = (Neighbour(TITLE, (STORY[0],)),)
CRANES = (
    "The cranes of the southern port turned again on Tuesday. Four hundred workers had stood at its gates for a week."
)
STRIKE = Neighbour("Port workers end their strike after eleven days", (CRANES,))
LIGHT = Neighbour(
    "The lighthouse on Gull Rock is sold to a baker", ("It was lit first in 1861, and it has no heating.",)
)
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
        ["Harbour: Port workers end their strike after eleven days"],
        [BEGUN],
        ["SOUTHPORT (Coast News) — The cranes of the southern port turned again on…"],
        [STRIKE.title, "The cranes of the southern port turned again on Tuesday."],
        [f"{STRIKE.title} {BEGUN}"],
        [f"{STRIKE.title} The cranes of the southern port turned again on Tuesday."],
        [f"{STRIKE.title} Our reporter was there", f"{LIGHT.title} Pictures by Tom Olds"],
        [STRIKE.title, LIGHT.title],
        [STRIKE.title, LIGHT.title, "Somebody else's words, which were cut off in the middle of…", "And others, in…"],
    ],
)
def test_teasers_are_known_wherever_they_stand(teasers: list[str]) -> None:
    for place in (1, 2, len(STORY)):
        found = find_teasers(read(*STORY[:place], *teasers, *STORY[place:]), OWN, [STRIKE, LIGHT])
        assert found == set(map(normalize_line, teasers))


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
def test_sentences_of_the_story_are_none(line: str) -> None:
    assert not find_teasers(read(*STORY, line), OWN, [STRIKE, LIGHT])


def test_a_whole_beginning_is_one_under_a_headline_that_a_rule_took_out() -> None:
    assert find_teasers(read(*STORY, CRANES, removed=(STRIKE.title,)), OWN, [STRIKE]) == {normalize_line(CRANES)}


def test_one_line_that_is_cut_off_is_the_storys() -> None:
    article = read(*STORY, "“We never thought of leaving, and then one morning…”", STRIKE.title, LIGHT.title)
    assert find_teasers(article, OWN, [STRIKE, LIGHT]) == set(map(normalize_line, (STRIKE.title, LIGHT.title)))


@pytest.mark.parametrize(
    "again",
    [
        Neighbour(TITLE, ("Other words.",)),
        Neighbour(f"{TITLE}, and some stay at home", ("Other words.",)),
        Neighbour("Ferries: what changes", (STORY[0],)),
    ],
    ids=["its headline", "its headline begins so", "its beginning"],
)
def test_the_same_story_once_more_is_no_neighbour(again: Neighbour) -> None:
    assert not find_teasers(read(again.title, *STORY, f"{STORY[0]}…"), OWN, [again])


def test_a_long_line_is_no_teaser() -> None:
    assert not find_teasers(read(f"{STRIKE.title} {CRANES * 6}…"), OWN, [STRIKE])


def test_beginnings_are_the_same_however_they_are_written_and_none_for_labels() -> None:
    again = "HARBOUR CITY (Coast News) — “PORT workers: end their strike!” More on page four"
    assert beginning_keys(STRIKE.title) < beginning_keys(again)
    assert not beginning_keys(STRIKE.title) & beginning_keys(LIGHT.title)
    assert beginning_keys("", "Opinion", "In pictures", "Extraordinarymeasures taken") == frozenset()
    article = read(STRIKE.title, "Opinion", removed=(LIGHT.title,))
    assert line_keys(article) == beginning_keys(STRIKE.title, LIGHT.title)


def test_a_page_without_its_teasers_is_read_as_if_they_had_never_stood_there() -> None:
    """Where they are longer than the story, the page's text was theirs."""
    story = STORY[:1]
    others = [f"{text} It went on like that, day after day, in a port of the north." for text in STORY]
    boxes = "".join(f"<div class=k><span>{text}</span></div>" for text in others)
    body = page(f"<div class=k2>{boxes}</div>", story=story)
    site = SiteProfile("news.example", teasers=frozenset(map(normalize_line, others)))
    article = extract_article(body, None, site=site)
    without = extract_article(page(story=story), None)
    assert (article.kind, article.text) == (without.kind, STORY[0])
    assert {each.line for each in article.removed if each.rule == "neighbour"} == set(others)
    assert extract_article(body, None).text != STORY[0]


WALL = (
    "The wall along the eastern pier has stood for ninety years, and nobody remembers who ordered it built.",
    "It leans towards the water by a hand's width, more than last spring, the surveyor wrote.",
    "Below it lie eleven boats.",
)


def test_an_article_that_follows_on_the_same_page_goes_whole() -> None:
    """As on pages that scroll on without end."""
    wall = Neighbour("Who built the leaning pier wall", WALL[:1], WALL)
    found = find_teasers(read(*STORY, *WALL, "By Tom Olds"), OWN, [wall])
    assert found == set(map(normalize_line, WALL))


def test_paragraphs_of_an_earlier_report_on_the_same_event_stay() -> None:
    earlier = Neighbour("Ferry fares on the northern line may rise", WALL[:1], WALL)
    assert not find_teasers(read(STORY[0], *WALL), OWN, [earlier])
