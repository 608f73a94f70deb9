from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, TITLE
from worker.pages import extract_article

URL = "https://news.example.org/2024/04/ferry"
WHOLE = "\n\n".join(STORY)
DECK = "The northern line has lost money for years; from May, passengers are to make up for a part of it"


def page(opening: str, story: str = "") -> bytes:
    paragraphs = story or "".join(f"<p>{text}</p>" for text in STORY)
    return (
        f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{opening}"
        f'<div class="article-text">{paragraphs}</div></article></body></html>'
    ).encode()


REPEATING = f"{STORY[0]} {STORY[1]}"


@pytest.mark.parametrize(
    "opening",
    [
        f"<h2 class='deck'>{DECK}</h2>",
        f'<p class="article-deck">{DECK}.</p>',
        f'<div class="subHeadline"><p>{DECK}.</p></div>',
        f'<div class="byline">Ana Lind</div><h2 class="standfirst">{DECK}</h2>',
    ],
)
def test_a_standfirst_that_nothing_else_tells_is_the_storys_first_line(opening: str) -> None:
    assert extract_article(page(opening), URL).text == f"{DECK}{'.' * ('.<' in opening)}\n\n{WHOLE}"


def test_what_the_page_gives_as_its_description_is_its_standfirst_whatever_it_is_called() -> None:
    html = page(f'<div class="x7"><p>{DECK}.</p></div>').decode()
    described = html.replace("<head>", f'<head><meta property="og:description" content="{DECK}.">')
    assert extract_article(described.encode(), URL).text == f"{DECK}.\n\n{WHOLE}"


def test_a_standfirst_that_the_story_repeats_goes_and_is_named() -> None:
    story = f"<h2 class='deck'>{REPEATING[:280]}</h2>" + "".join(f"<p>{text}</p>" for text in STORY)
    article = extract_article(page("", story), URL)
    assert article.text == WHOLE
    assert [line.rule for line in article.removed if line.line == REPEATING[:280].strip()] == ["deck"]


def test_the_storys_own_first_heading_stays() -> None:
    story = "<h2>A line older than its boats</h2>" + "".join(f"<p>{text}</p>" for text in STORY)
    assert "A line older than its boats" in extract_article(page("", story), URL).text


def test_a_page_that_shows_little_but_its_deck_keeps_it() -> None:
    text = extract_article(page(f"<h2>{DECK}</h2>", "<p>Subscribers know more.</p>"), URL).text
    assert DECK in text


def test_a_lead_in_a_container_of_its_own_is_part_of_the_story() -> None:
    rest = "".join(f"<p>{text}</p>" for text in STORY[1:])
    article = extract_article(page(f'<div class="article__summary summary">{STORY[0]}</div>', rest), URL)
    assert article.text == WHOLE


def test_a_lead_said_in_the_pages_head_too_stays_where_the_story_says_it() -> None:
    head = f'<div class="asset-masthead"><p>{STORY[0]}</p></div>'
    rest = "".join(f"<p>{text}</p>" for text in STORY[1:])
    story = f'<div class="preview"><p>{STORY[0]}</p></div><div class="full">{rest}</div>'
    assert extract_article(page(head, story), URL).text == WHOLE


@pytest.mark.parametrize(("said", "place"), [(STORY[1], 1), (STORY[1], 3), (STORY[1].rstrip("."), 3)])
def test_a_sentence_that_a_caption_took_from_the_story_stays_in_it(said: str, place: int) -> None:
    picture = f'<div class="art-ps"><img src="a.jpg" alt="{said}"><p>{said}</p></div>'
    paragraphs = [f"<p>{text}</p>" for text in STORY]
    paragraphs.insert(place, picture)
    text = extract_article(page("", "".join(paragraphs)), URL).text
    assert text.count(STORY[1]) == 1


def test_a_caption_before_the_story_is_no_lead() -> None:
    caption = "Passengers wait on the northern pier, where the last boat of the evening has just left without them."
    picture = f'<figure><img src="a.jpg"><figcaption>{caption * 2}</figcaption></figure>'
    assert extract_article(page(picture), URL).text == WHOLE


def test_parts_of_a_story_far_apart_are_found_by_their_whole_way_down() -> None:
    parts = "".join(
        f'<div class="grid"><div class="col-8"><div class="body-part"><p>{text}</p></div></div></div>'
        f'<div class="grid"><div class="col-8"><div class="embed"><blockquote>@ferry {n}</blockquote></div></div></div>'
        for n, text in enumerate(STORY)
    )
    html = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{parts}</article></body></html>"
    text = extract_article(html.encode(), URL).text
    assert [line for line in STORY if line not in text] == []


def test_a_box_around_a_prompt_goes_whole_and_a_short_story_with_a_prompt_does_not() -> None:
    box = "<table><tr><td><b>Headlines in your mailbox</b><p>Subscribe to our free newsletter.</p></td></tr></table>"
    told = "".join(f"<p>{text}</p>" for text in STORY)
    assert extract_article(page("", told + box), URL).text == WHOLE
    short = f"<div>{STORY[1]}<br>{STORY[3]}<br>Subscribe to our free newsletter.</div>"
    assert extract_article(page("", short), URL).text == f"{STORY[1]}\n\n{STORY[3]}"


def test_a_list_of_links_is_no_story_and_a_list_of_facts_is() -> None:
    links = "".join(f'<li><a href="/{n}">Harbour story number {n}</a></li>' for n in range(8))
    facts = [f"Boat {n} carries {n}00 people and leaves at {n} in the morning" for n in range(1, 7)]
    items = "".join(f"<li>{fact}</li>" for fact in facts)
    story = "".join(f"<p>{text}</p>" for text in STORY[:2]) + f"<ul>{links}</ul><ul>{items}</ul>"
    story += "".join(f"<p>{text}</p>" for text in STORY[2:])
    lines = extract_article(page("", story), URL).text.split("\n\n")
    assert lines == [*STORY[:2], *facts, *STORY[2:]]
