"""Lines that tell of a site's other articles: by headline, and by a beginning that is cut off."""

from __future__ import annotations

from time import process_time

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

OWN = (Neighbour(TITLE, STORY[0]),)
CRANES = (
    "The cranes of the southern port turned again on Tuesday. Four hundred workers had stood at its gates for a week."
)
STRIKE = Neighbour("Port workers end their strike after eleven days", CRANES)
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
        ["Harbour: Port workers end their strike after eleven days"],
        [BEGUN],
        ["SOUTHPORT (Coast News) — The cranes of the southern port turned again on…"],
        [STRIKE.title, "The cranes of the southern port turned again on Tuesday."],
        [f"{STRIKE.title} {BEGUN}"],
        [f"{STRIKE.title} The cranes of the southern port turned again on Tuesday."],
        [f"{STRIKE.title} Our reporter was there", f"{LIGHT.title} Pictures by Tom Olds"],
        [STRIKE.title, LIGHT.title],
        [STRIKE.title, "Somebody else's words, which were cut off in the middle of…", LIGHT.title, "And others, in…"],
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


def test_words_that_trail_off_are_the_storys() -> None:
    """Also on a page that names other articles in a box."""
    trailing = ("“We never thought of leaving, and then one morning…”", "She laughs. Her father never believed it...")
    article = read(STORY[0], *trailing, *STORY[1:], removed=(STRIKE.title, LIGHT.title))
    assert not find_teasers(article, OWN, [STRIKE, LIGHT])
    quoted = read(*STORY, STRIKE.title, trailing[0])
    assert find_teasers(quoted, OWN, [STRIKE, LIGHT]) == {normalize_line(STRIKE.title)}


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
    wall = Neighbour("Who built the leaning pier wall", "", WALL)
    found = find_teasers(read(*STORY, *WALL, "By Tom Olds"), OWN, [wall])
    assert found == set(map(normalize_line, WALL))


def test_paragraphs_of_an_earlier_report_on_the_same_event_stay() -> None:
    """Told by the words of both headlines, or by what else the article says."""
    earlier = Neighbour("Ferry fares on the northern line may rise", "", WALL)
    assert not find_teasers(read(STORY[0], *WALL), OWN, [earlier])
    attack = Neighbour("Three wounded in Solway knife attack", "", WALL)
    later = ("The suspect was found in a barn at dawn, a day after the attack in Solway, with the knife.", *WALL)
    found = find_teasers(read(*later), (Neighbour("Suspect arrested after manhunt in the north"),), [attack])
    assert not found


def test_the_articles_first_line_and_what_its_headline_speaks_of_are_its_own() -> None:
    """Though another article begins so, and its feed says nothing of itself."""
    follow_up = Neighbour("A night at the pier", "", ("A standfirst that nobody else has.", STORY[0]))
    assert not find_teasers(read(*STORY), (Neighbour(TITLE),), [follow_up])
    again = Neighbour("A night at the pier", "", (f"{STORY[1]} So much for the northern line.",))
    assert not find_teasers(read(STORY[0], again.paragraphs[0]), (Neighbour(TITLE),), [again])


def test_a_line_that_goes_on_with_news_of_its_own_stays() -> None:
    clause = "The war between the two harbours, which began with a dredged channel in the winter of 2022"
    article = read(*STORY, f"{clause}, has cost the treasury nine million a year, the minister told us.")
    assert not find_teasers(article, OWN, [Neighbour("What the channel costs", clause)])


def test_a_round_up_keeps_its_items() -> None:
    others = [STRIKE, LIGHT, Neighbour("Who built the leaning pier wall", WALL[0])]
    items = [line for one in others for line in (one.title, one.summary)]
    briefing = (Neighbour("Thursday's briefing"),)
    assert not find_teasers(read("Good morning. This is what matters today.", *items), briefing, others)
    assert find_teasers(read(*STORY, *STORY, *items), briefing, others) == set(map(normalize_line, items))


def test_many_lines_of_dots_beside_many_neighbours_cost_little() -> None:
    lines = [f"Chapter {n} {'… ' * 280}page." for n in range(140)]
    others = [
        Neighbour(f"Port workers end strike number {n}", f"Chapter {n} of the strike, in {n} days") for n in range(100)
    ]
    started = process_time()
    find_teasers(read(*(line for n in range(140) for line in (others[n % 100].title, lines[n]))), OWN, others)
    assert process_time() - started < 20, "quadratic: a process is killed after ten seconds"


@pytest.mark.parametrize("tag", ["a", "em", "q"])
def test_a_headline_named_within_a_sentence_stays_there(tag: str) -> None:
    sentence = f"As we told in our report <{tag}>{STRIKE.title}</{tag}> last week, the ferries were late for days."
    body = page(f"<p>{sentence}</p><p>{STRIKE.title}</p>")
    site = SiteProfile("news.example", teasers=frozenset([normalize_line(STRIKE.title)]))
    text = extract_article(body, None, site=site).text
    assert text.count(STRIKE.title) == 1
    assert f"report {STRIKE.title} last week" in text
