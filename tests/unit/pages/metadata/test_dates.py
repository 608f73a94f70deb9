from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.pages.metadata.dates import DateReader, date_reader
from worker.pages.metadata.metadata import read_metadata
from worker.pages.tree.tree import parse_page

NOW = datetime(2024, 4, 10, 12, tzinfo=UTC)
STORY = "<p>" + "Fares on the northern line will rise by a tenth from May, the harbour council decided. " * 6 + "</p>"


def day(body: str, *, head: str = "", lang: str = "es", url: str = "https://example.org/ferry") -> str | None:
    html = (
        f"<html lang='{lang}'><head><title>Suben los pasajes del norte</title>{head}</head><body>{body}</body></html>"
    )
    tree, _ = parse_page(html)
    found = read_metadata(tree, url, NOW).published
    return found.date().isoformat() if found else None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-04-08T18:30:00+02:00", datetime(2024, 4, 8, 16, 30, tzinfo=UTC)),
        ("2024-04-08T18:30:00.123Z", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("2024-04-08T18:30:00+0200", datetime(2024, 4, 8, 16, 30, tzinfo=UTC)),
        ("2024-04-08 18:30:00", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("2024-04-08", datetime(2024, 4, 8, tzinfo=UTC)),
        ("20240408T183000Z", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("Mon, 08 Apr 2024 18:30:00 GMT", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("Mon Apr 08 2024 12:30:00 GMT-0600 (CST)", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("April 8th, 2024", datetime(2024, 4, 8, tzinfo=UTC)),
        ("Lunes, 8 Abril 2024 18:30", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("1712601000", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("1712601000000", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("2031-01-01", None),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_what_pages_declare_is_read(text: str, moment: datetime | None) -> None:
    assert DateReader(now=NOW).read(text) == moment


@pytest.mark.parametrize(
    ("tag", "url", "month_first"),
    [
        ("en-US", None, True), ("en_US", None, True), ("en-GB", None, False), ("en", "https://a.com/x", True),
        ("en", "https://a.co.uk/x", False), ("en", "https://[broken", True), ("es-US", None, False),
        ("", "https://a.com/", False),
    ],
)  # fmt: skip
def test_the_month_comes_first_in_american_english(tag: str, url: str | None, month_first: bool) -> None:
    assert date_reader(tag, url, NOW).month_first is month_first


@pytest.mark.parametrize(
    ("text", "url", "right"),
    [
        ("04/03/2024", "https://example.org/2024/04/03/ferry", (4, 3)),
        ("04/03/2024", "https://example.org/2024/03/ferry", (3, 4)),
        ("2024-03-04T10:00:00Z", "https://example.org/2024/04/ferry", (4, 3)),
        ("2024-03-04T10:00:00Z", "https://example.org/2024/mar/ferry", (3, 4)),
        ("2024-03-04T10:00:00Z", "https://example.org/2019/04/ferry", (3, 4)),
        ("04/12/2024", None, None),  # both readings lie ahead
        ("12/03/2024", None, (3, 12)),
        ("03/12/2024", None, (3, 12)),  # in December it was not yet
    ],
)
def test_the_address_and_the_clock_tell_day_and_month_apart(text: str, url: str, right: tuple[int, int] | None) -> None:
    found = DateReader(url=url, now=NOW).read(text)
    assert (found and (found.month, found.day)) == right


@pytest.mark.parametrize(
    "line",
    [
        "<span class='fecha'>Viernes 5 de abril de 2024 | 18:04 hs.</span>", "<time>5 abr 2024 - 23:50 CEST</time>",
        "<p>Por Ana Lind · 05-abr-2024</p>", "<div>Actualizado: 5 abr 2024</div>",
        "<div>Publicado: 5 de abril de 2024 | Actualizado: 9 de abril de 2024</div>",
        "<div>Actualizado: 9 abr 2024</div><div>Publicado el 5 de abril de 2024</div>",
        "<time datetime='2024-04-05'>hace unos días</time>", "<ul><li>abril 5, 2024</li></ul>",
    ],
)  # fmt: skip
def test_a_line_beside_the_headline_says_when(line: str) -> None:
    assert day(f"<article><h1>Suben los pasajes del norte</h1>{line}{STORY}</article>") == "2024-04-05"


def test_a_line_before_the_headline_counts_within_its_own_box() -> None:
    box = "<div><span>5 de abril de 2024</span><h1>Suben los pasajes del norte</h1></div>"
    assert day(f"<div>10 de abril de 2024</div><main><article>{box}{STORY}</article></main>") == "2024-04-05"


@pytest.mark.parametrize(
    "other",
    [
        "<aside><time datetime='2024-04-01'>1 abr</time></aside>",
        "<div class='related'><article><time datetime='2024-04-01' pubdate>1 abr</time></article></div>",
        "<article class='teaser'><span itemprop='datePublished' content='2024-04-01'>1 abr</span></article>",
        "<footer><span class='date'>1 de abril de 2024</span></footer>",
        "<p>El acuerdo, firmado el 1 de abril de 2024 por tres ayuntamientos de la ribera, no se ha cumplido.</p>",
    ],
    ids=["aside", "related", "teaser", "footer", "sentence"],
)
def test_dates_of_others_are_not_the_articles(other: str) -> None:
    assert day(f"<main><h1>Suben los pasajes del norte</h1><div>{STORY}</div></main>{other}") is None
    assert (
        day(f"<main><h1>Suben los pasajes del norte</h1>{other}<i>5 abr 2024</i><div>{STORY}</div></main>")
        == "2024-04-05"
    )


def test_a_neighbours_json_ld_does_not_date_the_article() -> None:
    neighbour = '{"@type":"NewsArticle","headline":"Abre la feria","datePublished":"2024-01-02"}'
    own = '{"@type":"NewsArticle","headline":"Suben los pasajes del norte","datePublished":"2024-04-05"}'
    script = '<script type="application/ld+json">%s</script>'
    assert day(STORY, head=script % f"[{neighbour},{own}]") == "2024-04-05"
    by_address = '{"@type":"NewsArticle","headline":"x","url":"https://example.org/ferry","datePublished":"2024-04-05"}'
    assert day(STORY, head=script % f"[{neighbour},{by_address}]") == "2024-04-05"
    listed = f'{{"@type":"ItemList","itemListElement":[{{"@type":"ListItem","item":{neighbour}}}]}}'
    assert day(STORY, head=script % listed) is None
    assert day(STORY, head=script % neighbour) == "2024-01-02", "where it is the only one it is believed"


def test_a_page_node_dates_an_article_node_that_does_not() -> None:
    graph = '[{"@type":"WebPage","datePublished":"2024-04-05"},{"@type":"NewsArticle","headline":"Suben los pasajes"}]'
    assert day(STORY, head=f'<script type="application/ld+json">{{"@graph":{graph}}}</script>') == "2024-04-05"
