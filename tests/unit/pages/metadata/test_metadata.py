from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.pages import extract_article
from worker.pages.metadata.metadata import PageMetadata, read_metadata
from worker.pages.tree.tree import parse_page

NOW = datetime(2024, 4, 10, 12, tzinfo=UTC)
URL = "https://news.example.org/ferry"


def read(head: str = "", body: str = "", url: str | None = URL) -> PageMetadata:
    tree, _ = parse_page(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    return read_metadata(tree, url, NOW)


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
