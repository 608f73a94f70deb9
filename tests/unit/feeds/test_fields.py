import pytest

from worker.feeds.fields import absolute_url, author_names, clean_html, clean_text, entry_id, language_tag

BASE = "https://paper.example/a/feed.xml"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (" https://x.example/1\n", "https://x.example/1"),
        ("b.html", "https://paper.example/a/b.html"),
        ("//x.example/1", "https://x.example/1"),
        ("?p=1", "https://paper.example/a/feed.xml?p=1"),
        ("https://x.example/a\n b", "https://x.example/a b"),
        ("HTTP://X.example/", "http://X.example/"),
        ("", ""),
        ("http:///x", ""),
        ("http://a b/", ""),
        ("http://x.example:99999/", ""),
        ("ftp://x.example/", ""),
        ("https://x.example/" + "a" * 5_000, ""),
        (None, ""),
        ({"href": "x"}, ""),
    ],
)
def test_resolves_links(link: object, url: str) -> None:
    assert absolute_url(link, BASE) == url


def test_a_base_that_is_no_address_is_survived() -> None:
    assert absolute_url("b.html", "") == ""
    assert absolute_url("b.html", "http://[") == ""


def test_cuts_between_characters() -> None:
    assert clean_text("añ", 2) == "a"
    assert clean_text(" \0a ", 10) == "a"
    assert clean_text(7, 10) == ""


def test_plain_text_is_escaped_unless_it_is_markup() -> None:
    assert clean_html("a < b & c", plain=True) == "a &lt; b &amp; c"
    assert clean_html("<p>a</p>", plain=True) == "<p>a</p>"
    assert clean_html("a < b") == "a < b"


def test_ids_are_stable_bounded_and_never_empty() -> None:
    assert entry_id("x", "https://a.example/") == "x"
    assert entry_id("", "https://a.example/") == "https://a.example/"
    assert entry_id(None, "") == entry_id("", "")
    assert entry_id("g" * 2_000, "") != entry_id("g" * 2_001, "")


def test_names_are_distinct_single_lines() -> None:
    assert author_names(["Ana  María\n", "", "Luis", "Ana María"]) == ("Ana María", "Luis")


@pytest.mark.parametrize(
    ("stated", "tag"),
    [
        ("en_US", "en-US"),
        (" ES ", "es"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("english", None),
        ("", None),
        (3, None),
    ],
)
def test_reads_language_tags(stated: object, tag: str | None) -> None:
    assert language_tag(stated) == tag
