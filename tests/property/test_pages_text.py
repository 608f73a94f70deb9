"""Clean text and extraction hold their promises for any input."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from worker.pages import (
    ExtractedArticle,
    canonicalize_url,
    detect_language,
    extract_article,
    extract_fragment,
    plain_text,
    registrable_domain,
    site_key,
    strip_boilerplate,
)
from worker.pages.tree.spacing import join_runs

NOW = datetime(2024, 4, 10, tzinfo=UTC)
WORDS = st.sampled_from(
    [
        "the",
        "ferry",
        "harbour",
        "said",
        "council",
        "Read",
        "also:",
        "Share",
        "©",
        "2024",
        "…",
        "...",
        "By",
        "Ana",
        "Lind",
        "newsletter",
        ",",
        ".",
        "“",
        "”",
        "12:30",
    ]
)
LINES = st.lists(st.lists(WORDS, max_size=14).map(" ".join), max_size=14)
TAGS = st.sampled_from(
    [
        "<p>", "</p>", "<div class='related'>", "</div>", "<a href=x>", "</a>", "<br>", "<b>", "</b>", "<h1>",
        "</h1>", "<table><td>", "<script>", "</script>", "<!--", "-->", "<ul><li>", "</ul>", "&amp;", "&#x0;",
        "<span style='display:none'>", "</span>", "<", ">",
    ]
)  # fmt: skip
MARKUP = st.lists(st.one_of(TAGS, WORDS, st.text(max_size=8)), max_size=60).map(" ".join)


@given(LINES, st.none() | WORDS)
@example(["Read . Read also: …", "Read"], None)
def test_every_line_is_kept_or_accounted_for(lines: list[str], title: str | None) -> None:
    clean = strip_boilerplate("\n".join(lines), title=title)
    told = " ".join([clean.text, *(line.line for line in clean.removed)]).split()
    assert sorted(told) == sorted(" ".join(lines).split())
    assert all(line.rule for line in clean.removed)


@given(LINES)
def test_what_is_kept_keeps_its_order_and_paragraphs(lines: list[str]) -> None:
    paragraphs = strip_boilerplate("\n".join(lines)).text.split("\n\n")
    assert all(line == line.strip() and "\n" not in line for line in paragraphs)


def check(article: ExtractedArticle) -> None:
    assert bool(article.reason) == (article.kind.value != "article")
    assert "\n" not in article.reason
    assert "\x00" not in article.text
    assert article.published is None or (article.published.tzinfo is UTC and article.published <= NOW)


@settings(max_examples=60, deadline=None)
@given(MARKUP)
@example("<p>" * 300 + "x")
def test_any_markup_is_read(markup: str) -> None:
    check(extract_article(markup.encode("utf-8", "replace"), "https://example.org/a", now=NOW))
    check(extract_fragment(markup, title=markup, url="https://example.org/a"))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=\x00", "image/png"])
)
def test_any_bytes_are_read(data: bytes, content_type: str) -> None:
    check(extract_article(data, None, content_type=content_type, now=NOW))
    check(extract_article(b"<html><body><p>" + data, "not a url", content_type=content_type, now=NOW))


INLINE = st.sampled_from(["b", "i", "em", "strong", "span", "a", "small", "u", "mark"])
BLOCK = st.sampled_from(["p", "div", "li", "h3", "td", "blockquote", "section", "dd"])
TOLD = st.lists(st.sampled_from(["harbour", "ferry", "council", "Pereira", "Monday", "fares", "boats"]), min_size=2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(BLOCK, TOLD, INLINE, st.booleans()), min_size=2, max_size=8))
def test_no_tag_glues_two_words(parts: list[tuple[str, list[str], str, bool]]) -> None:
    """Words stand apart, whether a block ends between them or an inline tag has the space on its inside or outside."""
    html, words = "", []
    for block, told, inline, inside in parts:
        first, rest = told[0], " ".join(told[1:])
        run = f"<{inline}>{first} </{inline}>{rest}" if inside else f"<{inline}>{first}</{inline}> {rest}"
        html += f"<{block}>{run}</{block}>"
        words += told
    found = extract_fragment(html, title="")
    removed = [word for line in found.removed for word in line.line.split()]
    assert sorted([*found.text.split(), *removed]) == sorted(words)


@given(st.text())
def test_plain_text_is_one_clean_line(text: str) -> None:
    plain = plain_text(text)
    assert plain == " ".join(plain.split())
    assert len(plain) <= 1000


@given(st.lists(st.text(alphabet="abc “é-", max_size=6), max_size=8))
def test_joining_runs_only_adds_spaces(runs: list[str]) -> None:
    assert join_runs(runs).replace(" ", "") == "".join(runs).replace(" ", "")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_language_or_none(text: str) -> None:
    code = detect_language(text)
    assert code is None or len(code) == 2


HOSTS = [
    "Example.org", "m.example.co.uk:443", "127.0.0.1:80", "[::1]:8000", "u:p@amp.example.org", "ü.example", "a..b",
    "m.m.amp.example.org", "x:y",
]  # fmt: skip
PATHS = ["/", "/a", "/amp", "//", "/%7e", "/%zz", "/ü", "/b.amp.html", "/..", "/ "]
QUERIES = ["?", "&", "a=1", "utm_x=2", "b", "a=%20", "amp=1", "ref=rss", "=", "ü=é", "a=1+2"]
URLS = st.builds(
    "{}://{}{}?{}{}".format,
    st.sampled_from(["http", "HTTPS", "ftp"]),
    st.sampled_from(HOSTS),
    st.lists(st.sampled_from(PATHS), max_size=5).map("".join),
    st.lists(st.sampled_from(QUERIES), max_size=5).map("&".join),
    st.sampled_from(["", "#x", "#?a"]),
)


@given(st.one_of(URLS, st.text(), URLS.map(lambda url: f" {url}\n")))
def test_canonical_addresses_are_fixed_points(url: str) -> None:
    canonical = canonicalize_url(url)
    assert canonicalize_url(canonical) == canonical
    assert isinstance(registrable_domain(url), str)
    assert isinstance(site_key(url), str)


@given(st.permutations(["a=1", "b=2", "c=3", "utm_source=x", "fbclid=y"]))
def test_the_order_of_parameters_changes_nothing(pairs: list[str]) -> None:
    assert canonicalize_url(f"https://example.org/s?{'&'.join(pairs)}") == "https://example.org/s?a=1&b=2&c=3"
