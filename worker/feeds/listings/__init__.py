"""Pages that list articles, read as feeds: the rules by which one is read, reading it, and guessing the rules."""

from worker.feeds.listings.guessing import guess_rules
from worker.feeds.listings.reading import older_listing, read_listing
from worker.feeds.listings.rules import ListingRules, wrong_selector

__all__ = ["ListingRules", "guess_rules", "older_listing", "read_listing", "wrong_selector"]
