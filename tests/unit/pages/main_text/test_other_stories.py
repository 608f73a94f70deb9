"""Whole other stories on a page, in boxes like the story's own, are none of it."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY
from worker.pages import PageKind, extract_article

OTHERS = (
    ("Lantern makers strike for a second week", "The lamps along the quay stay dark while talks go on in Ostermouth."),
    ("Herring quota halved in the eastern basin", "Boats from four harbours may land half of what they did last year."),
)


def box(names: str, headline: str, told: tuple[str, ...] | list[str]) -> str:
    return f'<div class="{names}">{headline}<div class=text>{"".join(f"<p>{each}</p>" for each in told)}</div></div>'


def own(names: str, told: tuple[str, ...] | list[str]) -> str:
    return box(names, '<h1 class="hed">Pier opens after eleven years</h1>', told)


def other(names: str, number: int, *, times: int = 1, hed: str = "hed") -> str:
    title, text = OTHERS[number]
    return box(names, f'<h2 class="{hed}"><a href="/other/{number}">{title}</a></h2>', [text] * times)


def text_of(*boxes: str) -> str:
    html = f"<html><head><title>Pier opens after eleven years</title></head><body><main>{''.join(boxes)}</main></body>"
    return extract_article(html.encode(), None).text


@pytest.mark.parametrize(
    "boxes",
    [
        (own("story", STORY), other("story", 0), other("story", 1)),  # the page scrolls on
        (other("bx", 0), own("bx bx-on", STORY), other("bx brief", 1)),  # a printed page
        (own("bx bx-on", STORY[:2]), other("bx", 0, times=40)),  # and a long one beside a brief
    ],
)
def test_what_stands_under_another_linked_headline_is_another_story(boxes: tuple[str, ...]) -> None:
    text = text_of(*boxes)
    assert STORY[0] in text
    assert STORY[1] in text
    assert not any(said in text for _, said in OTHERS)


def test_a_page_of_several_stories_is_still_an_article() -> None:
    html = (
        f"<html><body>{own('bx on', STORY[:3])}{''.join(other('bx', n % 2, times=5) for n in range(6))}</body></html>"
    )
    assert extract_article(html.encode(), None).kind is PageKind.ARTICLE


def test_the_rest_of_the_story_may_begin_with_a_link() -> None:
    head = box("part", "<h1>Pier opens after eleven years</h1>", [STORY[0]])
    rest = box("part", '<div class="more"><a href="/older">What we wrote of the pier before</a></div>', STORY[1:])
    text = text_of(head, rest)
    assert STORY[0] in text
    assert STORY[-1] in text


def test_the_rest_of_the_story_may_begin_with_a_list_of_links() -> None:
    links = "".join(f'<li><a href="/other/{number}">{title}</a></li>' for number, (title, _) in enumerate(OTHERS))
    rest = box("part", f"<p>Further reading:</p><ul>{links}</ul>", STORY[3:])
    assert STORY[-1] in text_of(own("part", STORY[:3]), rest)


def test_boxes_of_another_make_and_unlinked_headings_are_parts() -> None:
    text = text_of(own("story", STORY[:3]), box("part", "<h2>The ferry beside it</h2>", STORY[3:]))
    assert STORY[-1] in text
