"""Boxes of other stories go by their form, on the first page of a site; what the story is made of stays."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, page
from worker.pages import extract_article

LEADS = (
    ("Gale breaks windows in three streets", "Roofers were called out forty times before noon."),
    ("How the first pier burned down", "A look back at the night of the great fire."),
    ("The engineer who counted pilings", "She has walked the pier every day for nine years."),
)


def box(number: int, label: str = "Off the mole", tag: str = "h4", name: str = "q7") -> str:
    headline, lead = LEADS[number]
    return f'<div class="{name}"><div>{label}</div><{tag}><a href="/{number}">{headline}</a></{tag}><p>{lead}</p></div>'


def text_of(middle: str = "", foot: str = "") -> str:
    html = page(middle).decode().replace("</div></article>", f"{foot}</div></article>")
    return extract_article(html.encode(), None).text


@pytest.mark.parametrize(
    "made",
    [
        {"middle": box(0)},
        {"middle": box(0, tag="h2")},
        {"middle": box(1, name="")},
        {"foot": "".join(map(box, range(3)))},
        {"foot": box(2)},
        {"middle": f"<aside>{box(0)}</aside>", "foot": box(2)},
    ],
    ids=["middle", "as a heading", "without a name", "foot", "one at the foot", "both"],
)
def test_a_box_of_another_story_goes(made: dict[str, str]) -> None:
    text = text_of(**made)
    assert not [line for lead in LEADS for line in lead if line in text]
    assert "Off the mole" not in text
    assert all(paragraph in text for paragraph in STORY)


@pytest.mark.parametrize(
    "middle",
    [
        f'<div><h4><a href="/1">{LEADS[0][0]}</a></h4><p>{STORY[0]} {STORY[1]} {STORY[2]}</p></div>',
        f"<div><h4>{LEADS[0][0]}</h4><p>{LEADS[0][1]}</p></div>",
    ],
    ids=["a long one", "without a link"],
)
def test_parts_of_the_story_stay(middle: str) -> None:
    assert LEADS[0][1] in text_of(middle) or STORY[2] in text_of(middle)
    assert LEADS[0][0] in text_of(middle)


@pytest.mark.parametrize(("tag", "stays"), [("span", True), ("b", True), ("h4", False)])
def test_a_part_of_the_story_may_begin_with_a_linked_line(tag: str, stays: bool) -> None:
    closing = "The harbour master will show the plans to the neighbours in the old customs house on Thursday evening."
    line = f'<{tag}><a href="/plans.pdf">The plans for the new mole</a></{tag}>'
    assert (closing in text_of(foot=f"<div>{line}<p>{closing}</p></div>")) == stays
