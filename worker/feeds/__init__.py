"""From a feed's bytes to its entries, when to poll it next, and how it fares. Pure: no clock, no network."""

from worker.errors import DocumentError
from worker.feeds.addresses import meant_addresses
from worker.feeds.dates import BACKLOG, within_reason
from worker.feeds.discovery import FeedLink, announces_feed, find_feeds, find_refresh, usual_places
from worker.feeds.entry import FeedEntry, ParsedFeed, PollHints
from worker.feeds.health import FeedFacts, FeedHealth, FeedState, assess, describe_rhythm
from worker.feeds.hubs import HubLink, find_hub
from worker.feeds.listings import ListingRules, read_listing
from worker.feeds.news_sitemap import SITEMAP_INDEX
from worker.feeds.notes import polling_notes
from worker.feeds.opml import FeedList, LeftOut, OpmlFeed, read_opml, write_opml
from worker.feeds.outlet import outlet_name
from worker.feeds.parsing import parse_feed
from worker.feeds.reading_schedule import merged_times, next_poll_after_reading, next_poll_of_unreadable
from worker.feeds.relations import Link, links_of
from worker.feeds.rhythm import Pace, expected_gap, pace_of
from worker.feeds.schedule import PollBounds, PollHistory, PollOutcome, is_belied, next_poll_at

__all__ = [
    "BACKLOG",
    "SITEMAP_INDEX",
    "DocumentError",
    "FeedEntry",
    "FeedFacts",
    "FeedHealth",
    "FeedLink",
    "FeedList",
    "FeedState",
    "HubLink",
    "LeftOut",
    "Link",
    "ListingRules",
    "OpmlFeed",
    "Pace",
    "ParsedFeed",
    "PollBounds",
    "PollHints",
    "PollHistory",
    "PollOutcome",
    "announces_feed",
    "assess",
    "describe_rhythm",
    "expected_gap",
    "find_feeds",
    "find_hub",
    "find_refresh",
    "is_belied",
    "links_of",
    "meant_addresses",
    "merged_times",
    "next_poll_after_reading",
    "next_poll_at",
    "next_poll_of_unreadable",
    "outlet_name",
    "pace_of",
    "parse_feed",
    "polling_notes",
    "read_listing",
    "read_opml",
    "usual_places",
    "within_reason",
    "write_opml",
]
