"""Readers' comments are known by their form, however their box is called and however long they are."""

from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY
from worker.pages import extract_article
from worker.pages.main_text.comment_threads import comment_threads
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.tree import parse_page

SAID = tuple(
    f"{opening} I have lived here for {number}0 years, and nobody ever asked us what we think of the ferry."
    for number, opening in enumerate(
        ("Well now.", "Hear hear!", "Nonsense, all of it.", "Old news.", "And the fog?"), 2
    )
)
NAMES = ("Ada Moss", "B. Olds", "Captain Rook", "Mrs Finch", "Tom Reed")


def thread(*, head: str = "", name: str = "<b>{0}</b>", foot: str = "", names: tuple[str, ...] = NAMES) -> str:
    units = "".join(
        f"<div class=u{number}>{name.format(who)}<p>{said}</p>{foot}</div>"
        for number, (who, said) in enumerate(zip(names, SAID, strict=True))
    )
    return f"<div class=zz>{head}{units}</div>"


def page(below: str) -> str:
    told = "".join(f"<p>{paragraph}</p>" for paragraph in STORY[:3])
    return f"<html><body><div><h1>The pier</h1><div class=t>{told}</div>{below}</div></body></html>"


def found(below: str) -> list[str]:
    tree, _ = parse_page(page(below))
    blocks = read_blocks(tree.find("body"))
    return [blocks[number].text for number in sorted(comment_threads(blocks))]


@pytest.mark.parametrize(
    "below",
    [
        thread(head="<h3>15</h3>"),
        thread(head="<h3>What our readers say</h3>"),
        thread(name="<b>{0}</b><i>10:45</i><br>"),
        thread(foot="<button>Antworten</button>"),
        thread(names=("oldhand", "luz_77", "mesa4ever", "@finch", "tomReed")),
    ],
    ids=["counted", "called", "dated", "answered", "handles"],
)
def test_a_thread_is_found_and_is_no_text(below: str) -> None:
    assert set(SAID) <= set(found(below))
    article = extract_article(page(below).encode(), None)
    assert not [said for said in SAID if said in article.text]
    assert STORY[0] in article.text


def test_they_never_win_over_a_story_of_two_lines() -> None:
    html = page(thread(head="<h3>15</h3>")).replace("".join(f"<p>{each}</p>" for each in STORY[1:3]), "")
    article = extract_article(html.encode(), None)
    assert not [said for said in SAID if said in article.text]
    assert STORY[0] in article.text


@pytest.mark.parametrize(
    "below",
    [
        thread(),
        thread(name="<h3>{0}</h3>"),
        thread(head="<h3>15</h3>", names=("Plant",) * 5),
        thread(head="<h3>5 people who built the pier</h3>"),
        thread(names=("Ada Moss, 34", "B. Olds, 61", "Tom Reed, 19", "Ida Finch, 77", "Leo Rook, 50")),
        thread(names=("22:10", "22:25", "22:31", "23:02", "23:40")),
        thread(names=("Leeds 2-1 Hull", "York 0-0 Bath", "Ely 3-1 Ware", "Ross 2-2 Wick", "Deal 1-0 Rye")),
        thread(head="<h3>15</h3>") + "".join(f"<p>{paragraph}</p>" for paragraph in STORY),
    ],
    ids=["only names", "headings", "one label", "counted people", "ages", "a timeline", "results", "the story goes on"],
)
def test_a_list_of_things_is_no_thread(below: str) -> None:
    assert found(below) == []
