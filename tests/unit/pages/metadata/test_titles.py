from __future__ import annotations

import pytest

from worker.pages.metadata.metadata import PageMetadata, read_metadata
from worker.pages.metadata.titles import without_section
from worker.pages.tree.tree import parse_page


def read(head: str = "", body: str = "", url: str = "https://news.example.org/ferry") -> PageMetadata:
    tree, _ = parse_page(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    return read_metadata(tree, url, None)


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ferry fares rise | Harbour News</title>", "", "Ferry fares rise"),
        ('<meta property="og:title" content="Ferry fares to rise"><title>x</title>', "", "Ferry fares to rise"),
        (
            "<title>Harbour News - Ferry fares rise again in May</title><meta property='og:site_name' "
            "content='Harbour News'>",
            "",
            "Ferry fares rise again in May",
        ),
        (
            "<title>Ferry fares rise again - Harbour News</title>",
            "<h1>Ferry fares rise again</h1>",
            "Ferry fares rise again",
        ),
        (
            "<title>Politics | Ferry fares rise again in May</title>",
            "<h1>Politics | Ferry fares rise again in May</h1>",
            "Ferry fares rise again in May",
        ),
        ("<title>Ferry fares rise again | Harbouria</title>", "<h1>Harbouria</h1>", "Ferry fares rise again"),
        ("<title>Fares - why the boats cost more</title>", "", "Fares - why the boats cost more"),
        ("<title>Ferry fares rise again</title>", "<h1>Harbour News</h1>", "Ferry fares rise again"),
        ("", "<h1>Only here</h1>", "Only here"),
        (
            "<title>Ferries | Fares | Piers: the week in figures</title>",
            "",
            "Ferries | Fares | Piers: the week in figures",
        ),
        (
            "<title>Council raises fares - fishermen are furious</title>",
            "",
            "Council raises fares - fishermen are furious",
        ),
        ("<title>Council raises fares again - Harbour News</title>", "", "Council raises fares again"),
        ("<title>Council raises the fares again - Example Org</title>", "", "Council raises the fares again"),
        (
            "<title>Council raises the fares again | Opinion | Example</title>",
            "",
            "Council raises the fares again",
        ),
        (
            "<meta name='section' content='Opinion'><title>Council raises the fares again | Opinion | Example</title>",
            "",
            "Council raises the fares again",
        ),
        (
            "<meta property='og:title' content='Ferry fares rise again in May'>",
            "<h1><span>Harbour</span><span>Ferry fares rise again in May</span></h1>",
            "Ferry fares rise again in May",
        ),
        (
            "<meta property='og:title' content='Ferry fares rise again in May'>",
            "<h1>Harbour News Logo</h1>",
            "Ferry fares rise again in May",
        ),
        (
            "<title>What new boats will cost</title><meta property='og:title' content='What new boats will cost'>"
            '<script type="application/ld+json">{"@type": "WebPage", "name": "What new boats will cost"}</script>',
            "<h1>Ferry fares rise again in May</h1>",
            "Ferry fares rise again in May",
        ),
        (
            "<meta property='og:title' content='What new boats will cost'>"
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "What new boats will cost"}'
            "</script>",
            "<h1>Ferry fares rise again in May</h1>",
            "What new boats will cost",
        ),
        (
            "<meta property='og:title' content='What the boats will cost'><title>Cheap boats</title>",
            "<h1>Ferry fares rise again in May</h1>",
            "Ferry fares rise again in May",
        ),
        ("<title>Harbour &amp;amp; pier: &amp;#8220;no boats&amp;#8221;</title>", "", "Harbour & pier: “no boats”"),
        ("", "", ""),
    ],
)
def test_title(head: str, body: str, title: str) -> None:
    assert read(head, body).title == title


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry fares rise | Harbour Internet Daily", "Ferry fares rise"),
        ("Ferry fares rise | Sums no one can pay", "Ferry fares rise | Sums no one can pay"),
        ("Ferry fares rise - Harbour council split", "Ferry fares rise - Harbour council split"),
    ],
)
def test_an_outlet_is_known_by_the_first_word_of_its_host(title: str, headline: str) -> None:
    assert read(f"<title>{title}</title>", url="https://harbourpress.example/ferry").title == headline


def test_a_title_of_nothing_but_bars_costs_nothing() -> None:
    assert read(f"<title>{'a | ' * 3_000}b</title>").title


def test_the_words_of_a_headline_in_pieces_are_not_glued() -> None:
    assert read(body="<h1>Ferry fares<br>rise <b>again</b> in <i>May</i><span>and June</span></h1>").title == (
        "Ferry fares rise again in May and June"
    )


@pytest.mark.parametrize(
    ("stated", "own", "headline"),
    [
        ("NACIONAL: Cierra por obras el puente viejo", "Cierra por obras el puente viejo", "own"),
        ("Local News | Old bridge closes for repairs", "Old bridge closes for repairs", "own"),
        ("Crime – “Old” bridge closes for repairs", "\"Old\" bridge closes for repairs", "own"),
        ("Mayor: Old bridge closes for repairs", "Mayor: Old bridge closes for repairs", "stated"),
        ("Why the old bridge closes for repairs", "the old bridge closes for repairs", "stated"),
        ("Live: Old bridge closes", "Old bridge closes", "stated"),  # three words may be what the page shortened
        ("Old bridge closes for repairs", "Old bridge closes for repairs", "stated"),
        ("Crime: Old bridge closes for repairs", "", "stated"),
        ("", "Old bridge closes for repairs", "stated"),
    ],
)  # fmt: skip
def test_a_feeds_headline_may_begin_with_todays_section(stated: str, own: str, headline: str) -> None:
    assert without_section(stated, own) == {"own": own, "stated": stated}[headline]
