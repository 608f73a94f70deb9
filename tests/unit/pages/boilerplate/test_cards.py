from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, page
from worker.pages import PageKind, extract_article

OTHERS = (
    ("How the first pier burned down in a single night", "It was rebuilt within a year, and burned down again."),
    ("The engineer who counted every piling by hand", "He kept the list in a drawer that nobody had the key of."),
)


def cards(box: str, others: tuple[tuple[str, str], ...] = OTHERS, *, linked: bool = True) -> str:
    tag = box.split(" ", 1)[0]
    made = (
        f"<{box}><h3>{f'<a href=/{n}>{title}</a>' if linked else title}</h3><p>{line}</p></{tag}>"
        for n, (title, line) in enumerate(others)
    )
    return f"<div>{''.join(made)}</div>"


@pytest.mark.parametrize("box", ["article", "div class='card'", "li class='news_teaser-item'"])
def test_teasers_of_other_stories_go_with_their_summaries(box: str) -> None:
    article = extract_article(page(cards(box)), None)
    assert not [line for pair in OTHERS for line in pair if line in article.text]
    assert all(paragraph in article.text for paragraph in STORY)


@pytest.mark.parametrize(
    "body",
    [
        cards("div class='card'", linked=False),
        cards("div class='card'", tuple((f"The boat of line {n}", STORY[n % 5]) for n in range(12))),
    ],
    ids=["headings of the story", "what the story is made of"],
)
def test_boxes_of_the_storys_own_stay(body: str) -> None:
    assert extract_article(page(body), None).text.count("\n\n") > extract_article(page(), None).text.count("\n\n")


CUT = tuple((f"What became of the old boat number {n}", f"{STORY[n]} {STORY[n + 1]}"[:150] + "…") for n in range(4))


def teased(box: str, story: str, others: tuple[tuple[str, str], ...] = CUT) -> str:
    html = (
        f"<html lang=en><body><main><h1>Harbour wall holds</h1><p>{story}</p>{cards(box, others)}</main></body></html>"
    )
    return extract_article(html.encode(), None).text


BRIEF = "The new harbour wall held in its first storm on Friday night, the harbour master said in the morning."


@pytest.mark.parametrize("box", ["div class='q9-post'", "news-item", "li"])
def test_excerpts_that_are_cut_off_go_however_much_they_are(box: str) -> None:
    assert teased(box, BRIEF) == BRIEF


def test_what_is_not_cut_off_may_be_the_story() -> None:
    whole = tuple((f"Boat number {n} of the old line", f"{STORY[n]} {STORY[n + 1]}") for n in range(4))
    assert STORY[3] in teased("div class='q9-post'", BRIEF, whole)


def test_a_list_of_teasers_alone_is_an_index() -> None:
    boxes = cards("div class='q9-post'", CUT)
    html = f"<html lang=en><body><main><h1>Harbour</h1>{boxes}</main></body></html>"
    assert extract_article(html.encode(), None).kind is PageKind.NOT_AN_ARTICLE
