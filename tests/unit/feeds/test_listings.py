"""Listing pages: read by their rules, and the rules guessed; layouts of the kinds that publishing systems make."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from worker.errors import DocumentError
from worker.feeds import ParsedFeed
from worker.feeds.listings import ListingRules, guess_rules, older_listing, read_listing, wrong_selector

URL = "https://harbour.example/news"
NUMBERS = range(1, 11)
MENU = "".join(f'<li><a href="/section/{name}">All about {name} and more</a></li>' for name in ("ports", "rail", "air"))


def headline(number: int) -> str:
    return f"Harbour board approves the pier of quay {number}"


def repeated(entry: str) -> str:
    return "".join(entry.format(n=n, t=headline(n)) for n in NUMBERS)


LAYOUTS = {
    "a heading, and a time for machines": repeated(
        '<article class="post post-{n}"><h2 class="entry-title"><a href="/news/{n}-pier">{t}</a></h2>'
        '<time datetime="2026-11-{n:02}T08:00:00+00:00">a while ago</time><p>More of it.</p></article>'
    ),
    "a card that is one link": repeated(
        '<div class="card"><a class="card__link" href="/news/{n}-pier"><img src="/i/{n}.jpg"><h3>{t}</h3></a>'
        '<span class="card__date">{n} November 2026</span></div>'
    ),
    "a picture with a link of its own": repeated(
        '<li class="teaser"><a href="/news/{n}-pier" class="image"><img alt=""></a><div><a href="/news/{n}-pier">'
        '{t}</a><span class="teaser-meta">2026-11-{n:02}</span></div></li>'
    ),
    "articles with classes of their own": repeated(
        '<article class="post-{n}00 post type-post category-s{n}x tag-t{n}y hentry"><header class="entry-header">'
        '<h2 class="entry-title"><a href="/news/{n}-pier" rel="bookmark">{t}</a></h2><div class="entry-meta">'
        '<time class="entry-date" datetime="2026-11-{n:02}T08:00:00+00:00">then</time></div></header></article>'
    ),
    "cards that are numbered": repeated(
        '<article class="card card--{n}"><figure><a href="/news/{n}-pier"><img src="x"></a></figure>'
        '<div class="card-body"><h2><a href="/news/{n}-pier">{t}</a></h2><p class="card-when">{n} Nov 2026</p>'
        "</div></article>"
    ),
    "a table without classes": "<table>"
    + repeated('<tr><td class="datum">2026-11-{n:02}</td><td><a href="/news/{n}-pier">{t}</a></td></tr>')
    + "</table>",
    "a heading beside a link that says more": repeated(
        '<section class="item"><h4>{t}</h4><p class="published-at">Nov {n}, 2026</p>'
        '<a class="more" href="/news/{n}-pier">Read more</a></section>'
    ),
}


def page(layout: str, *, head: str = "", foot: str = "") -> bytes:
    nav, aside = f'<nav class="menu"><ul>{MENU}</ul></nav>', f'<aside class="sidebar"><ul>{MENU}</ul></aside>'
    start = f'<html lang="en"><head><title>News of the harbour</title>{head}</head><body>{nav}'
    return f"{start}<main>{LAYOUTS[layout]}</main>{aside}{foot}</body></html>".encode()


def read(document: bytes, rules: ListingRules) -> ParsedFeed:
    return read_listing(document, URL, "text/html", rules)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_rules_of_every_layout_are_guessed(layout: str) -> None:
    rules = guess_rules(page(layout), URL)
    assert rules is not None
    found = read(page(layout), rules)
    assert [(one.title, one.url) for one in found.entries] == [
        (headline(number), f"https://harbour.example/news/{number}-pier") for number in NUMBERS
    ]
    assert [one.published and one.published.date() for one in found.entries] == [
        datetime(2026, 11, number, tzinfo=UTC).date() for number in NUMBERS
    ]
    assert (found.title, found.format, found.language) == ("News of the harbour", "listing", "en")
    assert wrong_selector(rules) == ""


def test_a_page_without_a_list_has_no_rules() -> None:
    for document in (
        b"<p>One <a href='/a'>link of three words</a>",
        b"<html></html>",
        f"<ul>{MENU}</ul>".encode()[:60],
    ):
        assert guess_rules(document, URL) is None


@pytest.mark.parametrize(
    ("rules", "wrong"),
    [
        (ListingRules("h2 a", "h2", "time"), ""),
        (ListingRules("h2 >> a"), "h2 >> a"),
        (ListingRules("a", date="["), "["),
        (ListingRules("a" * 301), "a" * 301),
        (ListingRules(""), ""),
    ],
)
def test_what_is_no_selector_is_named(rules: ListingRules, wrong: str) -> None:
    assert wrong_selector(rules) == wrong


def test_a_page_that_has_changed_says_so() -> None:
    with pytest.raises(DocumentError, match=r"'a\.gone'") as fault:
        read(page("a table without classes"), ListingRules("a.gone"))
    assert fault.value.code == "no_entries"
    with pytest.raises(DocumentError):
        read(b" ", ListingRules("a"))


def test_an_address_counts_once_with_its_longest_title_and_none_leads_to_the_page_itself() -> None:
    document = b'<p><a href="/a">A</a></p><p><a href="/a">A whole headline</a></p><p><a href="#top">Up</a></p><a>x</a>'
    found = read(document, ListingRules("a"))
    assert [(one.title, one.url) for one in found.entries] == [("A whole headline", "https://harbour.example/a")]


def test_links_are_relative_to_the_pages_base() -> None:
    found = read(b'<base href="https://other.example/x/"><a href="y">A headline</a>', ListingRules("a"))
    assert found.entries[0].url == "https://other.example/x/y"


def test_fifty_thousand_links_are_cut_with_one_remark() -> None:
    many = "".join(f"<p><a href='/n/{number}'>Headline</a></p>" for number in range(50_000)).encode()
    found = read(many, ListingRules("p a"))
    assert len(found.entries) == 2_000
    assert found.truncated
    assert found.troubles == ("48000 links beyond the first 2,000 were left out",)


def test_what_hostile_pages_hold_is_read_or_refused() -> None:
    deep = b"<div>" * 5_000 + b"<a href='/a'>Deep</a>"
    flood = (
        b"<a href='/a' " + b" ".join(b"x%d=1" % number for number in range(50_000)) + b">Flood</a><a href='/b'>B</a>"
    )
    for document in (deep, flood, b"\0\xff<a href='/b'>B</a>", b"<a href='javascript:x'>B</a><a href='//['>C</a>"):
        try:
            found = read(document, ListingRules("a"))
        except DocumentError:
            continue
        assert all(one.url.startswith("https://harbour.example/") for one in found.entries)


@pytest.mark.parametrize(
    ("link", "older"),
    [
        ('<a rel="next" href="/news?page=2">2</a>', "https://harbour.example/news?page=2"),
        ('<a href="/news/page/2">Older posts</a>', "https://harbour.example/news/page/2"),
        ('<a href="?p=2" aria-label="Siguiente"></a>', "https://harbour.example/news?p=2"),
        ('<a href="/news/2">»</a>', "https://harbour.example/news/2"),
        ('<a href="https://elsewhere.example/2">Next</a>', ""),
        ('<a href="/story">What happens next in the harbour</a>', ""),
        ('<a href="#">More</a>', ""),
    ],
)
def test_older_pages_are_found(link: str, older: str) -> None:
    assert older_listing(page("a table without classes", foot=link), URL) == older
