"""The blocks of a page, what they hang in, and what is no block."""

from __future__ import annotations

from lxml import html

from worker.pages.tree.blocks import Block, hang_in, read_blocks


def _blocks(body: str) -> list[Block]:
    return read_blocks(html.document_fromstring(f"<html><body>{body}</body></html>").find("body"))


def test_text_beside_a_layer_stays() -> None:
    layer = "<div id=onetrust-banner-sdk><p>We use cookies. Accept all cookies?</p><button>Accept all</button></div>"
    told = [block.text for block in _blocks(f"<div>The ferry sailed at nine.{layer}It came back at ten.</div>")]
    assert told == ["The ferry sailed at nine.", "It came back at ten."]


def test_a_place_knows_which_blocks_hang_in_it() -> None:
    blocks = _blocks(
        "<h1>Ferry <b>late</b></h1><div class=a>One<p>Two</p><section><p>Three</p></section></div><p>Four</p>"
    )
    assert [block.text for block in blocks] == ["Ferry late", "One", "Two", "Three", "Four"]
    assert hang_in(blocks, lambda place: place.names.strip() == "a") == [False, True, True, True, False]
    for number, block in enumerate(blocks):
        assert all(place.first <= number < place.end for place in block.place.line())


def test_what_stands_in_an_h1_is_headline() -> None:
    blocks = _blocks("<h1><div>Harbour: ferry late</div></h1><h2>Why</h2><p>Fog.</p>")
    assert [block.headline for block in blocks] == [True, False, False]


def test_a_paragraph_is_at_home_in_its_container() -> None:
    blocks = _blocks("<article><ul><li><p>One</p></li></ul><p>Two</p>Three</article>")
    assert {block.home.tag for block in blocks} == {"article"}
