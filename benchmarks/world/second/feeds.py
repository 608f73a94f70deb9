"""Dialects of the second hand's feeds: what blog systems, aggregators and editors' habits make of an entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from benchmarks.world.feeds import JSON, XML, Channel, Item, Kinds

_NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)
_READ_ON = {"en": "Continue reading", "es": "Seguir leyendo"}
_SECTIONS = {"en": ("POLITICS", "Local News", "Crime", "U.S."), "es": ("NACIONAL", "Local", "Seguridad", "Mundo")}
_DESKS = {
    "en": ("NOGALES, Ariz. —", "SAN DIEGO (KTWL) -", "STAFF REPORT |"),
    "es": ("REDACCIÓN |", "Tijuana, B.C.-", "Ciudad de México /"),
}
_CUT = 230  # characters
_SHOWN = 4  # related links


def rss_encoded(channel: Channel, items: Sequence[Item]) -> str:
    """All of the text with what the blog system and its plugins hang on: a picture, a box, where it appeared first."""
    return _rss(channel, [_item(item, _described(_excerpt(channel, item)) + _encoded(channel, item)) for item in items])


def _encoded(channel: Channel, item: Item) -> str:
    picture = (
        f'<figure class="wp-block-image size-large"><img src="{channel.home}/wp-content/uploads/p.jpg" alt="" />'
        f'<figcaption class="wp-element-caption">{escape(item.caption)}</figcaption></figure>'
    )
    letter = f'<div class="wp-block-group has-background"><p><strong>{escape(item.notice)}</strong></p></div>'
    first = escape(item.appeared).replace("{post}", _link(item.page, item.title))
    return f"<content:encoded>{_cdata(f'{picture}{item.html}{letter}<p>{first}</p>')}</content:encoded>"


def _excerpt(channel: Channel, item: Item) -> str:
    more = f'<p class="link-more"><a href="{escape(item.page)}" class="more-link">{_READ_ON[channel.language]}</a></p>'
    return f"<p>{escape(item.summary)} &hellip; </p>{more}"


def rss_pixel(channel: Channel, items: Sequence[Item]) -> str:
    """A summary between a picture and links to share it, and a picture of one pixel that counts who reads it."""
    shares = "".join(
        f'<a href="https://share.example/{name}?u={{0}}" title="{name}">'
        f'<img src="https://share.example/{name}.png" border="0" /></a>&nbsp;'
        for name in ("Facebook", "X", "WhatsApp", "Email")
    )
    pixel = '<img src="https://count.example/p?i={0}" width="1" height="1" alt="" style="display:none" />'
    return _rss(channel, [
        _item(item, _described(
            f'<img src="{channel.home}/t.jpg" align="left" hspace="5" />{escape(item.summary)}<br clear="all" />'
            f'<div class="feedflare">{shares.format(item.guid)}</div>{pixel.format(item.guid)}'
        ))
        for item in items
    ])  # fmt: skip


def rss_cut(channel: Channel, items: Sequence[Item]) -> str:
    """The beginning of the text, cut at so many characters wherever that is."""
    return _rss(channel, [_item(item, _described(escape(_begin(item)))) for item in items])


def _begin(item: Item) -> str:
    text = " ".join(item.paragraphs)
    return f"{text[:_CUT]} [...]" if len(text) > _CUT else text


def media_only(channel: Channel, items: Sequence[Item]) -> str:
    """No description but that of a group of pictures."""
    return _rss(channel, [
        _item(item, f'<media:group><media:content url="{channel.home}/v.mp4" medium="video" duration="74"/>'
              f'<media:title type="plain">{_text(item.title)}</media:title><media:credit role="author">'
              f'{_text(item.byline)}</media:credit><media:description type="plain">{_text(item.summary)}'
              "</media:description></media:group>")
        for item in items
    ])  # fmt: skip


def burner(channel: Channel, items: Sequence[Item]) -> str:
    """Links that lead over a counter; where to is said apart."""
    return _rss(channel, [
        _item(item, _described(escape(item.summary))
              + f"<feedburner:origLink>{escape(item.page)}</feedburner:origLink>")
        for item in items
    ])  # fmt: skip


def rss_links(channel: Channel, items: Sequence[Item]) -> str:
    """An aggregator's entry: its description is a list of links, to itself and to others."""
    return _rss(channel, [
        _item(item, _described("<ol>" + "".join(
            f'<li>{_link(one.link, one.title)}&nbsp;&nbsp;<font color="#6f6f6f">{escape(channel.name)}</font></li>'
            for one in (item, *_others(items, place))
        ) + "</ol>") + f'<source url="{channel.home}">{_text(channel.name)}</source>')
        for place, item in enumerate(items)
    ])  # fmt: skip


def _others(items: Sequence[Item], place: int) -> list[Item]:
    return [items[(place + step) % len(items)] for step in range(1, min(_SHOWN, len(items)))]


def rss_section(channel: Channel, items: Sequence[Item]) -> str:
    """Headlines behind the name of their section."""
    names = _SECTIONS[channel.language]
    return _rss(channel, [
        _item(item, f"<category>{names[place % len(names)]}</category>" + _described(f"<p>{escape(item.summary)}</p>"),
              title=f"{names[place % len(names)]}{(': ', ' | ')[place % 2]}{item.title}")
        for place, item in enumerate(items)
    ])  # fmt: skip


def rss_desk(channel: Channel, items: Sequence[Item]) -> str:
    """Every entry opens with a place or with the desk, whatever it is about."""
    desks = _DESKS[channel.language]
    desk = desks[len(channel.name) % len(desks)]
    return _rss(channel, [_item(item, _described(f"{desk} {escape(item.summary)}")) for item in items])


def rss_guid(channel: Channel, items: Sequence[Item]) -> str:
    """No link: the entry's name is its address."""
    return _rss(channel, [
        f'<item><guid isPermaLink="true">{escape(item.page)}</guid><title>{_text(item.title)}</title>'
        f"<pubDate>{format_datetime(item.published)}</pubDate>{_described(escape(item.summary))}</item>\n"
        for item in items
    ])  # fmt: skip


def atom_div(channel: Channel, items: Sequence[Item]) -> str:
    """All of the text as elements, under a prefix of their own."""
    entries = "".join(
        f'<entry xml:lang="{channel.language}"><title type="text">{_text(item.title)}</title>'
        f'<link rel="alternate" type="text/html" href="{escape(item.page)}"/>'
        f'<link rel="replies" href="{channel.home}/c"/>'
        f"<id>tag:blogger.example,1999:blog-8.post-{item.guid}</id><published>{item.published.isoformat()}</published>"
        f"<updated>{item.updated.isoformat()}</updated><author><name>{_text(item.byline)}</name></author>"
        f'<content type="xhtml"><xh:div>{_xhtml(item)}<xh:hr/></xh:div></content></entry>\n'
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{channel.charset}"?>\n<feed xmlns="http://www.w3.org/2005/Atom"'
        f' xmlns:xh="http://www.w3.org/1999/xhtml"><title>{_text(channel.name)}</title><id>{channel.home}/</id>'
        f'<link rel="self" href="{channel.home}/feed"/>{entries}</feed>'
    )


def _xhtml(item: Item) -> str:
    return "".join(f"<xh:p>{_text(paragraph)}</xh:p>" for paragraph in item.paragraphs)


def json_plain(channel: Channel, items: Sequence[Item]) -> str:
    """All of the text as plain text, with empty lines between its paragraphs."""
    rows = [
        {
            "id": item.page, "url": item.page, "title": item.title, "content_text": "\n\n".join(item.paragraphs),
            "date_published": item.published.isoformat(), "tags": ["news"],
        }
        for item in items
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": channel.name, "language": channel.language}
    return json.dumps({**feed, "feed_url": f"{channel.home}/feed", "items": rows}, ensure_ascii=False, indent=1)


def news_sitemap(channel: Channel, items: Sequence[Item]) -> str:
    """A sitemap for search engines, with pictures, and with a prefix where others have none."""
    rows = "".join(
        f"<sm:url>\n<sm:loc>{escape(item.page)}</sm:loc>\n<sm:lastmod>{item.updated.isoformat()}</sm:lastmod>\n"
        f"<image:image><image:loc>{channel.home}/p.jpg</image:loc><image:caption>{_cdata(item.caption)}</image:caption>"
        f"</image:image>\n<news:news><news:publication><news:name>{_text(channel.name)}</news:name>"
        f"<news:language>{channel.language}</news:language></news:publication><news:publication_date>"
        f"{item.published:%Y-%m-%dT%H:%M:%SZ}</news:publication_date><news:title>{_cdata(item.title)}</news:title>"
        f"<news:keywords>news, local</news:keywords></news:news>\n</sm:url>\n"
        for item in items
    )
    names = (
        'xmlns:sm="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    )
    head = f'<?xml version="1.0" encoding="{channel.charset}"?>\n<?xml-stylesheet type="text/xsl" href="/s.xsl"?>\n'
    return f"{head}<sm:urlset {names}>{rows}</sm:urlset>"


def _rss(channel: Channel, entries: Sequence[str]) -> str:
    return (
        f'<?xml version="1.0" encoding="{channel.charset}"?><rss version="2.0"\n\t{_NAMES}\n\t>\n<channel>\n'
        f"\t<title>{_text(channel.name)}</title>\n"
        f'\t<atom:link href="{channel.home}/feed" rel="self" type="application/rss+xml" />\n'
        f"\t<link>{channel.home}</link>\n\t<description></description>\n\t<language>{channel.language}</language>\n"
        "\t<sy:updatePeriod>hourly</sy:updatePeriod>\n\t<generator>https://wordpress.org/?v=6.8.1</generator>\n"
        f"{''.join(entries)}</channel>\n</rss>\n"
    )


def _item(item: Item, body: str, *, title: str | None = None) -> str:
    said = item.title if title is None else title
    return (
        f"\t<item>\n\t\t<title>{_text(said)}</title>\n\t\t<link>{escape(item.link)}</link>\n"
        f"\t\t<dc:creator>{_cdata(item.byline)}</dc:creator>\n\t\t<pubDate>{format_datetime(item.published)}</pubDate>\n"
        f'\t\t<guid isPermaLink="false">{escape(item.guid)}</guid>{body}\n\t</item>\n'
    )


def _described(html: str) -> str:
    return f"<description>{_cdata(html)}</description>"


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def _link(href: str, text: str) -> str:
    return f'<a href="{escape(href)}" target="_blank">{escape(text)}</a>'


def _text(text: str) -> str:
    return escape(text, quote=False)


SECOND_KINDS: Kinds = {
    "rss_encoded": ("application/rss+xml", rss_encoded), "rss_pixel": (XML, rss_pixel),
    "rss_cut": ("text/xml", rss_cut), "atom_div": ("application/atom+xml", atom_div),
    "media_only": (XML, media_only), "burner": ("text/xml", burner),
    "news_sitemap": (XML, news_sitemap), "rss_links": (XML, rss_links), "rss_section": (XML, rss_section),
    "json_plain": (JSON, json_plain), "rss_desk": ("application/rss+xml", rss_desk), "rss_guid": (XML, rss_guid),
}  # fmt: skip
