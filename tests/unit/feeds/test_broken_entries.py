"""One entry broken in one way among others that are not: those are read as if it were whole."""

import pytest

from worker.feeds import FeedEntry, parse_feed
from worker.feeds.pieces import is_well_formed, take_apart

URL = "https://paper.example/feed.xml"

RSS = (
    '<rss version="2.0" xml:base="https://paper.example/"><channel><title>The Paper</title><ttl>90</ttl>{}'
    "</channel></rss>",
    "<item><title><![CDATA[Note {0}]]></title><link>?a=1&amp;n={0}</link><guid isPermaLink='false'>id-{0}</guid>"
    "<!-- a remark --><description><![CDATA[Text <b>{0}</b>]]></description></item>",
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Paper</title>{}</feed>',
    '<entry><title type="html"><![CDATA[Note {0}]]></title><link href="https://paper.example/?a=1&#038;n={0}"/>'
    '<id>id-{0}</id><!-- a remark --><summary type="html"><![CDATA[Text <b>{0}</b>]]></summary></entry>',
)
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="https://paper.example/"><title>The Paper</title></channel>{}</rdf:RDF>',
    '<item rdf:about="id-{0}"><title><![CDATA[Note {0}]]></title><link>https://paper.example/?a=1&#038;n={0}</link>'
    "<!-- a remark --><description><![CDATA[Text <b>{0}</b>]]></description></item>",
)
WAYS = {
    "a CDATA section without its end": ("]]>", ""),
    "a CDATA section in a CDATA section": ("<![CDATA[", "<![CDATA[ a <![CDATA[ b ]]> "),
    "a comment without its end": ("-->", ""),
    "a title without its end": ("</title>", ""),
    "a title that ends as something else": ("</title>", "</titel>"),
    "an entry without its end": ("</item>", ""),
    "an entry that breaks off in a tag": ("</title>", "</tit"),
    "an attribute without its end": ("<title", '<title a="b'),
    "an attribute without quotes": ("<title", "<title a=b"),
    "a bracket": ("Note", "a < b <3"),
    "an ampersand": ("Note", "R&D & &nosuch; &#xD800; &#99999999;"),
    "a DOCTYPE": ("<!-- a", "<!DOCTYPE html><!-- a"),
    "an XML declaration": ("<!-- a", '<?xml version="1.0"?><!-- a'),
    "an instruction without its end": ("<!-- a", "<?php <!-- a"),
    "a declaration": ("<!-- a", "<!ELEMENT a><![if x]><!-- a"),
    "crossed elements": ("<!-- a", "<b><i>x</b></i><!-- a"),
    "a prefix that nobody declared": ("<!-- a", "<zz:thing zz:a='1'/><!-- a"),
    "the feed's own end": ("<!-- a", "</channel></rss></feed><!-- a"),
    "an entry in the entry": ("<!-- a", "<item><entry><!-- a"),
    "a huge attribute": ("<title", f'<title a="{"x" * 200_000}"'),
    "elements without end": ("<!-- a", "<b>" * 2_000 + "<!-- a"),
    "bytes of another encoding": ("Note", "Ni\udcf1o \udc92"),
}


def broken(kind: tuple[str, str], way: tuple[str, str]) -> bytes:
    """Six entries, the third broken in its first place that can be broken so."""
    frame, entry = kind
    entries = [entry.format(number) for number in range(6)]
    old, new = way
    if old not in entries[2]:
        old = old.replace("item", "entry")
    assert old in entries[2]
    entries[2] = entries[2].replace(old, new, 1)
    return frame.replace("{}", "ñ\n".join(entries)).encode("utf-8", "surrogateescape")


def whole(kind: tuple[str, str]) -> tuple[FeedEntry, ...]:
    frame, entry = kind
    return parse_feed(frame.replace("{}", "".join(entry.format(n) for n in range(6))).encode(), URL).entries


@pytest.mark.parametrize("kind", [RSS, ATOM, RDF], ids=["rss", "atom", "rdf"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_its_neighbours_are_read_as_ever(kind: tuple[str, str], way: tuple[str, str]) -> None:
    feed = parse_feed(broken(kind, way), URL)
    intact = [entry for number, entry in enumerate(whole(kind)) if number != 2]
    assert intact[0].url == "https://paper.example/?a=1&n=0"
    assert [entry for entry in feed.entries if entry in intact] == intact
    assert len(feed.entries) in range(5, 9)
    assert (feed.title, feed.format) == ("The Paper", {RSS: "rss20", ATOM: "atom10", RDF: "rss10"}[kind])


def test_entries_that_are_all_broken_are_each_read_by_itself() -> None:
    frame, entry = RSS
    entries = "".join(entry.format(n).replace("</description>", "") for n in range(300))
    feed = parse_feed(frame.format(entries).encode(), URL)
    assert [entry.id for entry in feed.entries] == [f"id-{n}" for n in range(300)]


def test_a_feed_that_declares_none_of_its_prefixes_is_read() -> None:
    entry = '<item><title>a</title><link>https://paper.example/?a=1&#038;b=2</link><media:content url="x"/>'
    feed = parse_feed(f"<rss><channel>{entry}<dc:creator>Jo</dc:creator><zz:a/></item></channel></rss>".encode(), URL)
    (found,) = feed.entries
    assert (found.url, found.authors) == ("https://paper.example/?a=1&b=2", ("Jo",))


def test_a_namespace_with_blanks_around_it_is_the_same() -> None:
    entry = "<item><title>a</title><link>https://paper.example/?a=1&#038;b=2</link><dc:creator>Jo</dc:creator></item>"
    space = "xmlns:dc=' http://purl.org/dc/elements/1.1/\n'"
    (found,) = parse_feed(f"<rss {space}><channel>{entry}</channel></rss>".encode(), URL).entries
    assert (found.url, found.authors) == ("https://paper.example/?a=1&b=2", ("Jo",))


def test_what_stands_around_the_entries_is_read_also_when_they_are_broken() -> None:
    document = broken(RSS, ("</title>", ""))
    assert parse_feed(document, URL).hints.ttl is not None
    after = document.replace(b"</channel>", b"<language>es</language></channel>")
    assert parse_feed(after, URL).language == "es"
    assert len(parse_feed(document.replace(b"The Paper", b"The < Paper & <b>"), URL).entries) == 6


def test_the_bounds_of_taking_apart() -> None:
    assert take_apart("<rss><channel></channel></rss>") is None
    assert take_apart("<item>no frame</item>") is None
    assert take_apart(f'<rss a="{"x" * 10_000}"><channel>' + "<item/>" * 400) is None, "the frame is read with each"
    pieces = take_apart("<rss><channel a='1'><x/><item>1<item>2</item> <!-- <item> --> <item>3</rss>")
    assert pieces is not None
    assert pieces.entries == ("<item>1", "<item>2</item>", "<item>3</rss>")
    assert (pieces.opening, pieces.closing) == ("<rss><channel a='1'>", "</channel></rss>")
    assert pieces.groups() == [("<item>1",), ("<item>2</item>",), ("<item>3</rss>",)]
    assert is_well_formed(pieces.framed(["<item/>"]))
