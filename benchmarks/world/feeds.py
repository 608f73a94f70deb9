"""What outlets' feeds say, in every dialect and bad habit that feeds have."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

XML, JSON = "application/xml", "application/feed+json"
_CENTRAL = timezone(timedelta(hours=-6))


@dataclass(frozen=True, slots=True)
class Item:
    """An entry before any dialect: `link` is where the feed points, `guid` what it calls the entry.

    `page` is where the report stands, `notice` a line of the outlet's own, `appeared` the one that says where the
    report {post} was first.
    """

    guid: str
    link: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    byline: str
    published: datetime
    updated: datetime
    caption: str = ""
    page: str = ""
    notice: str = ""
    appeared: str = ""

    @property
    def html(self) -> str:
        return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed's own facts; `charset` is the one that it declares."""

    name: str
    home: str
    language: str
    charset: str = "utf-8"


Kinds = Mapping[str, tuple[str, Callable[[Channel, Sequence[Item]], str]]]
"""By the kind of a feed: its content type and who renders it."""


def render_feed(kind: str, channel: Channel, items: Sequence[Item], more: Kinds | None = None) -> tuple[str, str]:
    """Return content type and text of the feed; `more` are kinds besides those in here."""
    content_type, render = {**KINDS, **(more or {})}[kind]
    return content_type, render(channel, items)


def _rss(channel: Channel, entries: Sequence[str], more: str = "") -> str:
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
    head = f"<title>{escape(channel.name)}</title><link>{channel.home}/</link><language>{channel.language}</language>"
    return (
        f'<?xml version="1.0" encoding="{channel.charset}"?>\n<rss version="2.0" {names}><channel>{head}'
        f"<description>{escape(channel.name)}</description>{more}{''.join(entries)}</channel></rss>"
    )


def _entry(
    item: Item, *, title: str | None = None, date: str | None = None, body: str = "", link: str | None = None
) -> str:
    said = escape(item.title, quote=False) if title is None else title
    named = f"<title>{said}</title>" if said else ""
    return (
        f"<item>{named}<link>{escape(item.link if link is None else link)}</link>"
        f'<guid isPermaLink="false">{escape(item.guid)}</guid>'
        f"<pubDate>{date or format_datetime(item.published)}</pubDate>{body}</item>\n"
    )


def _summary(item: Item) -> str:
    return f"<description>{escape(escape(item.summary, quote=False), quote=False)}</description>"


def rss(channel: Channel, items: Sequence[Item]) -> str:
    return _rss(channel, [_entry(item, body=_summary(item)) for item in items])


def rss_full(channel: Channel, items: Sequence[Item]) -> str:
    """The whole text in content:encoded, with a line of the blog system below it."""
    tail = "<p>The post <a href='{0}'>{1}</a> appeared first on {2}.</p>"
    return _rss(channel, [
        _entry(item, body=_summary(item) + "<content:encoded><![CDATA["
               + item.html + tail.format(item.link, escape(item.title), escape(channel.name)) + "]]></content:encoded>")
        for item in items
    ])  # fmt: skip


def rss_bare(channel: Channel, items: Sequence[Item]) -> str:
    return _rss(channel, [_entry(item) for item in items])


def rss_captions(channel: Channel, items: Sequence[Item]) -> str:
    """A picture with its caption after the summary."""
    picture = '<media:content url="{0}/p.jpg" medium="image"><media:description>{1}</media:description></media:content>'
    return _rss(channel, [
        _entry(item, body=_summary(item) + picture.format(channel.home, escape(item.caption))) for item in items
    ])  # fmt: skip


def rss_odd(channel: Channel, items: Sequence[Item]) -> str:
    """Raw ampersands in headlines, and dates in whatever form the server had."""
    return _rss(channel, [
        _entry(item, title=item.title.replace("<", "&lt;"), date=ODD_DATES[place % len(ODD_DATES)](item.published),
               body=_summary(item))
        for place, item in enumerate(items)
    ])  # fmt: skip


def relative(channel: Channel, items: Sequence[Item]) -> str:
    """Links without the host."""
    return _rss(
        channel, [_entry(item, link=item.link.removeprefix(channel.home), body=_summary(item)) for item in items]
    )


def posts(channel: Channel, items: Sequence[Item]) -> str:
    """Entries without a title; the text is the description."""
    return _rss(channel, [
        _entry(item, title="", body=f"<description>{escape(item.html)}</description>") for item in items
    ])  # fmt: skip


def rss_excerpt(channel: Channel, items: Sequence[Item]) -> str:
    """What a blog system cuts off, with where to read on and where it appeared first."""
    begins = "<p>{0} [&#8230;]</p><p><a class='more-link' href='{1}'>Continue reading</a></p>"
    whole = f"<description><![CDATA[{begins}<p>The post {{2}} appeared first on {{3}}.</p>]]></description>"
    return _rss(channel, [
        _entry(item, body=whole.format(escape(item.summary), item.link, escape(item.title), escape(channel.name)))
        for item in items
    ])  # fmt: skip


def rss_marked(channel: Channel, items: Sequence[Item]) -> str:
    """Headlines with the outlet's name behind them, in a section of their own, and a link to comments."""
    return _rss(channel, [
        _entry(item, title=f"<![CDATA[ {item.title} - {channel.name} ]]>",
               body=f"{_summary(item)}<comments>{escape(item.link)}#respond</comments>")
        for item in items
    ])  # fmt: skip


def rss_dirty(channel: Channel, items: Sequence[Item]) -> str:
    """What a hand-made program writes: blank lines before the declaration, entities that XML does not know."""
    named = (
        ("á", "&aacute;"),
        ("é", "&eacute;"),
        ("í", "&iacute;"),
        ("ó", "&oacute;"),
        ("ñ", "&ntilde;"),
        ("–", "&ndash;"),
    )
    text = _rss(channel, [_entry(item, body=_summary(item)) for item in items])
    for letter, entity in named:
        text = text.replace(letter, entity)
    return f"\n\n{text}"


def _atom(channel: Channel, items: Sequence[Item], body: Callable[[Item], str]) -> str:
    entries = "".join(
        f"<entry><id>tag:{item.guid}</id><title>{escape(item.title, quote=False)}</title>"
        f'<link href="{escape(item.link)}"/>'
        f"<published>{item.published.isoformat()}</published><updated>{item.updated.isoformat()}</updated>"
        f"<author><name>{escape(item.byline)}</name></author>{body(item)}</entry>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{channel.charset}"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f'<title>{escape(channel.name)}</title><id>{channel.home}/</id><link href="{channel.home}/"/>{entries}</feed>'
    )


def atom(channel: Channel, items: Sequence[Item]) -> str:
    return _atom(channel, items, lambda item: f"<summary>{escape(item.summary, quote=False)}</summary>")


def atom_full(channel: Channel, items: Sequence[Item]) -> str:
    return _atom(channel, items, lambda item: f'<content type="html">{escape(item.html)}</content>')


def atom_xhtml(channel: Channel, items: Sequence[Item]) -> str:
    """The beginning as elements of the page, not as text."""
    div = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{0}</p></div></content>'
    return _atom(channel, items, lambda item: div.format(escape(item.summary, quote=False)))


def json_text(channel: Channel, items: Sequence[Item]) -> str:
    """The older version: plain text, one author as an object, numbers for ids."""
    rows = [
        {
            "id": int(item.guid.rpartition("r")[2]), "url": item.link, "title": item.title,
            "content_text": item.summary, "date_published": item.published.isoformat(), "author": {"name": item.byline},
        }
        for item in items
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1", "title": channel.name, "home_page_url": channel.home}
    return json.dumps({**feed, "items": rows}, ensure_ascii=False)


def json_feed(channel: Channel, items: Sequence[Item]) -> str:
    rows = [
        {
            "id": item.guid, "url": item.link, "title": item.title, "content_html": f"<p>{escape(item.summary)}</p>",
            "date_published": item.published.isoformat(), "date_modified": item.updated.isoformat(),
            "authors": [{"name": item.byline}],
        }
        for item in items
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": channel.name, "home_page_url": channel.home}
    return json.dumps({**feed, "items": rows}, ensure_ascii=False)


def sitemap(channel: Channel, items: Sequence[Item]) -> str:
    """A news sitemap: nothing but addresses, headlines and dates."""
    rows = "".join(
        f"<url><loc>{escape(item.link)}</loc><news:news><news:publication><news:name>{escape(channel.name)}</news:name>"
        f"<news:language>{channel.language}</news:language></news:publication>"
        f"<news:publication_date>{item.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(item.title, quote=False)}</news:title></news:news></url>\n"
        for item in items
    )
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0" encoding="{channel.charset}"?>\n<urlset {names}>{rows}</urlset>'


def rdf(channel: Channel, items: Sequence[Item]) -> str:
    rows = "".join(
        f'<item rdf:about="{escape(item.link)}"><title>{escape(item.title, quote=False)}</title>'
        f"<link>{escape(item.link)}</link><description>{escape(item.summary, quote=False)}</description>"
        f"<dc:date>{item.published.isoformat()}</dc:date><dc:creator>{escape(item.byline)}</dc:creator></item>\n"
        for item in items
    )
    names = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return (
        f'<?xml version="1.0" encoding="{channel.charset}"?>\n<rdf:RDF {names}><channel rdf:about="{channel.home}/">'
        f"<title>{escape(channel.name)}</title><link>{channel.home}/</link></channel>{rows}</rdf:RDF>"
    )


ODD_DATES: tuple[Callable[[datetime], str], ...] = (
    lambda at: at.astimezone(_CENTRAL).strftime("%a, %d %b %Y %H:%M:%S CST"),
    lambda at: at.strftime("%Y-%m-%d %H:%M:%S UTC"),
    lambda at: at.strftime("%A, %B %d, %Y - %H:%M"),
    lambda at: at.strftime("%a, %d %b %Y %H:%M:%S GMT+0000"),
)

KINDS: Kinds = {
    "rss": ("application/rss+xml", rss), "rss_full": (XML, rss_full), "rss_bare": (XML, rss_bare),
    "rss_captions": (XML, rss_captions), "rss_odd": (XML, rss_odd), "relative": (XML, relative), "posts": (XML, posts),
    "redirector": (XML, rss), "atom": ("application/atom+xml", atom), "atom_full": (XML, atom_full),
    "rss_excerpt": (XML, rss_excerpt), "rss_marked": (XML, rss_marked), "rss_dirty": (XML, rss_dirty),
    "json_text": ("application/json", json_text), "atom_xhtml": ("application/atom+xml", atom_xhtml),
    "json": (JSON, json_feed), "sitemap": (XML, sitemap), "rdf": (XML, rdf),
}  # fmt: skip
"""A redirector is RSS whose links lead over a page that counts clicks."""
