from __future__ import annotations

import pytest

from tests.unit.pages.sample import STORY, page
from worker.pages import extract_article, normalize_line
from worker.pages.boilerplate.containers import boilerplate_blocks
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.tree import parse_page

HEADING = "What the council will look at in autumn"
PICTURE = f'<figure><img src="b.jpg" alt="{HEADING}"></figure>'


def rules(body: str) -> dict[str, str]:
    return {each.line: each.rule for each in extract_article(page(body), None).removed}


def test_a_picture_called_after_its_heading_takes_it_not_away() -> None:
    assert HEADING in extract_article(page(f"<h2>{HEADING}</h2>{PICTURE}"), None).text


def test_a_linked_heading_with_its_picture_is_a_teaser() -> None:
    tree, _ = parse_page(f"<body><article><h3><a href='/1'>{HEADING}</a></h3>{''.join(STORY)}</article></body>")
    blocks = read_blocks(tree)
    alts = {normalize_line(HEADING)}
    assert boilerplate_blocks(blocks, range(len(blocks)), alts) == {0: "caption"}


def test_the_id_of_a_heading_is_made_of_its_words_and_says_nothing() -> None:
    words = "Share of the fares that goes to the boats"
    assert words in extract_article(page(f"<h2 id='share'>{words}</h2>"), None).text
    assert words not in extract_article(page(f"<h2 class='share'>{words}</h2>"), None).text


def test_a_box_that_calls_to_action_goes_with_all_it_says() -> None:
    pitch = "We value any boat within a day and bring the buyer with us."
    box = f"<div class='inline-cta'><h3>Is your boat for sale?</h3><p>{pitch}</p></div>"
    assert rules(box) == {pitch: "call-to-action", "Is your boat for sale?": "call-to-action"} | rules("")


@pytest.mark.parametrize(
    ("line", "is_menu"),
    [
        ("BOATS: <a href='/n'>Northern line</a> | <a href='/s'>Southern line</a> | <a href='/i'>Isles</a>", True),
        ("Northern line, twelve boats each day | southern line, four boats each day | islands, no boat at all", False),
    ],
    ids=["links", "words"],
)
def test_links_between_bars_are_a_menu(line: str, *, is_menu: bool) -> None:
    assert ("menu-line" in rules(f"<p>{line}</p>").values()) is is_menu


def test_buttons_of_shops_go_however_many_and_leave_their_headings() -> None:
    shops = "".join(
        f"<h2>Boat number {n}</h2><p><a href='/{n}'>{verb}</a></p><p>{STORY[n % 5]}</p>"
        for n, verb in enumerate(("Shop the blue one at Harbour", "$20 at Pier", "Jetzt kaufen", "Ver precio") * 3)
    )
    article = extract_article(page(shops), None)
    assert not [verb for verb in ("Shop", "$20", "kaufen", "precio") if verb in article.text]
    assert article.text.count("Boat number") == 12


@pytest.mark.parametrize(
    ("body", "is_taken"),
    [
        ("<ul><li>{told}{link}{told}</li></ul>", True),
        ("<ul><li>{link}</li><li>The northern line, with its two old boats and no heating, sails on.</li></ul>", False),
    ],
    ids=["in an item that holds a section", "as an item"],
)
def test_a_line_of_link_stays_where_it_is_the_item_itself(body: str, *, is_taken: bool) -> None:
    told = "<p>The band of the northern line played on the pier, and people danced until the rain came.</p>"
    link = "Watch the band play the old waltz on the pier."
    made = body.format(told=told, link=f"<p><a href='/waltz'>{link}</a></p>")
    assert (link not in extract_article(page(made), None).text) is is_taken
