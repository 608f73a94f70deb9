"""Forms that publishers write and that mean something else to feedparser; each through `parse_feed`."""

from __future__ import annotations

import pytest

from worker.feeds import FeedEntry, ParsedFeed, parse_feed
from worker.feeds.dialects import rewrite

URL = "https://feeds.gazette.example/all.xml"
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def read(
    items: str, root: str = "", head: str = "<title>Gazette</title><link>https://www.gazette.example/</link>"
) -> ParsedFeed:
    return parse_feed(f'<rss version="2.0" {root}><channel>{head}{items}</channel></rss>'.encode(), URL)


def only(items: str, root: str = "") -> FeedEntry:
    (entry,) = read(items, root).entries
    return entry


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("prefix", ["media", "m"])
@pytest.mark.parametrize("attributes", ["", ' type="plain"'])
def test_a_caption_is_not_the_text(order: tuple[int, int], prefix: str, attributes: str) -> None:
    parts = [
        "<description>The lock gate broke on Friday.</description>",
        f"<{prefix}:description{attributes}>A gate in the sun.</{prefix}:description>",
    ]
    root = f'xmlns:{prefix}="http://search.yahoo.com/mrss/"'
    entry = only("<item><title>Lock</title>" + "".join(parts[n] for n in order) + "</item>", root)
    assert (entry.summary, entry.title) == ("The lock gate broke on Friday.", "Lock")


def test_a_caption_is_better_than_nothing() -> None:
    film = "<media:group><media:description>What the film shows.</media:description></media:group>"
    assert only(f"<item><title>Film</title>{film}</item>", MEDIA).summary == "What the film shows."


def test_an_ampersand_that_begins_no_reference_is_one() -> None:
    entry = only(
        "<item><title>Smith & Sons, R&D: B&B</title><link>https://www.gazette.example/a?copy=1&amp=2&lang=es&para=3</link>"
        "<description><![CDATA[<p>R&D &amp; more</p>]]></description></item>"
    )
    assert entry.title == "Smith & Sons, R&D: B&B"
    assert entry.url == "https://www.gazette.example/a?copy=1&amp=2&lang=es&para=3"
    assert entry.summary == "<p>R&D &amp; more</p>"


def test_an_atom_link_beside_an_items_own_does_not_replace_it() -> None:
    atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    other = '<atom:link href="https://www.gazette.example/a.atom" rel="alternate"/>'
    assert only(f"<item><link>https://www.gazette.example/a</link>{other}</item>", atom).url.endswith("/a")
    assert only(f"<item><link><![CDATA[https://www.gazette.example/a]]></link>{other}</item>", atom).url.endswith("/a")
    assert only(f"<item><title>x</title>{other}</item>", atom).url.endswith("/a.atom"), "alone, it is the link"


@pytest.mark.parametrize("empty", ["<link/>", "<link></link>", "<link> </link>", "<link><![CDATA[ ]]></link>", ""])
def test_where_the_link_is_empty_a_permanent_guid_is_it(empty: str) -> None:
    item = f"<item><title>x</title>{empty}<guid{{}}>https://www.gazette.example/7</guid></item>"
    assert only(item.format("")).url == only(item.format(' isPermaLink="true"')).url == "https://www.gazette.example/7"
    assert only(item.format(' isPermaLink="false"')).url == ""


def test_a_link_in_a_section_is_no_empty_one() -> None:
    item = "<item><link><![CDATA[https://www.gazette.example/1]]></link><guid>https://www.gazette.example/?p=1</guid></item>"
    assert only(item).url == "https://www.gazette.example/1"


def test_relative_links_lead_to_the_site_where_the_feed_lives_on_another_host() -> None:
    assert only("<item><link>/news/1</link></item>").url == "https://www.gazette.example/news/1"
    here = parse_feed(
        b"<rss><channel><link>https://a.example/x/</link><item><link>1</link></item></channel></rss>",
        "https://a.example/f/feed",
    )
    assert here.entries[0].url == "https://a.example/f/1"


@pytest.mark.parametrize(
    "uri",
    ["http://purl.org/rss/1.0/modules/content/", "http://purl.org/dc/elements/1.1/", "http://search.yahoo.com/mrss/"],
)
def test_a_module_as_the_default_namespace_takes_no_element(uri: str) -> None:
    feed = read("<item><title>Lock</title><link>https://www.gazette.example/1</link></item>", f'xmlns="{uri}"')
    assert (feed.title, feed.entries[0].title, feed.entries[0].url) == (
        "Gazette",
        "Lock",
        "https://www.gazette.example/1",
    )
    atom = f'<feed xmlns="{uri}"><title>Gazette</title><entry><title>Lock</title><link href="https://www.gazette.example/1"/></entry></feed>'
    assert parse_feed(atom.encode(), URL).entries[0].title == "Lock"


def test_an_endless_name_costs_little_time_and_no_entry() -> None:
    names = "a@b " * 20_000
    items = f"<item><title>One</title><author>{names}</author></item><item><title>Two</title></item>"
    assert [entry.title for entry in read(items).entries] == ["One", "Two"]
    assert len(rewrite(items)) < 1_000, "feedparser takes time by the square of a name's length"


def test_a_feed_without_a_title_is_called_by_its_site() -> None:
    assert read("", head="<link>https://www.gazette.example/</link>").title == "gazette.example"
    assert read("", head="").title == "feeds.gazette.example"


def test_dates_are_read_by_the_habit_of_the_whole_feed_and_what_cannot_be_read_is_said() -> None:
    def item(date: str) -> str:
        return f"<item><title>x</title><pubDate>{date}</pubDate></item>"

    feed = read(item("03/04/2026 10:00") + item("04/28/2026 10:00"))
    assert [entry.published and (entry.published.month, entry.published.day) for entry in feed.entries] == [
        (3, 4),
        (4, 28),
    ]
    feed = read(
        item("03/04/2026 10:00") + item("28/04/2026 10:00") + item("last spring") + item("Sat, 7 Mar 2026 10:00 XQT")
    )
    assert [entry.published and (entry.published.month, entry.published.day) for entry in feed.entries] == [
        (4, 3), (4, 28), None, (3, 7),
    ]  # fmt: skip
    assert feed.troubles == (
        "dates that cannot be read: 1, such as 'last spring'",
        "dates in a time zone that is not known are taken as UTC: XQT",
    )
