"""A feed's past: which pages it is looked for on, what of them is wanted, and where that ends."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.conftest import NOW
from worker.errors import DocumentError
from worker.feeds.listings import ListingRules
from worker.feeds.past import PastPage, PastReading, Span, after_failure, read_past, without_robots
from worker.feeds.sitemaps.pages import read_sitemap

DAY = timedelta(days=1)
URL = "https://paper.example/feed"
SPAN = Span(NOW - 30 * DAY, NOW - 2 * DAY, NOW)
ON = Span(NOW - 30 * DAY, NOW - 3 * DAY, NOW - 3 * DAY)
FIRST = PastPage(URL, "feed")
ROBOTS = (PastPage("https://paper.example/robots.txt", "robots"),)
WORDPRESS = "<generator>https://wordpress.org/?v=6.9</generator>"
ARCHIVE = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="{}" href="{}"/>'


def feed(*days: int, head: str = "") -> bytes:
    items = "".join(
        f"<item><title>Day {day}</title><link>https://paper.example/day-{day}</link>"
        f"<pubDate>{format_datetime(NOW - day * DAY)}</pubDate></item>"
        for day in days
    )
    return f'<rss version="2.0"><channel><title>Paper</title>{head}{items}</channel></rss>'.encode()


def read(document: bytes, page: PastPage = FIRST, span: Span = SPAN) -> PastReading:
    return read_past(document, page.url, "", page, span)


def titles(reading: PastReading) -> list[str]:
    return [entry.title for entry in reading.entries]


@pytest.mark.parametrize(
    ("head", "ahead"),
    [
        (ARCHIVE.format("prev-archive", "/2026/10"), "https://paper.example/2026/10"),
        (ARCHIVE.format("next", "?after=7"), "https://paper.example/feed?after=7"),
        (WORDPRESS, "https://paper.example/feed?paged=2"),
        (WORDPRESS + ARCHIVE.format("prev-archive", "/old"), "https://paper.example/old"),
    ],
)
def test_the_first_page_leads_to_older_ones_and_leaves_its_own_entries_to_the_polls(head: str, ahead: str) -> None:
    reading = read(feed(0, 1, 3, head=head))
    assert (reading.entries, reading.until) == ((), NOW - 3 * DAY)
    assert reading.ahead == (PastPage(ahead, "feed", 1),)


def test_where_a_feed_has_no_older_pages_the_sitemaps_are_looked_for() -> None:
    assert read(feed(0, 1)).ahead == ROBOTS
    assert read(feed(head=WORDPRESS)).ahead == ROBOTS, "nothing has no second page"
    assert read(feed(0, 40)).ahead == (), "it goes back so far itself"


def test_older_pages_are_followed_to_the_wanted_day() -> None:
    second = PastPage(f"{URL}?paged=2", "feed", 1)
    reading = read(feed(3, 4, 9, head=WORDPRESS), second, ON)
    assert (titles(reading), reading.oldest) == (["Day 4", "Day 9"], NOW - 9 * DAY)
    assert reading.ahead == (PastPage(f"{URL}?paged=3", "feed", 2),)
    last = read(feed(28, 33, head=WORDPRESS), reading.ahead[0], Span(ON.since, ON.until, NOW - 9 * DAY))
    assert (titles(last), last.ahead) == (["Day 28"], ())


def test_a_pinned_entry_says_nothing_of_how_far_a_page_goes_back() -> None:
    assert read(feed(400, 0, 1, 3, head=WORDPRESS)).until == NOW - 3 * DAY
    assert read(feed(3, 1, 0, head=WORDPRESS)).until == NOW - 3 * DAY, "the oldest first"
    assert read(feed(1, 9, 2, 8, 3, 0, head=WORDPRESS)).until == NOW - 9 * DAY, "in no order"


def test_pages_that_repeat_themselves_are_not_followed() -> None:
    second, third = PastPage(f"{URL}?paged=2", "feed", 1), PastPage(f"{URL}?paged=3", "feed", 2)
    same = feed(0, 1, 3, head=WORDPRESS)
    assert read(same, second, ON).ahead == ROBOTS
    assert read(same, third, ON).ahead == ()


def test_where_the_first_older_page_is_not_there_the_sitemaps_are_asked() -> None:
    assert after_failure(PastPage(f"{URL}?paged=2", "feed", 1)) == ROBOTS
    assert after_failure(PastPage(f"{URL}?paged=3", "feed", 2)) == ()
    assert after_failure(ROBOTS[0]) == ()
    assert len(without_robots(ROBOTS[0])) == 5


def test_robots_names_sitemaps() -> None:
    robots = b"Sitemap: https://authors.example/post-sitemap.xml\n"
    robots += b"Sitemap: /category-sitemap.xml\nSitemap: /author-sitemap.xml"
    assert read(robots, ROBOTS[0]).ahead == (PastPage("https://authors.example/post-sitemap.xml", "sitemap"),)
    assert read(b"User-agent: *", ROBOTS[0]).ahead == without_robots(ROBOTS[0])


def record(path: str, day: float | None, kind: str = "url") -> str:
    changed = "" if day is None else f"<lastmod>{(NOW - day * DAY).isoformat()}</lastmod>"
    return f"<{kind}><loc>https://paper.example/{path}</loc>{changed}</{kind}>"


def test_of_a_sitemap_the_articles_of_the_wanted_time_count() -> None:
    records = [record("a-long-headline", 5), record("2026/11/x", 9), record("politics", 5), record("about-us", 5)]
    records += [record("too-new-by-far", 1), record("much-too-old", 90), record("no-date-at-all", None)]
    records += ["<url><loc>https://other.example/an-old-headline</loc><lastmod>2026-02-20</lastmod></url>"]
    reading = read(
        f"<urlset>{''.join(records)}</urlset>".encode(), PastPage("https://www.paper.example/s.xml", "sitemap")
    )
    assert [entry.url for entry in reading.entries] == [
        "https://paper.example/a-long-headline", "https://paper.example/2026/11/x",
    ]  # fmt: skip


def test_of_an_index_the_sitemaps_that_have_changed_since_are_read_and_indexes_end() -> None:
    named = [
        record("posts-1.xml", 90, "sitemap"),
        record("posts-2.xml", 5, "sitemap"),
        record("tags.xml", 1, "sitemap"),
    ]
    named += [record("posts-3.xml", None, "sitemap")]
    document = f"<sitemapindex>{''.join(named)}</sitemapindex>".encode()
    ahead = read(document, PastPage("https://paper.example/s.xml", "sitemap")).ahead
    assert [page.url.rpartition("/")[2] for page in ahead] == ["posts-2.xml", "posts-3.xml"]
    assert read(document, PastPage("https://paper.example/s.xml", "sitemap", 2)).ahead == ()
    endless = "".join(record(f"p{number}.xml", None, "sitemap") for number in range(9_000))
    assert len(read(f"<sitemapindex>{endless}</sitemapindex>".encode(), PastPage(URL, "sitemap")).ahead) == 12


def test_a_large_sitemap_is_read_record_by_record_and_bounded() -> None:
    many = "".join(record(f"story-of-day-{number}", 3 + number / 10_000) for number in range(60_000))
    found = read_sitemap(f"<urlset>{many}</urlset>".encode(), URL, since=SPAN.since, until=SPAN.until, most=100)
    assert len(found.pages) == 100
    assert found.pages[0].url.endswith("day-0"), "the newest"


@pytest.mark.parametrize("document", [b"", b"<html><p>x</html>", b"\x1f\x8b\0", b"{", b"<urlset><url>"])
def test_what_is_no_sitemap_is_said_to_be_none(document: bytes) -> None:
    with pytest.raises(DocumentError):
        read_sitemap(document, URL, since=SPAN.since, until=SPAN.until, most=9)


def test_of_a_broken_sitemap_what_stands_before_the_break_is_read() -> None:
    broken = f"<urlset>{record('a-long-headline', 5)}<url><loc>".encode()
    assert len(read_sitemap(broken, URL, since=SPAN.since, until=SPAN.until, most=9).pages) == 1


def test_a_listings_older_pages_are_its_past() -> None:
    rules = ListingRules("h3 a")
    entry = "<div><h3><a href='/day-{0}'>The day {0}</a></h3><time datetime='{1}'></time></div>"
    days = "".join(entry.format(day, (NOW - day * DAY).isoformat()) for day in (5, 6))
    document = f"{days}<a rel='next' href='?page=2'>2</a>".encode()
    first = read_past(document, URL, "", PastPage(URL, "feed"), SPAN, rules)
    assert (first.entries, first.ahead) == ((), (PastPage(f"{URL}?page=2", "feed", 1),))
    later = read_past(document, URL, "", PastPage(URL, "feed", 1), SPAN, rules)
    assert titles(later) == ["The day 5", "The day 6"]
