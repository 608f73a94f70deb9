from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.pages.sample import LINKED, STORY, TITLE, page
from worker.pages import PageKind, SiteProfile, extract_article, normalize_line

URL = "https://news.example.org/2024/04/ferry"
NOW = datetime(2024, 4, 10, tzinfo=UTC)
WHOLE = "\n\n".join(STORY)


def test_an_article_is_its_story_and_what_the_page_says_of_it() -> None:
    head = (
        f'<script type="application/ld+json">{LINKED}</script><link rel="canonical" href="/2024/04/ferry?utm_source=x">'
    )
    article = extract_article(page(head=head), URL, now=NOW)
    assert article.kind is PageKind.ARTICLE
    assert (article.title, article.text, article.language) == (TITLE, WHOLE, "en")
    assert article.published == datetime(2024, 4, 8, 16, 30, tzinfo=UTC)
    assert article.updated == datetime(2024, 4, 9, 7, tzinfo=UTC)
    assert article.authors == ("Ana Lind", "Tom Olds")
    assert article.canonical_url == URL
    assert article.image == "https://news.example.org/img/ferry.jpg"
    assert article.section == "Transport"


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<p><a href="/x">Read also: Port workers end their strike</a></p>', "read-also"),
        ('<div class="newsletter-signup"><p>The harbour in one letter, every day at six.</p></div>', "newsletter-box"),
        ("<p>Sign up for our daily newsletter and never miss a boat.</p>", "newsletter-prompt"),
        ('<p><strong><a href="/y">PORT WORKERS END THEIR STRIKE AFTER A WEEK</a></strong></p>', "link-only"),
        ('<p class="caption-text">The northern pier in the morning</p>', "caption"),
        (f"<h2>{TITLE}</h2>", "headline"),
        ("<p>ADVERTISEMENT</p>", "advertisement"),
        ("<p>We may earn a commission from links on this page.</p>", "advertisement"),
    ],
)
def test_boilerplate_within_the_story_goes_and_is_accounted_for(body: str, rule: str) -> None:
    article = extract_article(page(body), URL)
    assert article.text == WHOLE
    assert rule in {line.rule for line in article.removed} or body.split(">")[-2] not in article.text


def test_inline_tags_glue_no_words() -> None:
    body = (
        "<p>They will work with <a href='/g'>Guatemala</a><b>with the South</b> and the "
        "<em>countries</em>that was agreed, and the <i>issue</i>“They use it as a flag,” he said on Monday night.</p>"
    )
    text = extract_article(page(body), URL).text
    assert "Guatemala with the South" in text
    assert "countries that was" in text
    assert "issue “They use" in text


def test_blocks_without_space_between_them_are_paragraphs() -> None:
    body = "<div>The pier was full before noon, and the queue reached the old market."
    body += "<p>Nobody was hurt when the gate fell.</p></div>"
    paragraphs = extract_article(page(body), URL).text.split("\n\n")
    assert "The pier was full before noon, and the queue reached the old market." in paragraphs
    assert "Nobody was hurt when the gate fell." in paragraphs


def test_a_story_cut_into_equal_containers_is_whole() -> None:
    parts = [STORY[:2], STORY[2:4], STORY[4:]]
    chunks = "".join(
        f'<div class="grid"><div class="article-body"><p>{"</p><p>".join(part)}</p></div><i class="ad">Ad</i></div>'
        for part in parts
    )
    html = f"<html><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{chunks}</article></body></html>"
    assert extract_article(html.encode(), URL).text == WHOLE


def test_a_persons_selectors_and_the_sites_boilerplate_are_honoured() -> None:
    html = page(
        '<p class="promo-x">Harbour News is read on every boat.</p><p>Our house motto is older than the pier.</p>'
    )
    site = SiteProfile(
        "news.example.org",
        boilerplate=frozenset({normalize_line("Our house motto is older than the pier")}),
        drop=("p.promo-x", "p["),
    )
    article = extract_article(html, URL, site=site)
    assert article.text == WHOLE
    assert {"site-drop", "learned"} <= {line.rule for line in article.removed}
    only = extract_article(html, URL, site=SiteProfile("news.example.org", keep=("h1", "figcaption"))).text
    assert only == "The old ferry at the northern pier"


def test_the_text_of_a_script_drawn_page_come_from_json_ld() -> None:
    body = " ".join(STORY).replace('"', "'")
    linked = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "articleBody": "{body}"}}'
    head = f'<title>{TITLE}</title><script type="application/ld+json">{linked}</script>'
    html = f"<html><head>{head}</head><body><div id=app>Loading the page for you</div></body></html>"
    article = extract_article(html.encode(), URL)
    assert article.kind is PageKind.ARTICLE
    assert article.text == body


def test_a_page_that_begins_its_story_and_goes_on_with_others_has_it_in_json_ld() -> None:
    body = " ".join(STORY).replace('"', "'")
    linked = f'{{"@type": "NewsArticle", "headline": "{TITLE}", "articleBody": "{body}"}}'
    head = f'<title>{TITLE}</title><script type="application/ld+json">{linked}</script>'
    others = (
        "the mill of Sandvik has turned for the last time, and its keeper now paints boats in a shed beside the…",
        "who counts the gulls in spring must be up before four, says a teacher who has done it since her first…",
        "the band that plays at every launch has lost its drum, and found another in a house that was to be…",
    )
    cards = "".join(
        f"<div><h2><a href='/{each[:8]}'>Of {each[:24]}</a></h2><p>In spring {each}</p></div>" for each in others * 3
    )
    opening = body[: body.index(". ") + 1]
    html = (
        f"<html><head>{head}</head><body><h1>{TITLE}</h1><p>{opening}</p><div class=river>{cards}</div></body></html>"
    )
    assert extract_article(html.encode(), URL).text == body


def test_charset_of_the_header_is_used() -> None:
    html = page().decode().replace('<meta charset="utf-8">', "").replace("Pereira", "Peñalosa").encode("cp1252")
    assert "Peñalosa" in extract_article(html, URL, content_type="text/html; charset=iso-8859-1").text
    assert "Peñalosa" in extract_article(html, URL).text


PARA = "<p>The harbour council said on Monday that the fares would rise from May, after a year of losses.</p>"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x89PNG\r\n", "image"),
        (b"<html><frameset><frame src=a></frameset></html>", "frames"),
        (b"<html><body></body></html>", "no text"),
        (
            b"<title>404 - Page not found</title><body><h1>Oh no</h1><p>The page you asked for has sailed "
            b"away. Try the search.</p>",
            "found",
        ),
        (
            b"<title>Just a moment...</title><body><p>Checking your browser before you go on to the site. "
            b"This may take a while.</p>",
            "robots",
        ),
        (
            b"<title>Before you continue</title><body><p>We use cookies and data to show you "
            b"advertising that fits you. "
            b"Accept all cookies or choose your privacy settings below, please, before you go on.</p>",
            "consent",
        ),
        (
            b"<title>Log in - Harbour News</title><body><form><input type=password></form><p>Please enter "
            b"your name and your secret word.</p>",
            "login",
        ),
        (
            (
                "<title>Harbour News</title><body><h1>Latest</h1>"
                + "".join(f'<p><a href="/{n}">Headline number {n} of the day in the harbour</a></p>' for n in range(40))
            ).encode(),
            "index",
        ),
    ],
    ids=[
        "empty",
        "space",
        "pdf",
        "binary",
        "image",
        "frames",
        "blank",
        "soft 404",
        "bot check",
        "consent",
        "login",
        "index",
    ],
)
def test_what_is_no_article_says_why(html: bytes, reason: str) -> None:
    article = extract_article(html, "https://news.example.org/a")
    assert article.kind is PageKind.NOT_AN_ARTICLE
    assert reason in article.reason
    assert "\n" not in article.reason


def test_a_paywall_stub_is_partial() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>'
    article = extract_article(page(head=head, story=STORY[:2]), URL)
    assert article.kind is PageKind.PARTIAL
    assert "paywall" in article.reason


@pytest.mark.parametrize("tag", ["div", "span", "foo", "blockquote"])
def test_text_nested_too_deeply_for_the_parser_is_recovered(tag: str) -> None:
    story = "".join(f"<p>{text}</p>" for text in STORY)
    nested = f"<{tag}>" * 50_000 + story + f"</{tag}>" * 50_000
    html = f"<html><head><title>{TITLE}</title></head><body>{nested}</body></html>"
    assert extract_article(html.encode(), URL).text == WHOLE


def test_a_tag_of_200_000_attributes_is_read() -> None:
    attributes = " ".join(f'a{n}="x"' for n in range(200_000))
    story = "".join(f"<p>{text}</p>" for text in STORY)
    assert extract_article(f"<html><body><div {attributes}>{story}</div></body></html>".encode(), URL).text == WHOLE


def test_a_page_beyond_five_megabytes_is_cut_and_says_so() -> None:
    article = extract_article(b"<html><body>" + PARA.encode() * 90_000, URL)
    assert article.kind is PageKind.PARTIAL
    assert "5 MB" in article.reason
    scripted = page().replace(b"<main", b"<script>" + b"x=1;" * 2_500_000 + b"</script><main")
    assert extract_article(scripted, URL).text == WHOLE


def test_a_truncated_page_gives_what_is_there() -> None:
    article = extract_article(page()[:-500], URL)
    assert article.text.startswith(STORY[0])


@pytest.mark.parametrize(
    "title",
    [
        "Security check at the pier finds thirty stowaways",
        "Girl, 6, not found after ferry sinks",
        "Court rules that consent of parents is needed",
        "Register of voters is stolen",
        "Entrar en el puerto: la ruta de los niños",
    ],
)
def test_a_brief_is_an_article_whatever_its_headline_says(title: str) -> None:
    article = extract_article(page(head='<meta property="og:type" content="article">', title=title), URL, now=NOW)
    assert (article.kind, article.title, article.text) == (PageKind.ARTICLE, title, WHOLE)
