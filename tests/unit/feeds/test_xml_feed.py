from time import process_time
from typing import Any

import feedparser
import pytest

from worker.errors import DocumentError
from worker.feeds.xml_feed import read_xml_feed

URL = "https://paper.example/feed"


@pytest.fixture
def fragile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feedparser that fails on the word POISON, as real versions do on inputs nobody thought of."""
    parse = feedparser.parse

    def failing(stream: Any, **options: Any) -> Any:
        if b"POISON" in stream.getvalue():
            raise UnicodeEncodeError("utf-8", "x", 0, 1, "surrogates not allowed")
        return parse(stream, **options)

    monkeypatch.setattr(feedparser, "parse", failing)


def feed(*titles: str, head: str = "") -> str:
    items = "".join(f"<item><title>{title}</title></item>" for title in titles)
    return f'<rss version="2.0"><channel><title>T{head}</title>{items}</channel></rss>'


@pytest.mark.usefixtures("fragile")
def test_entries_that_feedparser_fails_on_are_left_out_alone() -> None:
    titles = [str(number) for number in range(40)]
    for broken in (3, 17, 18):
        titles[broken] += " POISON"
    found = read_xml_feed(feed(*titles), URL)
    assert found is not None
    assert [entry.title for entry in found.entries] == [title for title in titles if "POISON" not in title]
    assert found.troubles == ("3 unreadable entries were left out",)
    assert found.title == "T"


@pytest.mark.usefixtures("fragile")
def test_a_feed_broken_throughout_ends_in_bounded_work() -> None:
    found = read_xml_feed(feed(*["POISON"] * 1_000), URL)
    assert found is not None
    assert found.entries == ()
    assert found.troubles == ("1000 unreadable entries were left out",)


@pytest.mark.usefixtures("fragile")
def test_a_feed_without_entries_that_feedparser_fails_on_is_unreadable() -> None:
    with pytest.raises(DocumentError) as caught:
        read_xml_feed("<rss><channel><title>POISON</title></channel></rss>", URL)
    assert caught.value.code == "unreadable"


@pytest.mark.usefixtures("fragile")
def test_a_title_that_feedparser_fails_on_costs_the_title_alone() -> None:
    found = read_xml_feed(feed("a", head="POISON"), URL)
    assert found is not None
    assert (found.title, [entry.title for entry in found.entries]) == ("", ["a"])


@pytest.mark.usefixtures("fragile")
def test_a_broken_element_in_the_head_costs_the_head_alone() -> None:
    text = feed("a", "b").replace("<item>", "<image><width>POISON</width></image><item>", 1)
    found = read_xml_feed(text, URL)
    assert found is not None
    assert (found.title, [entry.title for entry in found.entries]) == ("T", ["a", "b"])


def test_an_image_that_feedparser_fails_on_is_survived() -> None:
    text = feed("a").replace("<item>", "<image><width></height></width></image><wid><height></image><item>", 1)
    found = read_xml_feed(text, URL)
    assert found is not None
    assert [entry.title for entry in found.entries] == ["a"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<author>", "</author>"),
        ("<dc:creator><![CDATA[", "]]></dc:creator>"),
        ("<managingEditor>", "</managingEditor>"),
    ],
)
def test_an_endless_name_costs_neither_time_nor_the_entries(before: str, after: str) -> None:
    """Whole, feedparser would search it for most of a minute; cut, in hundredths of a second."""
    named = f"<item><title>One</title><link>https://a.example/1</link>{before}{'a' * 150_000}{after}</item>"
    text = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title>'
        f"{named}<item><title>Two</title><link>https://a.example/2</link></item></channel></rss>"
    )
    start = process_time()
    found = read_xml_feed(text, "https://a.example/feed")
    assert process_time() - start < 5
    assert found is not None
    assert [one.title for one in found.entries] == ["One", "Two"]
    assert all(len(name) <= 1000 for name in found.entries[0].authors)
