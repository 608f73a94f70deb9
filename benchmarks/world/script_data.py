"""What pages keep of their stories in scripts, for browsers or for search engines: each maker in a form of its own."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from benchmarks.world.said import Said, Teaser


def script_values(rng: random.Random, said: Said, url: str, byline: str, teasers: Sequence[Teaser]) -> dict[str, Any]:
    """Return what layouts put into their scripts, by the names they know it by."""
    data = _next_data(rng, said, teasers)
    return {
        "next_data": _as_script(data), "flat": _as_script(_flat(data)), "hub": _as_script(_hub(said, teasers)),
        "flight": list(_flight(rng, said, teasers)), "live_ld": _as_script(_live_ld(said, url)),
        "json_ld": _as_script(_json_ld(said, url, byline, teasers)),
    }  # fmt: skip


def _next_data(rng: random.Random, said: Said, teasers: Sequence[Teaser]) -> object:
    """The story as a string of HTML or as blocks, whichever the site's programmers took to."""
    html = "".join(f"<p>{Markup.escape(text)}</p>" for text in said.dated)
    body: object = (
        html if rng.random() < 0.5 else [{"type": "paragraph", "data": {"text": text}} for text in said.dated]
    )
    story = {"id": said.report.id, "headline": said.title, "firstPublished": said.report.published.isoformat()}
    related = [{"headline": teaser.title, "summary": teaser.text, "url": teaser.href} for teaser in teasers]
    return {"props": {"pageProps": {"related": related, "story": {**story, "body": body}}}, "page": "/story/[id]"}


def _hub(said: Said, teasers: Sequence[Teaser]) -> object:
    """The story as a publisher's hub keeps it: elements, some of which are links to others and boxes."""
    elements: list[object] = [{"type": "text", "_id": f"T{place}", "content": x} for place, x in enumerate(said.dated)]
    link = {"type": "interstitial_link", "content": teasers[0].title, "url": teasers[0].href}
    lead = {"type": "story", "headlines": {"basic": teasers[-1].title}, "description": {"basic": teasers[-1].text}}
    elements.insert(len(elements) // 2 + 1, link)
    return {
        "type": "story", "_id": said.report.id, "headlines": {"basic": said.title, "web": ""},
        "related_content": {"basic": [lead]}, "display_date": said.report.published.isoformat(),
        "content_elements": elements,
    }  # fmt: skip


def _flat(value: object) -> list[object]:
    """The value as one list: objects and lists hold the places of what is in them, and come before it."""
    flat: list[object] = []

    def put(one: object) -> int:
        place = len(flat)
        flat.append(one)
        if isinstance(one, dict):
            flat[place] = {name: put(held) for name, held in one.items()}
        elif isinstance(one, list):
            flat[place] = [put(held) for held in one]
        return place

    put({"data": value, "state": {}, "once": [], "serverRendered": False})
    return flat


def _flight(rng: random.Random, said: Said, teasers: Sequence[Teaser]) -> Iterator[Markup]:
    """Rows of a streamed page: components in brackets with what they are given, long texts in rows of their own."""
    body = "".join(f"<p>{Markup.escape(text)}</p>" for text in said.dated)
    nearby = [{"headline": one.title, "dek": one.text, "href": one.href} for one in teasers]
    story = {"headline": said.title, "body": "$1c", "published": said.report.published.isoformat()}
    rows = (
        '1:"$Sreact.fragment"\n7:I[38218,["185","static/chunks/app/page.js"],"default"]\n'
        f"1c:T{len(body.encode()):x},{body}"
        f'9:["$","main",null,{{"children":[["$","$L7",null,{_json({"story": story})}],'
        f'["$","$L7","more",{_json({"nearby": nearby})}]]}}]\n'
    )
    yield _as_script([0])
    while rows:
        size = rng.randint(900, 4_000)
        yield _as_script([1, rows[:size]])
        rows = rows[size:]


def _json_ld(said: Said, url: str, byline: str, teasers: Sequence[Teaser]) -> object:
    nearby = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "name": one.title} for one in teasers]}
    story = {
        "@type": "NewsArticle", "headline": said.title, "url": url, "articleBody": "\n\n".join(said.dated),
        "datePublished": said.report.published.isoformat(), "author": {"@type": "Person", "name": byline},
    }  # fmt: skip
    return {"@context": "https://schema.org", "@graph": [nearby, story]}


def _live_ld(said: Said, url: str) -> object:
    updates = [
        {"@type": "BlogPosting", "articleBody": text, "datePublished": said.report.published.isoformat()}
        for text in said.dated
    ]
    blog = {"@type": "LiveBlogPosting", "headline": said.title, "url": url, "liveBlogUpdate": updates}
    return {"@context": "https://schema.org", **blog, "datePublished": said.report.published.isoformat()}


def _as_script(value: object) -> Markup:
    return Markup(_json(value).replace("</", "<\\/"))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
