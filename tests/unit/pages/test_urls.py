from __future__ import annotations

import pytest

from worker.pages import canonicalize_url, registrable_domain, site_key, without_tracking


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example.ORG:443/a//b/?utm_source=x&b=2&a=1#top", "https://news.example.org/a/b?a=1&b=2"),
        ("http://example.org:80", "http://example.org/"),
        ("http://exämple.org/ü?q=ä b", "http://xn--exmple-cua.org/%C3%BC?q=%C3%A4%20b"),
        ("https://example.org/s?fbclid=1&gclid=2&id=7&mc_eid=4", "https://example.org/s?id=7"),
        ("https://m.example.co.uk/story/amp/", "https://example.co.uk/story"),
        ("https://amp.example.org/story.amp.html", "https://example.org/story.html"),
        ("https://example.org/story?outputType=amp", "https://example.org/story"),
        ("https://example.org/story?print=1", "https://example.org/story"),
        ("https://example.org/story/print/", "https://example.org/story"),
        ("https://example.org/nota/imprimir?view=print", "https://example.org/nota"),
        ("https://example.org/maps?view=satellite", "https://example.org/maps?view=satellite"),
        ("https://example.org/print", "https://example.org/print"),
        ("https://www.google.com/amp/s/www.example.org/story.amp.html", "https://www.example.org/story.html"),
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a?utm_source=x", "https://www.example.org/a"),
        ("https://www.google.com/amplifiers", "https://www.google.com/amplifiers"),
        ("https://example.org/story?ref=rss&page=2", "https://example.org/story?page=2"),
        ("https://example.org/d?ref=A-17", "https://example.org/d?ref=A-17"),
        ("https://example.org/%7Eana/%e2%82%ac", "https://example.org/~ana/%E2%82%AC"),
        ("https://example.org/a%2Fb", "https://example.org/a%2Fb"),
        ("https://example.org/camp/", "https://example.org/camp"),
        ("https://example.org/amp/news/the-ferry", "https://example.org/news/the-ferry"),
        (
            "https://example.org/imprimir/sube-el-pasaje-otra-vez.html",
            "https://example.org/sube-el-pasaje-otra-vez.html",
        ),
        ("https://example.org/print/12345", "https://example.org/12345"),
        ("https://example.org/print/edition", "https://example.org/print/edition"),
        ("https://example.org/m/2026/05/ferry-fares-rise", "https://example.org/2026/05/ferry-fares-rise"),
        ("https://example.org/m/contact", "https://example.org/m/contact"),
        ("https://example.org/ferry.print.html", "https://example.org/ferry.html"),
        ("https://example.org/ferry,amp.html", "https://example.org/ferry.html"),
        ("https://example.org/nota/version-imprimible", "https://example.org/nota"),
        ("https://example.org/printing-press", "https://example.org/printing-press"),
        ("https://movil.example.org/ferry", "https://example.org/ferry"),
        ("https://m.me/ferry", "https://m.me/ferry"),
        ("http://127.0.0.1:8000/News//1/?utm_medium=rss&b=2&a=1", "http://127.0.0.1:8000/News//1/?b=2&a=1"),
        ("http://localhost:8080/feed.xml", "http://localhost:8080/feed.xml"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("  mailto:ana@example.org ", "mailto:ana@example.org"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("http://x:99999/", "http://x:99999/"),
        ("http://[broken/", "http://[broken/"),
        ("", ""),
    ],
)
def test_canonicalize(url: str, canonical: str) -> None:
    assert canonicalize_url(url) == canonical
    assert canonicalize_url(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://news.bbc.co.uk/1", "bbc.co.uk"),
        ("www.example.org", "example.org"),
        ("a.b.example.com.mx", "example.com.mx"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://localhost:8080/", "localhost:8080"),
        ("localhost", "localhost"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("", ""),
    ],
)
def test_registrable_domain(text: str, domain: str) -> None:
    assert registrable_domain(text) == domain


def test_site_key() -> None:
    assert site_key("https://WWW.Example.org/a") == "example.org"
    assert site_key("http://127.0.0.1:8000/a") == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://News.example/a?utm_source=rss&id=3#top", "https://News.example/a?id=3#top"),
        ("https://news.example/a?fbclid=1", "https://news.example/a"),
        ("https://news.example/a?b=2&a=1&&c", "https://news.example/a?b=2&a=1&&c"),
        ("https://news.example/a?q=%C3%B1+x%20y&gclid=1", "https://news.example/a?q=%C3%B1+x%20y"),
        ("https://news.example/a#xtor=RSS-4", "https://news.example/a"),
        ("https://news.example/a#section-2", "https://news.example/a#section-2"),
        ("https://news.example/a?", "https://news.example/a?"),
        ("https://news.example/a?ref=section", "https://news.example/a?ref=section"),
        ("no address at all", "no address at all"),
    ],
)
def test_a_link_loses_what_only_says_how_a_reader_came(url: str, plain: str) -> None:
    assert without_tracking(url) == plain
    assert without_tracking(plain) == plain
