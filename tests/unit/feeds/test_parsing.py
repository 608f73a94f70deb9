from datetime import UTC, datetime, timedelta

import pytest

from worker.errors import DocumentError
from worker.feeds import parse_feed

URL = "https://paper.example/section/feed.xml"


def rss(*items: str, head: str = "", before: str = "") -> bytes:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'{before}<rss version="2.0"><channel><title>The Paper</title><link>https://paper.example/</link>{head}'
        f"{entries}</channel></rss>"
    ).encode()


def item(number: int, more: str = "") -> str:
    return f"<title>Note {number}</title><link>https://paper.example/{number}</link><guid>id-{number}</guid>{more}"


def test_reads_an_rss_item_whole() -> None:
    feed = parse_feed(
        rss(
            "<title>Boats &amp;amp; &lt;b&gt;bridges&lt;/b&gt;</title><link>/a?b=1&amp;c=2</link>"
            '<guid isPermaLink="false">tag:7</guid><pubDate>Sun, 22 Nov 2026 10:30:00 +0100</pubDate>'
            "<author>jo@paper.example (Jo Lee)</author><description>&lt;p&gt;Short.&lt;/p&gt;</description>"
            '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            "<![CDATA[<p>Long text.</p>]]></content:encoded>",
            head="<language>en-us</language>",
        ),
        URL,
    )
    (entry,) = feed.entries
    assert (feed.title, feed.link, feed.format) == ("The Paper", "https://paper.example/", "rss20")
    assert entry.title == "Boats &amp; <b>bridges</b>"
    assert entry.url == "https://paper.example/a?b=1&c=2"
    assert entry.id == "tag:7"
    assert entry.published == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert entry.updated is None
    assert entry.authors == ("Jo Lee",)
    assert entry.summary == "<p>Short.</p>"
    assert entry.content == "<p>Long text.</p>"
    assert (feed.language, entry.language) == ("en-us", None)
    assert feed.troubles == ()
    assert not feed.truncated


def test_reads_an_atom_entry_whole() -> None:
    feed = parse_feed(
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es"><title>Diario</title>'
        b'<entry xml:base="https://other.example/dir/"><title type="html">Uno</title><id>urn:1</id>'
        b'<link href="uno.html"/><updated>2026-11-22T10:00:00Z</updated><author><name>Ana</name></author>'
        b"<author><name>Luis</name></author><summary>a &lt; b</summary>"
        b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hola</p></div></content></entry></feed>',
        URL,
    )
    (entry,) = feed.entries
    assert feed.format == "atom10"
    assert entry.url == "https://other.example/dir/uno.html"
    assert (entry.published, entry.updated) == (None, datetime(2026, 11, 22, 10, tzinfo=UTC))
    assert entry.authors == ("Ana", "Luis")
    assert entry.summary == "a &lt; b"
    assert "<p>Hola</p>" in entry.content
    assert entry.language == "es"


def test_reads_rdf_and_cdf() -> None:
    rdf = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b'<channel rdf:about="https://paper.example/"><title>Old</title></channel>'
        b'<item rdf:about="https://paper.example/1"><title>One</title><link>https://paper.example/1</link></item></rdf:RDF>'
    )
    cdf = b'<CHANNEL HREF="https://paper.example/"><ITEM HREF="https://paper.example/2"><TITLE>Two</TITLE></ITEM></CHANNEL>'
    assert [(entry.title, entry.url) for entry in parse_feed(rdf, URL).entries] == [("One", "https://paper.example/1")]
    assert [(entry.title, entry.url) for entry in parse_feed(cdf, URL).entries] == [("Two", "https://paper.example/2")]


def test_a_permalink_guid_stands_in_for_a_link() -> None:
    (entry,) = parse_feed(rss("<title>t</title><guid>https://paper.example/7</guid>"), URL).entries
    assert entry.url == entry.id == "https://paper.example/7"


def test_a_guid_that_is_no_address_is_no_link() -> None:
    (entry,) = parse_feed(rss("<title>t</title><guid>post-7</guid>"), URL).entries
    assert entry.id == "post-7"  # as stated, so that it survives the feed's move
    (entry,) = parse_feed(rss("<title>t</title><guid>tag:paper.example,2026:7</guid>"), URL).entries
    assert entry.url == ""


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "http://", "http://[::1", "mailto:a@b.c"]
)
def test_only_web_links_are_urls(link: str) -> None:
    (entry,) = parse_feed(rss(f"<title>t</title><link>{link}</link>"), URL).entries
    assert entry.url == ""
    assert entry.id


def test_an_entry_without_guid_is_known_by_its_link_or_its_words() -> None:
    document = rss("<title>a</title><link>https://paper.example/1</link>", "<title>b</title>", "<title>c</title>")
    first, second, third = parse_feed(document, URL).entries
    assert first.id == "https://paper.example/1"
    assert second.id.startswith("sha256:")
    assert second.id != third.id
    assert parse_feed(document, "https://elsewhere.example/").entries[1].id == second.id


def test_elements_nested_without_end_are_flattened_and_cost_their_neighbours_nothing() -> None:
    """Also where every third tag closes one, where some are empty, and not within CDATA, which nests nothing."""
    for deep in ("<b>" * 5_000 + "deep" + "</b>" * 5_000, "<b><hr/><i></i>" * 5_000 + "deep" + "</b>" * 5_000):
        cdata = f"<![CDATA[{'<b>' * 900}text]]>"
        feed = parse_feed(
            rss(item(1, f"<description>{deep}</description>"), item(2, f"<description>{cdata}</description>")), URL
        )
        assert [entry.id for entry in feed.entries] == ["id-1", "id-2"]
        assert "deep" in feed.entries[0].summary
        assert feed.entries[0].summary.count("<b>") < 600
        assert feed.entries[1].summary.count("<b>") == 900
        assert any("nested deeper" in trouble for trouble in feed.troubles)


def test_many_entries_that_forget_to_close_something_are_not_nested() -> None:
    feed = parse_feed(rss(*(item(n, "<description>a<br>b</description>") for n in range(1200))), URL)
    assert len(feed.entries) == 1200
    assert not any("nested deeper" in trouble for trouble in feed.troubles)


def test_dates_feedparser_cannot_read_are_rescued_and_absurd_ones_stand_as_stated() -> None:
    feed = parse_feed(
        rss(
            item(1, "<pubDate>dom, 22 de noviembre de 2026 10:00:00 -0300</pubDate>"),
            item(2, "<pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>"),
            item(3, "<pubDate>yesterday</pubDate>"),
        ),
        URL,
    )
    found = [datetime(2026, 11, 22, 13, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC), None]
    assert [entry.published for entry in feed.entries] == found


def test_reads_how_often_the_feed_wants_to_be_polled() -> None:
    hints = parse_feed(
        rss(
            head="<ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>5</hour></skipHours>"
            "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>'
            '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">4</sy:updateFrequency>'
        ),
        URL,
    ).hints
    assert hints.ttl == timedelta(minutes=90)
    assert hints.update_every == timedelta(hours=6)
    assert hints.skip_hours == {0, 5}
    assert hints.skip_days == {5, 6}


def test_nonsense_hints_say_nothing() -> None:
    every_hour = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    hints = parse_feed(rss(head=f"<ttl>-5</ttl><skipHours>{every_hour}</skipHours>"), URL).hints
    assert hints.ttl is None
    assert hints.skip_hours == frozenset()


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(rss(), URL).entries == ()
    assert parse_feed(b"<rss/>", URL).entries == ()


def test_a_feed_served_as_html_is_read() -> None:
    assert len(parse_feed(rss(item(1)), URL, "text/html; charset=utf-8").entries) == 1


def test_a_feed_behind_a_megabyte_of_blank_lines_is_read() -> None:
    document = b"\n" * 1_000_000 + b'<?xml version="1.0"?>' + rss(item(1))
    assert [entry.title for entry in parse_feed(document, URL).entries] == ["Note 1"]


def test_a_feed_behind_a_warning_is_read() -> None:
    feed = parse_feed(rss(item(1), before="<br />\n<b>Warning</b>: deprecated in plugin.php\n"), URL)
    assert [entry.title for entry in feed.entries] == ["Note 1"]
    assert feed.troubles == ("text before the feed was left out",)


def test_what_a_host_appends_does_not_matter() -> None:
    feed = parse_feed(rss(item(1)) + b'<script src="x.js"></script>', URL)
    assert (len(feed.entries), feed.truncated) == (1, False)


def test_a_document_cut_short_keeps_its_whole_entries() -> None:
    whole = rss(item(1), item(2), item(3))
    feed = parse_feed(whole[: whole.index(b"paper.example/3") + 8], URL)
    assert [entry.title for entry in feed.entries] == ["Note 1", "Note 2"]
    assert feed.truncated


def test_a_short_rdf_document_cut_short_keeps_its_whole_entries() -> None:
    """Its channel ends long before it does."""
    items = "".join(f'<item rdf:about="{n}"><link>https://paper.example/{n}</link></item>' for n in range(3))
    document = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        f"<channel><title>T</title></channel>{items}</rdf:RDF>"
    )
    feed = parse_feed(document[: document.index("paper.example/2")].encode(), URL)
    assert [entry.url for entry in feed.entries] == ["https://paper.example/0", "https://paper.example/1"]
    assert feed.truncated


def test_entries_are_bounded() -> None:
    feed = parse_feed(rss(*map(item, range(2_100))), URL)
    assert len(feed.entries) == 2_000
    assert feed.truncated
    assert "100 entries" in feed.troubles[0]


def test_fields_are_bounded() -> None:
    title, guid, text = "ñ" * 9_000, "g" * 5_000, "x" * 600_000
    document = rss(f"<title>{title}</title><guid>{guid}</guid><description>{text}</description>")
    (entry,) = parse_feed(document, URL).entries
    assert len(entry.title.encode()) <= 4_096
    assert len(entry.summary) == 524_288
    assert len(entry.id) < 100


@pytest.mark.parametrize(
    "poison",
    [
        "<title>&#xD800;</title>",
        "<title>&#x110000;</title>",
        "<title>&#99999999999;</title>",
        "<title>\0\x08</title>",
        "<title>a < b & c</title>",
        "<title>&nosuch;</title>",
        "<b><i>",
        "<![CDATA[<title>x</title>",
        "<link/><link x>",
        "<category/><category></category>",
        "<title type='a/b' mode='base64'>AAAA</title>",
        "<pubDate>,</pubDate>",
    ],
)
def test_a_broken_entry_does_not_cost_its_neighbours(poison: str) -> None:
    closed = poison if "CDATA" not in poison else poison + "]]>"
    feed = parse_feed(rss(item(1), closed, item(2)), URL)
    assert {"Note 1", "Note 2"} <= {entry.title for entry in feed.entries}


def test_emoji_written_as_surrogate_references_are_read() -> None:
    (entry,) = parse_feed(rss("<title>sun &#xD83D;&#xDE00; &#55357;&#56832;</title>"), URL).entries
    assert entry.title == "sun \U0001f600 \U0001f600"


def test_entities_of_a_doctype_neither_explode_nor_fetch() -> None:
    laughs = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    document = rss(
        "<title>&a9; &e; &word; &eacute;</title>",
        item(2),
        before=f'<!DOCTYPE rss [<!ENTITY a0 "ha">{laughs}<!ENTITY e SYSTEM "file:///etc/passwd">'
        '<!ENTITY word "]>fine"><!-- ] > -->]>',
    )
    feed = parse_feed(document, URL)
    assert feed.entries[0].title == "&a9; &e; ]>fine é"
    assert len(feed.entries) == 2


def test_floods_of_attributes_are_stripped() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(5_000))
    feed = parse_feed(rss(item(1)).replace(b"<item>", f"<item {attributes}>".encode()), URL)
    assert [entry.title for entry in feed.entries] == ["Note 1"]


@pytest.mark.parametrize(
    ("document", "code", "words"),
    [
        (b"", "empty", "empty"),
        (b" \n\0\n", "empty", "empty"),
        (b"<!doctype html><title>Log in</title><form action=/login></form>", "html_page", "HTML page"),
        (
            b"<html><link rel=alternate type='application/rss+xml' href='/rss'></html>",
            "html_page",
            "paper.example/rss",
        ),
        (b'{"error": "rate limited"}', "not_a_feed", "rate limited"),
        (b"[1, 2]", "not_a_feed", "list"),
        (b'{"version": ', "unreadable", "JSON"),
        (b"[" * 100_000, "unreadable", "JSON"),
        (b"<opml><body/></opml>", "not_a_feed", "<opml>"),
        (b"hello", "not_a_feed", "hello"),
        (bytes(range(256)) * 40, "not_a_feed", "begins"),
        (b"%PDF-1.7 ...", "not_a_feed", "PDF"),
        (b"\x1f\x8b\x08...", "unreadable", "gzip"),
    ],
)
def test_what_is_no_feed_has_one_reason(document: bytes, code: str, words: str) -> None:
    with pytest.raises(DocumentError, match=words) as caught:
        parse_feed(document, URL)
    assert caught.value.code == code
    assert "\n" not in str(caught.value)
