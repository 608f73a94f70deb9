"""Feeds, lists of feeds, sitemaps, pages and robots.txt as strangers might send them."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from random import Random

from benchmarks.fuzz.materials import CODECS, LONG, UNITS, broken, encoded, filled, odd, one_of, repeated, words

URL = "https://news.example/2026/03/ferry"
CONTENT_TYPES = (
    "text/html", "text/html; charset=utf-8", "application/rss+xml", "application/atom+xml; charset=iso-8859-1", "text/xml",
    "application/json", "application/octet-stream", "", "text/html; charset=", 'text/html; charset="utf-8', "x",
)  # fmt: skip
_DATES = (
    "2026-03-02T08:00:00Z", "Mon, 02 Mar 2026 08:00:00 +0000", "2 de marzo de 2026", "March 2, 2026 8:00 a.m.", "1772438400",
    "9" * 400, "2026-13-45T99:99", "0000-00-00", "Mon, 99 Foo 99999999999 25:61:61 +9999", "-1", "1e999", "tomorrow", "02/03/26",
)  # fmt: skip

RSS = """<?xml version="1.0" encoding="‹codec›"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>‹feed title›</title><link>‹site›</link>
<description>‹description›</description><language>‹language›</language><ttl>‹ttl›</ttl><sy:updateFrequency>‹frequency›</sy:updateFrequency>
<skipHours><hour>‹hour›</hour></skipHours><item><title>‹title›</title><link>‹link›</link><guid isPermaLink="‹permalink›">‹id›</guid>
<pubDate>‹date›</pubDate><author>‹author›</author><dc:creator>‹creator›</dc:creator><category domain="‹domain›">‹category›</category>
<description>‹summary›</description><content:encoded><![CDATA[‹content›]]></content:encoded><media:content url="‹media›"/>
<source url="‹source link›">‹source›</source><enclosure url="‹enclosure›" length="‹length›" type="audio/mpeg"/><comments>‹comments›</comments>
</item></channel></rss>"""
ATOM = """<?xml version="1.0" encoding="‹codec›"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="‹site›" xml:lang="‹language›">
<title type="html">‹feed title›</title><id>‹feed id›</id><updated>‹updated›</updated><link href="‹site›" rel="‹domain›"/>
<entry><title type="‹permalink›">‹title›</title><id>‹id›</id><link rel="alternate" href="‹link›"/><published>‹date›</published>
<updated>‹updated›</updated><author><name>‹author›</name><email>‹creator›</email><uri>‹source link›</uri></author>
<category term="‹category›"/><summary type="html">‹summary›</summary><content type="html">‹content›</content>
<source><title>‹source›</title></source></entry></feed>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "‹feed title›", "home_page_url": "‹site›", "language": "‹language›",
"items": [{"id": "‹id›", "url": "‹link›", "title": "‹title›", "content_html": "‹content›", "content_text": "‹summary›",
"date_published": "‹date›", "date_modified": "‹updated›", "authors": [{"name": "‹author›"}], "tags": ["‹category›"]},
{"id": ‹number›, "url": null, "authors": ‹json›}]}"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="‹site›"><title>‹feed title›</title><link>‹site›</link></channel>
<item rdf:about="‹id›"><title>‹title›</title><link>‹link›</link><dc:date>‹date›</dc:date><dc:creator>‹author›</dc:creator>
<description>‹summary›</description></item></rdf:RDF>"""
SITEMAP = """<?xml version="1.0" encoding="‹codec›"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>‹link›</loc><lastmod>‹updated›</lastmod><news:news>
<news:publication><news:name>‹feed title›</news:name><news:language>‹language›</news:language></news:publication>
<news:publication_date>‹date›</news:publication_date><news:title>‹title›</news:title><news:keywords>‹category›</news:keywords>
</news:news></url></urlset>"""
OPML = """<?xml version="1.0" encoding="‹codec›"?><opml version="2.0"><head><title>‹feed title›</title></head><body>
<outline text="‹category›"><outline type="rss" text="‹title›" title="‹title›" xmlUrl="‹link›" htmlUrl="‹site›" language="‹language›"/>
<outline text="‹summary›" xmlUrl="‹source link›"/></outline></body></opml>"""
PAGE = """<!doctype html><html lang="‹language›"><head><meta charset="‹codec›"><title>‹title›</title><base href="‹base›">
<meta property="og:title" content="‹og title›"><meta property="og:site_name" content="‹site name›"><meta name="author" content="‹author›">
<meta name="description" content="‹description›"><meta property="article:published_time" content="‹date›"><link rel="canonical" href="‹canonical›">
<meta name="keywords" content="‹keywords›"><meta property="article:modified_time" content="‹updated›">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "‹headline›", "datePublished": "‹linked date›",
"author": [{"name": "‹linked author›"}], "articleBody": "‹body›", "articleSection": "‹section›", "publisher": {"name": "‹publisher›"}}</script>
<style>‹style›</style></head><body class="‹class›"><nav><a href="/">‹menu›</a></nav><article id="‹element id›"><h1>‹h1›</h1><h2>‹h2›</h2>
<p class="byline">‹byline›</p><time datetime="‹time›">‹written date›</time><figure><img src="a.jpg" alt="‹alt›"><figcaption>‹caption›</figcaption></figure>
<p>‹paragraph›</p><p>The ferry sails again on Monday, the harbour office said, after a week of storms that had closed the quay.</p>
<blockquote>‹quote›</blockquote><ul><li>‹list›</li></ul><p>‹last paragraph› <a href="‹link›">‹link text›</a></p><table><tr><td>‹cell›</td></tr></table>
</article><aside>‹aside›</aside><script>self.__next_f.push([1, "‹script›"])</script><script id="__NEXT_DATA__" type="application/json">{"a": "‹data›"}</script>
<noscript>‹noscript›</noscript><footer>‹footer›</footer></body></html>"""
ROBOTS = """User-agent: ‹agent›
Disallow: ‹rule›
Allow: ‹allowed›
Crawl-delay: ‹delay›
Sitemap: ‹link›
User-agent: *
Disallow: ‹other rule›
"""

FEED_TEMPLATES: Mapping[str, str] = {"rss": RSS, "atom": ATOM, "json": JSON_FEED, "rdf": RDF}


LONG_TEMPLATES: Mapping[str, str] = {"rss": RSS, "atom": ATOM, "rdf": RDF, "sitemap": SITEMAP, "page": PAGE}


def with_long_field(lot: Random, kind: str, name: str, value: str) -> tuple[bytes, str, str]:
    """An ordinary document of that kind but for one field."""
    template = LONG_TEMPLATES[kind]
    fields = ordinary(lot, template) | {"codec": "utf-8"}
    for field, usual in fields.items():
        template = template.replace(f"‹{field}›", value if field == name else usual)
    return template.encode("utf-8", "replace"), URL, "text/html; charset=utf-8" if kind == "page" else "text/xml"


def long_field(lot: Random) -> tuple[str, tuple[bytes, str, str]]:
    """A kind of document, and one of it with a field of one unit over and over."""
    kind = lot.choice(("rss", "atom", "page", "page", *LONG_TEMPLATES))
    value = repeated(lot.choice(UNITS), lot.choice((9_000, LONG, 150_000, 600_000)))
    return kind, with_long_field(lot, kind, lot.choice(names_in(LONG_TEMPLATES[kind])), value)


def names_in(template: str) -> tuple[str, ...]:
    """The fields of a template, each once."""
    return tuple(dict.fromkeys(piece.partition("›")[0] for piece in template.split("‹")[1:]))


def ordinary(lot: Random, template: str) -> dict[str, str]:
    """What usually stands in each field of the template."""
    by_name = {
        "codec": "utf-8" if lot.random() < 0.7 else lot.choice(CODECS), "language": lot.choice(("en", "es-MX", "x-", "")),
        "site": "https://news.example/", "link": f"https://news.example/{lot.randrange(999)}", "id": f"urn:{lot.randrange(9**9)}",
        "ttl": "60", "hour": "3", "number": str(lot.choice((7, -1, 10**400, 1e308))), "delay": lot.choice(("1", "1e9", "x")),
        "json": lot.choice(("null", "[[[]]]", '{"a": NaN}', "[" * 3_000, '"x"', "1e999")), "agent": lot.choice(("Storywatch", "*", "")),
        "permalink": lot.choice(("true", "html", "xhtml", "base64")), "base": lot.choice(("/", "https://n.example/", "http://[")),
    }  # fmt: skip
    for name in names_in(template):
        if name not in by_name:
            dated = "date" in name or name in {"updated", "time"}
            by_name[name] = lot.choice(_DATES) if dated else words(lot, 40 if name in {"content", "paragraph", "body"} else 8)
    return {name: by_name[name] for name in names_in(template)}


def document(lot: Random, template: str, most: int = 200_000) -> bytes:
    """A document after the template: fields odd here and there, bytes broken at times, rarely packed or very long."""
    text = filled(lot, template, ordinary(lot, template), most)
    if lot.random() < 0.06:
        at = text.find("<item", 1) if "<item" in text else len(text) // 2
        piece = text[at : at + lot.choice((20, 200, 900))]
        text = text[:at] + piece * min(lot.choice((400_000, 3_000_000)) // max(len(piece), 1), lot.choice((50, 2_000, 40_000))) + text[at:]
    whole = broken(lot, encoded(lot, text))
    if lot.random() < 0.03:
        whole = broken(lot, gzip.compress(whole, mtime=0), share=0.7)
    return whole


def feed(lot: Random) -> tuple[bytes, str, str]:
    """A feed's bytes, the address it came from, its Content-Type."""
    made = document(lot, lot.choice(tuple(FEED_TEMPLATES.values())))
    return made, one_of(lot, ("https://news.example/feed", "", "http://[", "not an address")), content_type(lot)


def page(lot: Random) -> tuple[bytes, str, str]:
    """A page's bytes, its address, its Content-Type."""
    made = document(lot, PAGE) if lot.random() < 0.97 else encoded(lot, odd(lot, 400_000))
    return made, one_of(lot, (URL, "https://news.example/", "", "http://["), 500), content_type(lot)


def content_type(lot: Random) -> str:
    """What a server says of a document."""
    if lot.random() < 0.4:
        return f"text/html; charset={lot.choice(CODECS)}"
    return one_of(lot, CONTENT_TYPES, 300)
