"""Whose the articles are that a feed lists."""

from __future__ import annotations

from dataclasses import replace

from tests.unit import records
from worker.analysis.announcing import announce_all
from worker.analysis.other_sites import name_owners
from worker.feeds import FeedEntry, ParsedFeed
from worker.storage.feeds.feed_rows import FeedRecord

ALERT = records.feed(url="https://alerts.example/7", first_url="https://alerts.example/7", outlet="")


def named(feed: FeedRecord, *urls: str, link: str = "") -> list[str]:
    entries = tuple(FeedEntry(id=url or "post", url=url, title="Ferry late") for url in urls)
    parsed = ParsedFeed(title="Alert - ferries", link=link, entries=entries)
    announced = announce_all(feed, parsed, now=records.NOW)
    return [one.outlet for one in name_owners(announced, feed, parsed)]


def test_what_leads_to_other_sites_is_theirs_and_the_rest_the_feeds_own() -> None:
    urls = ("https://www.prairie.com/1", "https://news.harbour.co.uk/2", "https://alerts.example/3")
    assert named(ALERT, *urls) == ["prairie.com", "harbour.co.uk", ""]
    assert named(ALERT, *urls, link="https://prairie.com/") == ["", "harbour.co.uk", ""]


def test_a_feed_that_lies_elsewhere_than_its_site_keeps_its_name() -> None:
    assert named(ALERT, "https://prairie.com/1", "https://www.prairie.com/2") == ["", ""]
    assert named(ALERT, "https://prairie.com/1", "") == ["", ""], "a post without a page"


def test_what_a_person_calls_a_feed_holds_for_all_of_it() -> None:
    assert named(replace(ALERT, outlet="Morning Roundup"), "https://a.example/1", "https://b.example/2") == ["", ""]
