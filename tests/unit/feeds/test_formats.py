"""The same two notes in every dialect that is read, each link relative to where the document was found."""

import json
from datetime import UTC, datetime

import pytest

from worker.feeds import ParsedFeed, parse_feed

URL = "https://paper.example/section/feed"
FIRST = ("Ferry at noon – señal", "https://paper.example/notes/1?a=1&b=2", "The ferry leaves at noon.")
SECOND = ("Bridge & tunnel", "https://paper.example/notes/2", "The bridge is closed.")
TIMES = (datetime(2026, 11, 22, 10, 30, tzinfo=UTC), datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
RFC822 = ("Sun, 22 Nov 2026 11:30:00 +0100", "Sat, 21 Nov 2026 08:00:00 GMT")
ISO = ("2026-11-22T11:30:00+01:00", "2026-11-21T08:00:00Z")
LINKS = ("/notes/1?a=1&amp;b=2", "../notes/2")
TITLES = ("Ferry at noon – señal", "Bridge &amp; tunnel")


def items(form: str) -> str:
    """Both notes: `{t}` title, `{l}` link, `{s}` summary, `{m}` mail date, `{i}` ISO date, `{n}` number."""
    return "".join(
        form.format(t=TITLES[n], l=LINKS[n], s=(FIRST, SECOND)[n][2], m=RFC822[n], i=ISO[n], n=n + 1) for n in range(2)
    )


def rss(version: str, form: str, before: str = "", spaces: str = "") -> str:
    head = "<title>The Paper</title><link>https://paper.example/</link><description>Notes</description>"
    head += "<language>en-gb</language>"
    return f'{before}<rss version="{version}"{spaces}><channel>{head}{items(form)}</channel></rss>'


def rdf(space: str, form: str) -> str:
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="{space}"><channel rdf:about="https://paper.example/">'
        "<title>The Paper</title><link>https://paper.example/</link>"
        '<items><rdf:Seq><rdf:li rdf:resource="/notes/1"/></rdf:Seq></items></channel>'
        f"{items(form)}</rdf:RDF>"
    )


NETSCAPE = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss-0.91.dtd">'
PLAIN = "<item><title>{t}</title><link>{l}</link><description>{s}</description></item>"
DATED = PLAIN.replace("</item>", "<pubDate>{m}</pubDate></item>")
RDF_ITEM = '<item rdf:about="{l}"><title>{t}</title><link>{l}</link><description>{s}</description>'
NEWS = (
    "<url><loc>{l}</loc><n:news><n:publication><n:name>The Paper</n:name><n:language>en-gb</n:language></n:publication>"
    "<n:publication_date>{i}</n:publication_date><n:title>{t}</n:title></n:news></url>"
)
DOCUMENTS = {
    "rss090": rdf("http://my.netscape.com/rdf/simple/0.9/", "<item><title>{t}</title><link>{l}</link></item>"),
    "rss091n": rss("0.91", PLAIN, NETSCAPE),
    "rss091u": rss("0.91", PLAIN),
    "rss092": rss("0.92", PLAIN.replace("</item>", '<enclosure url="/{n}.mp3" length="9" type="audio/mpeg"/></item>')),
    "rss093": rss("0.93", DATED),
    "rss094": rss("0.94", DATED),
    "rss20": rss("2.0", DATED.replace("</item>", "<guid isPermaLink='false'>{n}</guid></item>")),
    "rss10": rdf("http://purl.org/rss/1.0/", RDF_ITEM + "<dc:date>{i}</dc:date><dc:creator>Jo</dc:creator></item>"),
    "atom03": '<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en-gb"><title>The Paper</title>'
    '<link rel="alternate" type="text/html" href="https://paper.example/"/>'
    + items(
        '<entry><title>{t}</title><link rel="alternate" type="text/html" href="{l}"/><id>{n}</id>'
        "<issued>{i}</issued><modified>{i}</modified><summary>{s}</summary></entry>"
    )
    + "</feed>",
    "atom10": '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb"><title>The Paper</title>'
    '<link href="https://paper.example/"/>'
    + items(
        '<entry><title>{t}</title><link href="{l}"/><id>{n}</id><published>{i}</published><updated>{i}</updated>'
        "<summary>{s}</summary></entry>"
    )
    + "</feed>",
    "cdf": '<CHANNEL HREF="https://paper.example/"><TITLE>The Paper</TITLE>'
    + items('<ITEM HREF="{l}" LASTMOD="{i}"><TITLE>{t}</TITLE><ABSTRACT>{s}</ABSTRACT></ITEM>')
    + "</CHANNEL>",
    "news-sitemap": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{items(NEWS)}</urlset>',
}  # fmt: skip
DATED_BY = {"cdf", "rss093", "rss094", "rss20", "rss10", "atom03", "atom10", "news-sitemap"}
WITHOUT_SUMMARY = {"rss090", "news-sitemap"}


def check(feed: ParsedFeed, name: str) -> None:
    assert feed.format == name.replace("rss091n", "rss091u"), "the DOCTYPE, which alone tells the two apart, is gone"
    assert feed.title == "The Paper"
    assert [(entry.title.replace("&amp;", "&"), entry.url) for entry in feed.entries] == [FIRST[:2], SECOND[:2]]
    if name not in WITHOUT_SUMMARY:
        assert [entry.summary for entry in feed.entries] == [FIRST[2], SECOND[2]]
    # dc:date may be either, and is taken for the later one.
    dates = tuple(entry.published or entry.updated for entry in feed.entries)
    assert dates == (TIMES if name in DATED_BY else (None, None))
    assert len({entry.id for entry in feed.entries}) == 2


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_dialect_says_the_same(name: str) -> None:
    check(parse_feed(DOCUMENTS[name].encode(), URL), name)


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-8-sig", "utf-16-be"])
def test_in_every_encoding(name: str, encoding: str) -> None:
    body = DOCUMENTS[name].removeprefix('<?xml version="1.0"?>')
    declaration = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    check(parse_feed((declaration + body).encode(encoding), URL), name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_under_any_content_type(name: str) -> None:
    for content_type in ("text/html; charset=utf-8", "application/json", "text/plain; charset=us-ascii", "image/png"):
        check(parse_feed(DOCUMENTS[name].encode(), URL, content_type), name)


@pytest.mark.parametrize("version", ["1", "1.1"])
def test_a_json_feed_says_the_same(version: str) -> None:
    stated = zip((FIRST, SECOND), LINKS, ISO, strict=True)
    notes = [
        {"id": link, "url": link.replace("&amp;", "&"), "title": note[0], "summary": note[2], "date_published": date}
        for note, link, date in stated
    ]
    document = {"version": f"https://jsonfeed.org/version/{version}", "title": "The Paper", "items": notes}
    feed = parse_feed(json.dumps(document, ensure_ascii=False).encode(), URL)
    assert [(entry.title, entry.url, entry.summary) for entry in feed.entries] == [FIRST, SECOND]
    assert tuple(entry.published for entry in feed.entries) == TIMES
    assert feed.format == ("json11" if version == "1.1" else "json10")
