"""Entries that lead to other sites than their feed's, as alerts and round-ups have them: whose articles these are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from worker import feeds, pages
from worker.storage.articles.discoveries import NewArticle
from worker.storage.feeds.feed_rows import FeedRecord


def name_owners(articles: Sequence[NewArticle], feed: FeedRecord, parsed: feeds.ParsedFeed) -> list[NewArticle]:
    """Return the articles; those on others' sites are called by these, until their pages say their names.

    Where all entries lead to one site, that is the feed's own, wherever the feed lies; and what a person calls the
    feed holds for all of it.
    """
    if feed.outlet or len({urlsplit(one.url).hostname for one in articles if one.has_page}) < 2:
        return list(articles)
    site_of = {one.key: pages.registrable_domain(one.url) for one in articles if one.has_page}
    own = {pages.registrable_domain(each) for each in (feed.url, feed.first_url, feed.site, parsed.link or "") if each}
    if len(set(site_of.values())) < 2:
        return list(articles)
    return [
        replace(one, outlet=site) if (site := site_of.get(one.key)) and site not in own else one for one in articles
    ]
