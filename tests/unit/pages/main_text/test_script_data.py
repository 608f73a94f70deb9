"""Stories that a page holds for its scripts alone, as frameworks write them."""

from __future__ import annotations

import json
from html import escape
from typing import Any

import pytest

from tests.unit.pages.sample import STORY, TITLE
from worker.pages import PageKind, extract_article

URL = "https://news.example.org/2024/04/ferry"
WHOLE = "\n\n".join(STORY)
HTML = "".join(f"<p>{line}</p>" for line in STORY)
OTHER = [f"Another story of the harbour says on day {n} that it is not of this page." for n in range(9)]
LAYER = (
    '<div id="onetrust-consent-sdk"><p>We and our partners keep cookies on your device and use personal data for '
    "advertising. You can accept all cookies or manage your preferences.</p></div>"
)


def page(*scripts: str, body: str = '<div id="root"></div>') -> bytes:
    head = f'<title>{TITLE}</title><meta property="og:title" content="{TITLE}">'
    return f"<html lang=en><head>{head}</head><body><main>{body}</main>{''.join(scripts)}</body></html>".encode()


def linked(**values: Any) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, **values}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def state(value: Any) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"pageProps": value}})}</script>'


def pushed(*rows: str) -> str:
    """The rows in chunks that end anywhere, as a server flushes them."""
    wire = "".join(rows)
    chunks = [wire[start : start + 500] for start in range(0, len(wire), 500)]
    return "".join(f"<script>self.__next_f.push({json.dumps([1, chunk])})</script>" for chunk in chunks)


def flat(value: Any, *first: Any) -> str:
    """The value as `devalue` writes it: one list, in which values name each other by their places."""
    places: list[Any] = [*first]

    def put(one: Any) -> int:
        place = len(places)
        places.append(one)
        if isinstance(one, dict):
            places[place] = {name: put(held) for name, held in one.items()}
        elif isinstance(one, list):
            places[place] = [put(held) for held in one]
        return place

    put({"data": value, "once": None})
    return f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(places)}</script>'


PARAGRAPHS = [["$", "p", str(n), {"children": line}] for n, line in enumerate(STORY)]
ELEMENT = ["$", "article", None, {"children": [["$", "h1", None, {"children": TITLE}], *PARAGRAPHS]}]
TEASERS = [{"title": f"Story {n} of another day", "summary": line} for n, line in enumerate(OTHER)]
FORMS = {
    "json-ld, lines": linked(articleBody="\n".join(STORY)),
    "json-ld, markup": linked(articleBody=HTML),
    "json-ld, escaped markup": linked(articleBody=escape(HTML)),
    "json-ld, in a graph, after a neighbour": '<script type="application/ld+json">'
    + json.dumps({"@graph": [
        {"@type": "NewsArticle", "headline": "The museum is open again", "articleBody": " ".join(OTHER)},
        {"@type": "NewsArticle", "headline": TITLE, "articleBody": HTML},
    ]}) + "</script>",
    "json-ld, within comments": '<script type="application/ld+json">//<![CDATA[\n'
    + json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": HTML}) + "\n//]]></script>",
    "json-ld, broken": '<script type="application/ld+json">{"@type": "NewsArticle", "author": {name: },'
    + f'"articleBody": {json.dumps(HTML)}}}</script>',
    "next, html": state({"post": {"title": {"rendered": TITLE}, "content": {"rendered": HTML}}, "related": TEASERS}),
    "next, blocks": state({"article": {"title": TITLE, "body": [{"type": "paragraph", "text": t} for t in STORY]}}),
    "next, spans": state({"article": {"headline": TITLE, "blocks": [
        {"_type": "block", "children": [{"text": line[:40]}, {"text": line[40:]}]} for line in STORY
    ]}}),
    "next, beside a longer neighbour": state({"items": [
        {"title": "The museum is open again", "body": "".join(f"<p>{line}</p>" for line in OTHER)},
        {"title": TITLE, "body": HTML},
    ]}),
    "assigned": "<script>window.dataLayer=window.dataLayer||[];Desk.globalContent="
    + json.dumps({"headlines": {"basic": TITLE}, "content_elements": [{"type": "text", "content": t} for t in STORY]})
    + ";Desk.spa=false</script>",
    "flat, html": flat({"story-7": {"title": TITLE, "content": HTML}, "nearby": TEASERS}),
    "flat, blocks, wrapped": flat(
        {"page": {"headline": TITLE, "body": [{"type": "paragraph", "text": t} for t in STORY]}}, ["ShallowReactive", 1]
    ),
    "react, elements": pushed("0:[null]\n", f"1:{json.dumps(ELEMENT)}\n"),
    "react, a row of text": pushed(f"3:T{len(HTML.encode()):x},{HTML}", '4:["$","div",null,{"children":"Menu"}]\n'),
}  # fmt: skip


@pytest.mark.parametrize("body", ['<div id="root"></div>', LAYER], ids=["shell", "consent"])
@pytest.mark.parametrize("script", FORMS.values(), ids=FORMS)
def test_a_story_in_data_is_read_where_the_page_shows_none(script: str, body: str) -> None:
    article = extract_article(page(script, body=body), URL)
    assert (article.kind, article.text) == (PageKind.ARTICLE, WHOLE)


def test_the_updates_of_a_live_blog_are_its_text() -> None:
    updates = [{"@type": "BlogPosting", "headline": f"At {n} o'clock", "articleBody": t} for n, t in enumerate(STORY)]
    text = extract_article(page(linked(**{"@type": "LiveBlogPosting", "liveBlogUpdate": updates})), URL).text
    assert [line for line in STORY if line not in text] == []


def test_what_a_page_shows_counts_more_than_another_story_in_its_data() -> None:
    shown = f"<article><h1>{TITLE}</h1>{HTML}</article>"
    data = state({"stories": [{"body": "".join(f"<p>{line} {line}</p>" for line in OTHER * 4)}]})
    assert extract_article(page(data, body=shown), URL).text == WHOLE


def test_data_without_a_story_leaves_a_page_without_one() -> None:
    data = state({"related": TEASERS, "labels": {"cookies": "We use cookies. You can change that."}})
    assert extract_article(page(data), URL).kind is PageKind.NOT_AN_ARTICLE


def test_a_flat_list_that_holds_itself_or_doubles_ends() -> None:
    doubling = json.dumps([{"a": 1}, *([n + 2, n + 2] for n in range(60)), TITLE])
    itself = json.dumps([{"data": 1}, [1, 0, 2, -3, 999], {"title": 3, "body": 1}, TITLE])
    scripts = [f'<script type="application/json">{data}</script>' for data in (doubling, itself)]
    assert extract_article(page(*scripts), URL).kind is PageKind.NOT_AN_ARTICLE


@pytest.mark.parametrize("script", ["[" * 90_000, '{"a":' * 90_000, '{"articleBody": "', "1:" + "T" * 50_000])
def test_hostile_data_is_no_story(script: str) -> None:
    scripts = (f'<script type="application/ld+json">{script}</script>', pushed(f"1:T{'f' * 30},x", script[:5_000]))
    assert extract_article(page(*scripts), URL).kind is PageKind.NOT_AN_ARTICLE
