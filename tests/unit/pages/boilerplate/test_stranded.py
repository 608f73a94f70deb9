from __future__ import annotations

from time import process_time

import pytest

from tests.unit.pages.sample import STORY
from worker.pages.boilerplate.stranded import ends_in_sentence, stranded_lines
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.tree import parse_page

PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)


def lines(html: str, *, left_out: str = "") -> list[str]:
    """What is stranded where all was chosen but the blocks that hold `left_out`."""
    tree, _ = parse_page(f"<body>{html}</body>")
    blocks = read_blocks(tree)
    chosen = [n for n, block in enumerate(blocks) if not left_out or left_out not in block.text]
    return [blocks[number].text for number in sorted(stranded_lines(blocks, chosen, ()))]


def test_a_heading_over_links_that_were_left_out_goes_too() -> None:
    links = "".join(f"<li><a href='/{n}'>Pier story number {n}</a></li>" for n in range(4))
    story = f"<article>{PARAGRAPHS}<h3>Related piers</h3><ul>{links}</ul><h3>The vote</h3>{PARAGRAPHS}</article>"
    assert lines(story, left_out="Pier story") == ["Related piers"]
    assert lines(story) == [], "the links stand there: so may their heading"


@pytest.mark.parametrize(
    "under",
    ["<h3>The boats</h3>", "<table><tr><td>Northern line</td></tr></table>", "<p>Left out text.</p>"],
    ids=["a lesser heading", "a table", "what was no link"],
)
def test_a_heading_of_the_story_stays(under: str) -> None:
    assert not lines(f"<article>{PARAGRAPHS}<h2>The lines</h2>{under}{PARAGRAPHS}</article>", left_out="Left out")


@pytest.mark.parametrize(
    ("end", "gone"),
    [
        ("</article><div class='box'>Fares in your town</div>", ["Fares in your town"]),
        ("<p>It was late.</p></article>", []),
        ("</article><div class='last'><p>Why did it burn?</p><p>Nobody knows.</p></div>", []),
        ("<table><tr><td>Against</td><td>Two</td></tr></table></article>", []),
        ("<blockquote>Never again</blockquote></article>", []),
        (f"</article><div class='box'>{STORY[0]}</div>", []),
    ],
    ids=["a box", "a short paragraph", "a question", "a result", "a quote", "a paragraph elsewhere"],
)
def test_what_stands_behind_the_story_in_other_containers_goes(end: str, gone: list[str]) -> None:
    assert lines(f"<article>{PARAGRAPHS}{end}") == gone


def test_a_text_without_paragraphs_keeps_its_lines() -> None:
    assert not lines("<article><p>Short</p></article><div>Shorter</div>")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("It sails.", True), ('"It sails," she said.”)', True), ("It sails", False), ("Sails.", False),
        ("A. B.", False), ("It !", False), ("It sails .", True), ("It  sails…", True), ("Now! It sails?", True),
        ("", False), (" x.", False), ("It sails!!", False), ("…", False),
    ],
)  # fmt: skip
def test_what_ends_in_a_sentence(text: str, ends: bool) -> None:
    assert ends_in_sentence(text) is ends


def test_a_long_text_that_never_ends_takes_linear_time() -> None:
    begun = process_time()
    assert not ends_in_sentence("a b " * 100_000 + "'")
    assert process_time() - begun < 0.1
