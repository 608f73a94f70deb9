from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, page
from worker.pages import extract_article

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
