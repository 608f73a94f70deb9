from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, page
from worker.pages import extract_article
from worker.pages.boilerplate.link_lists import link_lists
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.tree import parse_page

LINKS = (
    "Gale breaks windows in three streets of the old town",
    "How the first pier burned down in a single night",
    "The engineer who counted every piling by hand",
)


def listed(entries: tuple[str, ...] = LINKS, kicker: str = "") -> str:
    items = "".join(f'<li>{kicker}<a href="/{n}">{entry}</a></li>' for n, entry in enumerate(entries))
    return f"<ul>{items}</ul>"


def text_of(*, head: str = "", middle: str = "", foot: str = "") -> str:
    html = page(middle).decode()
    html = html.replace('<div class="article-body">', f'<div class="article-body">{head}')
    html = html.replace("</div></article>", f"{foot}</div></article>")
    return extract_article(html.encode(), None).text


@pytest.mark.parametrize(
    "made",
    [
        {"head": listed()},
        {"head": listed(LINKS[:1])},
        {"middle": listed()},
        {"middle": listed(kicker="Weather: ")},
        {"middle": listed(LINKS[:1])},
        {"foot": listed()},
        {"middle": "".join(f'<h3><a href="/{n}">{entry}</a></h3>' for n, entry in enumerate(LINKS))},
        {"head": f"<p><a href='/1'>{LINKS[0]}</a></p>"},
    ],
    ids=["head", "one at head", "middle", "kickers", "one headline", "foot", "headings", "paragraph at head"],
)
def test_a_list_that_points_elsewhere_goes_and_the_story_stays(made: dict[str, str]) -> None:
    text = text_of(**made)
    assert not [entry for entry in LINKS if entry in text]
    assert all(paragraph in text for paragraph in STORY)


@pytest.mark.parametrize(
    "made",
    [
        {"middle": f"<p>Also: <a href='/1'>{LINKS[0]}</a></p>"},
        {"middle": f"<p>On the mole this week:</p>{listed()}"},
        {"foot": f"<p>From our desk</p>{listed(LINKS * 3)}"},
    ],
    ids=["label and link", "under a label", "long, under a label"],
)
def test_pointers_go_with_their_labels(made: dict[str, str]) -> None:
    text = text_of(**made)
    assert not [line for line in (*LINKS, "Also:", "On the mole this week", "From our desk") if line in text]
    assert all(paragraph in text for paragraph in STORY)


@pytest.mark.parametrize(
    "middle",
    [
        f"<p>The council has published these papers:</p>{listed()}",
        "<ul><li>The old pier is closed.</li><li>The new one opens in May.</li></ul>",
        f"<h3><a href='/1'>{LINKS[0]}</a></h3>",
    ],
    ids=["introduced", "unlinked", "a heading"],
)
def test_a_list_of_the_storys_own_stays(middle: str) -> None:
    assert text_of(middle=middle) != text_of()


@pytest.mark.parametrize(
    "entries",
    [("Check the tickets twice.", "Come an hour early."), ("Ana Pereira", "Tom Olds")],
    ids=["steps", "names"],
)
def test_linked_steps_and_names_are_no_headlines(entries: tuple[str, ...]) -> None:
    tree, _ = parse_page(f"<body><p>{STORY[0]}</p>{listed(entries)}<p>{STORY[1]}</p></body>")
    blocks = read_blocks(tree.find("body"))
    assert link_lists(blocks, range(len(blocks)), ()) == {}


def test_many_lists_are_what_the_story_is_made_of() -> None:
    said = "Pier {0} is {0}00 years old, and the council wants to keep it as it is."
    entries = (LINKS[0], LINKS[1])
    middle = "".join(f"<p>{said.format(n)}</p>{listed(tuple(f'{n} {each}' for each in entries))}" for n in range(6))
    assert f"5 {LINKS[0]}" in text_of(middle=middle)


def test_what_stands_before_the_headline_is_the_masthead() -> None:
    html = (
        page()
        .decode()
        .replace("<h1>", "<p>Past the top of the page, on to the article</p><p>Harbour and coast</p><h1>")
    )
    article = extract_article(html.encode(), None)
    assert "on to the article" not in article.text
    assert article.text.startswith(STORY[0])
