from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.pages import extract_article
from worker.pages.metadata.dates import parse_moment
from worker.pages.metadata.metadata import PageMetadata, read_metadata
from worker.pages.tree.tree import parse_page

NOW = datetime(2024, 4, 10, 12, tzinfo=UTC)
URL = "https://news.example.org/ferry"


def read(head: str = "", body: str = "", url: str | None = URL) -> PageMetadata:
    tree, _ = parse_page(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    return read_metadata(tree, url, NOW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-04-08T18:30:00+02:00", datetime(2024, 4, 8, 16, 30, tzinfo=UTC)),
        ("2024-04-08T18:30:00.123Z", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("2024-04-08T18:30:00+0200", datetime(2024, 4, 8, 16, 30, tzinfo=UTC)),
        ("2024-04-08 18:30:00", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("2024-04-08", datetime(2024, 4, 8, tzinfo=UTC)),
        ("Mon, 08 Apr 2024 18:30:00 GMT", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("April 8th, 2024", datetime(2024, 4, 8, tzinfo=UTC)),
        ("1712601000", datetime(2024, 4, 8, 18, 30, tzinfo=UTC)),
        ("2031-01-01", None),
        ("1970-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_parse_moment(text: str, moment: datetime | None) -> None:
    assert parse_moment(text, NOW) == moment


def test_json_ld_comes_before_meta_and_a_future_date_is_passed_over() -> None:
    meta = '<meta property="article:published_time" content="2024-04-01T08:00:00Z">'
    linked = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "%s"}</script>'
    assert read(meta + linked % "2024-04-02T08:00:00Z").published == datetime(2024, 4, 2, 8, tzinfo=UTC)
    assert read(meta + linked % "2034-04-02T08:00:00Z").published == datetime(2024, 4, 1, 8, tzinfo=UTC)


def test_the_address_dates_a_page_that_does_not() -> None:
    assert read(url="https://example.org/2024/04/03/ferry").published == datetime(2024, 4, 3, tzinfo=UTC)


def test_the_address_may_name_its_month() -> None:
    assert read(url="https://example.org/fares/2024/apr/03/ferry").published == datetime(2024, 4, 3, tzinfo=UTC)


def test_a_date_shown_as_the_publications_is_believed_over_the_changes_day() -> None:
    changed = '<meta property="og:updated_time" content="2024-04-09T16:02:01Z">'
    shown = '<dl><dd id="date_updated">April 9, 2024</dd><dd id="date_posted">Date: April 3, 2024</dd></dl>'
    assert read(changed, shown).published == datetime(2024, 4, 3, tzinfo=UTC)


def test_a_last_updated_widget_dates_nothing() -> None:
    assert read(body="<div class='weather'>Last updated: 9 April 2024, 10:00</div>").published is None


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
        ("", "", ""),
    ],
)
def test_title(head: str, body: str, title: str) -> None:
    assert read(head, body).title == title


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ('<meta name="author" content="By Ana Lind and Tom Olds">', ("Ana Lind", "Tom Olds")),
        ('<meta name="author" content="https://example.org/ana">', ()),
        ('<meta name="author" content="Harbour News Staff">', ()),
        ('<script type="application/ld+json">{"@type":"NewsArticle","author":"Ana Lind"}</script>', ("Ana Lind",)),
        ('<meta name="author" content="View all posts by Tom O&#38;#39;Neil">', ("Tom O'Neil",)),
        ('<meta name="author" content="The Harbour Tribune">', ()),
        ('<meta property="og:site_name" content="Harbour News"><meta name="author" content="Harbour News">', ()),
        (
            '<script type="x/ld+json">{"@type":["Article"],"author":{"name":["Ana Lind","Tom Olds"]}}</script>',
            ("Ana Lind", "Tom Olds"),
        ),
    ],
)
def test_authors(head: str, authors: tuple[str, ...]) -> None:
    assert read(head).authors == authors


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        ('<p class="byline">By Ana Lind, Harbour City</p>', ("Ana Lind",)),
        ('<div class="article-author"><span class="author-name">Ana Lind</span> 3 May 2024</div>', ()),
        ('<span class="author-name">Ana Lind</span>', ("Ana Lind",)),
        (f'<div class="author">{"Ana Lind writes about boats. " * 9}</div>', ()),
    ],
)
def test_a_shown_byline_stands_in_where_no_author_is_declared(body: str, authors: tuple[str, ...]) -> None:
    assert read(body=body).authors == authors


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("https://www.example.org/ferry?utm_source=a", "https://www.example.org/ferry"),
        ("/ferry-fares", "https://news.example.org/ferry-fares"),
        ("https://other.test/ferry", None),
        ("https://news.example.org/", None),
        ("javascript:alert(1)", None),
        ("http://[broken", None),
    ],
)
def test_canonical_is_of_the_same_site_and_not_its_home(href: str, canonical: str | None) -> None:
    assert read(f'<link rel="canonical" href="{href}">').canonical_url == canonical


def test_broken_json_ld_is_passed_over() -> None:
    for broken in ("{", "[" * 100_000, '"x"', "null", "<!-- -->", '{"@type": 3, "author": [[[]]]}'):
        html = (
            f'<html><head><script type="application/ld+json">{broken}</script></head><body><p>Text.</p></body></html>'
        )
        assert extract_article(html.encode(), None).title == ""


def test_the_tag_stands_in_where_the_text_is_too_short_to_tell() -> None:
    article = extract_article(b'<html lang="es-MX"><title>x</title><body><p>Zacatecas 12</p></body></html>', None)
    assert article.language == "es"
