"""Sitemaps (https://www.sitemaps.org/protocol.html): where a site has them, which are of use, what they name."""

from worker.feeds.sitemaps.finding import (
    MOST_LEVELS,
    USUAL_PLACES,
    SitemapLink,
    choose_sitemaps,
    is_rotated,
    sitemap_lines,
)

__all__ = ["MOST_LEVELS", "USUAL_PLACES", "SitemapLink", "choose_sitemaps", "is_rotated", "sitemap_lines"]
