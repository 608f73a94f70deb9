"""Stories in several parts: what proves to belong is read, what is something else is not."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, TITLE
from worker.pages import PageKind, extract_article
from worker.pages.main_text.completion import Story
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.tree import parse_page

URL = "https://news.example.org/2024/04/ferry"
WHOLE = "\n\n".join(STORY)
OTHERS = [f"Reader number {n} of the northern pier knows a boat that was older than this one." for n in range(12)]


def paragraphs(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def page(body: str, head: str = "") -> bytes:
    return f"<html lang=en><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>".encode()


GRID = "".join(
    f'<div class="sidebar-grid"><div class="sidebar-grid__box"><div class="card-text"><p>{line}</p></div></div></div>'
    for line in STORY
)
PARTS = {
    "in a grid": f"<article><div class=box><h1>{TITLE}</h1>{GRID}</div></article>",
    "in sections of two kinds": f"<article><h1>{TITLE}</h1><section class='part lead'><div class='cols'>"
    f"{paragraphs(STORY[:2])}</div></section><section class='part'><div class='cols'>{paragraphs(STORY[2:])}</div>"
    "</section></article>",
    "in an aside": f"<article><h1>{TITLE}</h1>{paragraphs(STORY[:2])}<aside>{paragraphs(STORY[2:])}</aside></article>",
    "in an unclosed menu": f"<div><nav class=navbar><a href=/a>News</a><article><h1>{TITLE}</h1>{paragraphs(STORY)}"
    "</article></div>",
    "in an unclosed button": f"<main><button class=btn>Share<div><h1>{TITLE}</h1><div>{paragraphs(STORY)}</div></div>",
    "in a box for advertisements": f"<article><h1>{TITLE}</h1><div class=body>{paragraphs(STORY[:3])}"
    f"<div class=ad-container><div class=ad-slot></div>{paragraphs(STORY[3:])}</div></div></article>",
    "in boxes with keys of their own": f"<h1>{TITLE}</h1><div class=all>"
    + "".join(
        f"<div class='widget {n}f677730-826a-42ce-989e-a86f663c70a{n}'><div class=wrap><div class=text>"
        f"{paragraphs(part)}</div></div></div>"
        for n, part in enumerate((STORY[:2], STORY[2:]))
    )
    + "</div>",
    "in a slideshow": f"<section class=slideshow-container><h1>{TITLE}</h1><div class=slideshow-intro>"
    f"{paragraphs(STORY[:1])}</div><div class=slideshow-inner>{paragraphs(STORY[1:])}</div></section>",
    "behind a button": f"<article><h1>{TITLE}</h1>{paragraphs(STORY[:2])}<div class=more style='display:none'>"
    f"{paragraphs(STORY[2:])}</div><button>Read more</button></article>",
    "in a shadow root": f"<main><h1>{TITLE}</h1><x-story><template shadowrootmode=open>{paragraphs(STORY)}</template>"
    "</x-story></main>",
    "for browsers without scripts": f"<main><h1>{TITLE}</h1><div id=app></div><noscript>{paragraphs(STORY)}</noscript>",
}


@pytest.mark.parametrize("body", PARTS.values(), ids=PARTS)
def test_a_story_in_parts_is_read_whole(body: str) -> None:
    article = extract_article(page(f"{body}<footer><p>Harbour News, 1 Quay Street</p></footer>"), URL)
    assert (article.kind, article.text) == (PageKind.ARTICLE, WHOLE)


def test_a_story_mostly_of_lists_is_read_out_of_an_unclosed_menu() -> None:
    listed = "".join(f"<li>{line}</li>" for line in OTHERS)
    body = f"<nav class=navbar><a href=/a>News</a><main><h1>{TITLE}</h1>{paragraphs(STORY)}<ul>{listed}</ul></main>"
    assert set(STORY) | set(OTHERS) <= set(extract_article(page(body), URL).text.split("\n\n"))


BOXES = {
    "readers' comments": f"<div class=comment-thread>{paragraphs(OTHERS)}</div>",
    "comments in the story's classes": f"<div class='comments'><div class=body>{paragraphs(OTHERS)}</div></div>",
    "another article": f"</article><article><h2>The museum is open again</h2>{paragraphs(OTHERS)}",
    "a note on the author": f"<div class=author-bio>{paragraphs(OTHERS[:1])}</div>",
    "teasers": "".join(f"<div class=teaser><h3>No. {n}</h3><p>{line}</p></div>" for n, line in enumerate(OTHERS)),
    "what is hidden beside it": f"<div class=popup style='display:none'>{paragraphs(OTHERS[:2])}</div>",
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
def test_what_stands_after_a_story_is_not_taken_for_its_rest(box: str) -> None:
    """Comments stay comments though they are longer than the story."""
    body = f"<main><article><h1>{TITLE}</h1><div class=body>{paragraphs(STORY)}</div>{box}</article></main>"
    assert extract_article(page(body), URL).text == WHOLE


def test_headings_lists_and_cells_between_paragraphs_are_the_storys() -> None:
    items = ("two boats", "eleven sailors", "one harbour master with a lamp")
    body = f"<h2>What it needs</h2><ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    html = f"<article><h1>{TITLE}</h1><div>{paragraphs(STORY[:2])}{body}{paragraphs(STORY[2:])}</div></article>"
    lines = extract_article(page(html), URL).text.split("\n\n")
    assert lines == [*STORY[:2], "What it needs", *items, *STORY[2:]]


def test_key_points_before_the_story_are_the_storys() -> None:
    point = "The night boat stays as cheap as it is."
    box = f"<aside class=key-points><h2>Key points</h2><ul><li>{point}</li></ul></aside>"
    text = extract_article(page(f"<article><h1>{TITLE}</h1>{box}{paragraphs(STORY)}</article>"), URL).text
    assert text == f"{point}\n\n{WHOLE}"


def test_paragraphs_within_items_need_no_stop() -> None:
    items = "".join(f"<li><p>{item}</p></li>" for item in ("two boats", "eleven sailors"))
    html = (
        f"<article><h1>{TITLE}</h1><div>{paragraphs(STORY[:2])}<ul>{items}</ul>{paragraphs(STORY[2:])}</div></article>"
    )
    assert "eleven sailors" in extract_article(page(html), URL).text


@pytest.mark.parametrize("lists", [2, 6])
def test_many_lists_of_links_are_what_the_story_is_made_of(lists: int) -> None:
    shops = "".join(
        f"<p>Shop number {n} on the pier</p><ul>"
        + "".join(f"<li><a href='/{n}/{item}'>Lamp number {item} of shop {n}</a></li>" for item in range(5))
        + "</ul>"
        for n in range(lists)
    )
    html = f"<article><h1>{TITLE}</h1><div>{paragraphs(STORY[:3])}{shops}{paragraphs(STORY[3:])}</div></article>"
    assert ("Lamp number 3 of shop 1" in extract_article(page(html), URL).text) is (lists > 4)


@pytest.mark.parametrize(("box", "is_told"), [("faq-list", True), ("faq-list comments", False), ("extra", False)])
def test_what_a_page_asks_and_answers_is_the_storys(box: str, *, is_told: bool) -> None:
    asked = f"<div class='{box}'><b>Who pays?</b><div class=a>{OTHERS[0]}</div></div>"
    tree, _ = parse_page(f"<body><article><h1>{TITLE}</h1>{paragraphs(STORY)}{asked}</article></body>")
    blocks = read_blocks(tree)
    missing = Story(blocks, range(1, 1 + len(STORY))).missing()
    assert [blocks[number].text for number in sorted(missing)] == (["Who pays?", OTHERS[0]] if is_told else [])


@pytest.mark.parametrize("announced", [True, False])
def test_a_list_of_links_is_the_storys_where_it_announces_it(announced: bool) -> None:
    links = "".join(f'<li><a href="/{n}">The council\'s paper number {n} on the pier</a></li>' for n in range(6))
    before = "The council has published these papers:" if announced else "The council has published a lot of papers."
    html = f"<article><h1>{TITLE}</h1><div>{paragraphs([*STORY[:2], before])}<ul>{links}</ul>{paragraphs(STORY[2:])}"
    assert ("paper number 3" in extract_article(page(html), URL).text) is announced


def test_a_page_that_states_far_more_words_than_it_shows_is_a_part() -> None:
    stated = '<script type="application/ld+json">{"@type": "NewsArticle", "wordCount": 900}</script>'
    body = f"<article><h1>{TITLE}</h1>{paragraphs(STORY)}</article>"
    article = extract_article(page(body, stated), URL)
    assert article.kind is PageKind.PARTIAL
    assert article.reason == "the page states 900 words and shows 111"
    assert extract_article(page(body, stated.replace("900", "99")), URL).kind is PageKind.ARTICLE


@pytest.mark.parametrize(("teased", "kind"), [(True, PageKind.PARTIAL), (False, PageKind.ARTICLE)])
def test_a_few_words_of_a_page_of_many_boxes_are_a_part(*, teased: bool, kind: PageKind) -> None:
    teasers = BOXES["teasers"] if teased else ""
    html = f"<main><article><h1>{TITLE}</h1><div class=body>{paragraphs(STORY)}</div>{teasers}</article></main>"
    article = extract_article(page(html), URL)
    assert (article.text, article.kind) == (WHOLE, kind)


@pytest.mark.parametrize("shown", [2, 4])
def test_what_is_folded_behind_a_button_is_read(shown: int) -> None:
    hidden = f'<div class="rest" style="display:none">{paragraphs(STORY[shown:])}</div>'
    body = f"<article><h1>{TITLE}</h1><div class=seen>{paragraphs(STORY[:shown])}</div><button>More</button>{hidden}"
    assert extract_article(page(f"{body}</article>"), URL).text == WHOLE


def test_what_is_hidden_and_no_paragraph_of_the_story_is_not() -> None:
    hidden = (
        '<div style="display:none"><p>Thank you.</p><p><a href="/m">Mail this story to somebody you know.</a></p></div>'
    )
    body = f"<article><h1>{TITLE}</h1><div class=seen>{paragraphs(STORY)}</div>{hidden}</article>"
    assert extract_article(page(body), URL).text == WHOLE


@pytest.mark.parametrize(("name", "belongs"), [("ladillo", True), ("article-subhead", True), ("label", False)])
def test_a_box_that_is_called_a_heading_comes_along(name: str, belongs: bool) -> None:
    body = f"{paragraphs(STORY[:2])}<div class={name}>A new boat</div>{paragraphs(STORY[2:])}"
    tree, _ = parse_page(page(f"<main><h1>{TITLE}</h1><div>{body}</div></main>").decode())
    assert tree is not None
    blocks = read_blocks(tree)
    chosen = {number for number, block in enumerate(blocks) if block.text in STORY}
    found = {blocks[number].text for number in Story(blocks, chosen).between()}
    assert found == ({"A new boat"} if belongs else set())
