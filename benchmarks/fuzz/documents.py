"""Feeds, lists of feeds, sitemaps, pages and robots.txt as strangers might send them."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from random import Random

from benchmarks.fuzz.materials import CODECS, COSTLY, LONG, UNITS, broken, encoded, filled, odd, one_of, repeated, words

URL = "https://news.example/2026/03/ferry"
CONTENT_TYPES = (
    "text/html", "text/html; charset=utf-8", "application/rss+xml", "application/atom+xml; charset=iso-8859-1",
    "text/xml", "application/json", "application/octet-stream", "", "text/html; charset=",
    'text/html; charset="utf-8', "x",
)  # fmt: skip
_DATES = (
    "2026-03-02T08:00:00Z", "Mon, 02 Mar 2026 08:00:00 +0000", "2 de marzo de 2026", "March 2, 2026 8:00 a.m.",
    "1772438400", "9" * 400, "2026-13-45T99:99", "0000-00-00", "Mon, 99 Foo 99999999999 25:61:61 +9999", "-1",
    "1e999", "tomorrow", "02/03/26",
)  # fmt: skip


_FETCHED = 5_000_000  # bytes of a document, of which no more is fetched (`max_megabytes` in `[fetch]`)


def template(name: str) -> str:
    """The text of a template, with its fields as `‹name›`."""
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


RSS = template("rss.xml")
ATOM = template("atom.xml")
JSON_FEED = template("feed.json")
RDF = template("rdf.xml")
SITEMAP = template("sitemap.xml")
OPML = template("feeds.opml")
PAGE = template("page.html")
ROBOTS = template("robots.txt")

FEED_TEMPLATES: Mapping[str, str] = {"rss": RSS, "atom": ATOM, "json": JSON_FEED, "rdf": RDF}


_TAKEN_APART = {
    "title", "og title", "feed title", "h1", "headline", "author", "creator", "byline", "linked author", "date",
    "written date",
    "paragraph", "content",
}  # fmt: skip
_RIVALS = (
    {"title", "og title", "h1", "headline"}, {"author", "creator", "byline", "linked author"},
    {"date", "linked date", "written date", "time", "updated"}, {"summary", "content"},
)  # fmt: skip
"""Fields of which one is enough: what is not looked at while another is there, is where the others are empty."""
LONG_TEMPLATES: Mapping[str, str] = {"rss": RSS, "atom": ATOM, "rdf": RDF, "sitemap": SITEMAP, "page": PAGE}


def with_long_field(lot: Random, kind: str, name: str, value: str, *, alone: bool = False) -> tuple[bytes, str, str]:
    """An ordinary document of that kind but for one field, which is `alone` where nothing else says the same."""
    text = LONG_TEMPLATES[kind]
    rivals = {rival for group in _RIVALS if name in group for rival in group} if alone else set()
    fields = ordinary(lot, text) | {"codec": "utf-8"} | dict.fromkeys(rivals, "")
    for field, usual in fields.items():
        text = text.replace(f"‹{field}›", value if field == name else usual)
    return text.encode("utf-8", "replace"), URL, "text/html; charset=utf-8" if kind == "page" else "text/xml"


def long_field(lot: Random) -> tuple[str, tuple[bytes, str, str]]:
    """A kind of document, and one of it with a field of one unit over and over: every other time of a costly one."""
    kind = lot.choice(("rss", "atom", "page", "page", *LONG_TEMPLATES))
    names = names_in(LONG_TEMPLATES[kind])
    name = lot.choice((lot.choice(names), lot.choice([one for one in names if one in _TAKEN_APART])))
    value = repeated(
        lot.choice((lot.choice(UNITS), lot.choice(COSTLY))), lot.choice((4_000, 9_000, LONG, 150_000, 600_000))
    )
    return kind, with_long_field(lot, kind, name, value, alone=lot.random() < 0.5)


def names_in(template: str) -> tuple[str, ...]:
    """The fields of a template, each once."""
    return tuple(dict.fromkeys(piece.partition("›")[0] for piece in template.split("‹")[1:]))


def ordinary(lot: Random, template: str) -> dict[str, str]:
    """What usually stands in each field of the template."""
    by_name = {
        "codec": "utf-8" if lot.random() < 0.7 else lot.choice(CODECS),
        "language": lot.choice(("en", "es-MX", "x-", "")), "site": "https://news.example/",
        "link": f"https://news.example/{lot.randrange(999)}", "id": f"urn:{lot.randrange(9**9)}", "ttl": "60",
        "hour": "3", "number": str(lot.choice((7, -1, 10**400, 1e308))), "delay": lot.choice(("1", "1e9", "x")),
        "json": lot.choice(("null", "[[[]]]", '{"a": NaN}', "[" * 3_000, '"x"', "1e999")),
        "agent": lot.choice(("Storywatch", "*", "")), "permalink": lot.choice(("true", "html", "xhtml", "base64")),
        "base": lot.choice(("/", "https://n.example/", "http://[")),
    }  # fmt: skip
    for name in names_in(template):
        if name not in by_name:
            dated = "date" in name or name in {"updated", "time"}
            by_name[name] = (
                lot.choice(_DATES) if dated else words(lot, 40 if name in {"content", "paragraph", "body"} else 8)
            )
    return {name: by_name[name] for name in names_in(template)}


def document(lot: Random, template: str, most: int = 200_000) -> bytes:
    """A document after the template: fields odd here and there, bytes broken at times, rarely packed or very long."""
    text = filled(lot, template, ordinary(lot, template), most)
    if lot.random() < 0.06:
        at = text.find("<item", 1) if "<item" in text else len(text) // 2
        piece = text[at : at + lot.choice((20, 200, 900))]
        text = (
            text[:at]
            + piece * min(lot.choice((400_000, 3_000_000)) // max(len(piece), 1), lot.choice((50, 2_000, 40_000)))
            + text[at:]
        )
    whole = broken(lot, encoded(lot, text))[:_FETCHED]
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
