from __future__ import annotations

import pytest

from worker.pages.metadata.metadata import PageMetadata, read_metadata
from worker.pages.tree.tree import parse_page


def read(head: str = "", body: str = "", url: str = "https://news.example.org/ferry") -> PageMetadata:
    tree, _ = parse_page(f"<html><head>{head}</head><body>{body}<p>Text.</p></body></html>")
    return read_metadata(tree, url, None)


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ('<meta name="author" content="By Ana Lind and Tom Olds">', ("Ana Lind", "Tom Olds")),
        ('<meta name="author" content="https://example.org/ana">', ()),
        ('<meta name="author" content="Harbour News Staff">', ()),
        ('<script type="application/ld+json">{"@type":"NewsArticle","author":"Ana Lind"}</script>', ("Ana Lind",)),
        ('<meta name="author" content="View all posts by Tom O&#38;#39;Neil">', ("Tom O'Neil",)),
        ('<meta name="author" content="The Harbour Tribune">', ()),
        ('<meta name="publisher" content="Harbour"><meta name="byl" content="Harbour Staff">', ()),
        (
            '<meta property="og:site_name" content="Harbour News"><meta name="author" content="Harbour News">',
            ("Harbour News",),
        ),
        (
            '<meta name="publisher" content="Harbour"><meta name="author" content="Ana Lind, Harbour">',
            ("Ana Lind",),
        ),
        ('<meta name="author" content="Ana Lind"><meta name="author" content="Tom Olds">', ("Ana Lind", "Tom Olds")),
        ('<meta name="author" content="Ana Lind und Tom Olds, dpa">', ("Ana Lind", "Tom Olds", "dpa")),
        ('<meta name="author" content="Ana Lind The Associated Press">', ("Ana Lind",)),
        ('<meta name="author" content="Ana Lind | ana@example.org">', ("Ana Lind",)),
        ('<meta name="author" content="The Associated Press">', ("The Associated Press",)),
        ('<meta name="author" content="AFP">', ("AFP",)),
        ('<meta name="author" content="alr">', ()),
        ('<meta name="author" content="TPN">', ()),
        ('<meta name="author" content="Redacción">', ()),
        ('<meta name="author" content="松岡大地">', ("松岡大地",)),
        ('<meta name="author" content="구현모 기자">', ("구현모",)),
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
        ('<div class="article-author"><span class="author-name">Ana Lind</span> 3 May 2024</div>', ("Ana Lind",)),
        ('<span class="author-name">Ana Lind</span>', ("Ana Lind",)),
        ("<h1>Ferry fares to rise again</h1><p>Por Ana Lind | Puerto</p>", ("Ana Lind",)),
        ('<h1>Ferry fares to rise again</h1><div><a href="/staff/ana-lind">Ana Lind</a></div>', ("Ana Lind",)),
        ('<h1>Ferry fares to rise again</h1><aside><a href="/staff/ana-lind">Ana Lind</a></aside>', ()),
        ("<h1>Ferry fares to rise again</h1><p>By Monday the boats were full</p>", ()),
        ('<div class="ArticleAuthor">By Ana Lind and Tom Olds</div>', ("Ana Lind", "Tom Olds")),
        (f'<div class="author">{"Ana Lind writes about boats. " * 9}</div>', ()),
    ],
)
def test_a_shown_byline_stands_in_where_no_author_is_declared(body: str, authors: tuple[str, ...]) -> None:
    assert read(body=body).authors == authors
