import pytest

from worker.errors import DocumentError
from worker.feeds import FeedList, LeftOut, OpmlFeed, read_opml, write_opml

FEEDS = (
    OpmlFeed("https://a.example/rss", "A & <B>", "https://a.example/", "World/Borders", "es-MX"),
    OpmlFeed("https://b.example/rss?x=1&y=2"),
    OpmlFeed("https://c.example/rss", "C", category="World/Borders"),
    OpmlFeed("https://d.example/rss", "D", category='"Quoted", ünïcode'),
)


def test_what_is_written_is_read_back() -> None:
    written = write_opml(FEEDS, title="My feeds")
    assert set(read_opml(written).feeds) == set(FEEDS)
    assert write_opml(read_opml(written).feeds, title="My feeds") == written
    assert b'<opml version="2.0">' in written


def test_addresses_in_the_forms_of_other_exporters_are_feeds() -> None:
    outlines = (
        '<outline xmlUrl="feed:https://a.example/rss"/><outline xmlUrl="FEED://b.example/rss"/>'
        '<outline xmlUrl="c.example/rss"/><outline xmlUrl="//d.example/rss"/><outline type="rss" url="https://e.example/"/>'
        '<outline url="https://f.example/feed/"/><outline type="link" url="https://g.example/"/>'
        '<outline xmlUrl="https://h.example/?a=1&lang=es"/><outline xmlUrl="not an address"/>'
    )
    found = read_opml(f"<opml><body>{outlines}</body></opml>".encode()).feeds
    assert [feed.url for feed in found] == [
        "https://a.example/rss", "http://b.example/rss", "http://c.example/rss", "http://d.example/rss",
        "https://e.example/", "https://f.example/feed/", "https://h.example/?a=1&lang=es",
    ]  # fmt: skip


def test_reads_what_other_readers_export() -> None:
    document = b"""<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
      <outline text="News"><outline title="Europe">
          <outline text="One" xmlURL="http://one.example/" type="rss"/></outline>
        <outline text="Two" title="Second"
          xmlUrl=" feed://two.example/rss " htmlUrl="javascript:x"/></outline>
      <outline text="Three" xmlUrl="https://three.example/" category="/Tech/Web,/Other" language="fr"/>
      <outline text="again" xmlUrl="https://three.example/"/><outline text="none" xmlUrl="file:///etc/passwd"/>
      <outline text="link" url="https://four.example/"/></body></opml>"""
    assert read_opml(document).feeds == (
        OpmlFeed("http://one.example/", "One", category="News/Europe"),
        OpmlFeed("http://two.example/rss", "Second", category="News"),
        OpmlFeed("https://three.example/", "Three", category="Tech/Web", language="fr"),
    )


def test_an_empty_list_is_a_list() -> None:
    assert read_opml(write_opml((), title="")) == FeedList()


def test_broken_xml_and_old_encodings_are_read_as_far_as_they_go() -> None:
    document = (
        '<?xml version="1.0" encoding="iso-8859-1"?><opml><outline text="A & B ñ" xmlUrl="https://a.example/?a=1&b=2">'
    )
    (feed,) = read_opml(document.encode("latin-1")).feeds
    assert feed.url.startswith("https://a.example/")
    assert "ñ" in feed.title


def test_folders_nested_deep_are_survived() -> None:
    deep = b"<opml>" + b'<outline text="a">' * 5_000 + b'<outline xmlUrl="https://a.example/"/>' + b"</outline>" * 5_000
    assert len(read_opml(b'<opml><outline xmlUrl="https://b.example/"/>' + deep).feeds) >= 1


def test_entities_neither_explode_nor_fetch() -> None:
    document = (
        b'<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b'<opml><body><outline text="&a;&b;&f;" xmlUrl="https://a.example/"/></body></opml>'
    )
    assert read_opml(document).feeds[0].title == "ha&b;&f;"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"", "empty"),
        (b"garbage", "not_opml"),
        (b"<rss/>", "not_opml"),
        (b"{}", "not_opml"),
        (b"\x00\xff" * 90, "not_opml"),
    ],
)
def test_garbage_has_one_reason(document: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_opml(document)
    assert caught.value.code == code


def test_what_is_left_out_is_named_with_the_reason() -> None:
    outlines = (
        '<outline text="Folder"><outline text="A" xmlUrl="https://a.example/"/><outline text="A again" '
        'xmlUrl="https://a.example/"/></outline><outline text="Mail" xmlUrl="mailto:a@b.example"/>'
        '<outline text="Page" type="link" url="https://c.example/"/><outline text="Nothing" type="rss"/>'
        '<outline title="Odd" type="rss" url="ftp://d.example/x"/><outline text="A word"/>'
    )
    assert read_opml(f"<opml><body>{outlines}</body></opml>".encode()).left_out == (
        LeftOut("A again", "https://a.example/ is listed twice"),
        LeftOut("Mail", "mailto:a@b.example is no web address"),
        LeftOut("Page", "https://c.example/ is a link to a page, not to a feed"),
        LeftOut("Nothing", "it names no address"),
        LeftOut("Odd", "ftp://d.example/x is no web address"),
    )


def test_a_list_of_nonsense_is_not_repeated_at_length() -> None:
    outlines = '<outline text="x" xmlUrl="mailto:x"/>' * 1_000 + f'<outline xmlUrl="{"y" * 9_000}"/>'
    found = read_opml(f"<opml><body>{outlines}</body></opml>".encode())
    assert (found.feeds, len(found.left_out)) == ((), 100)
