"""The second hand: layouts, feeds and lines by somebody who knew none of the product's rules, nor the first set's aims.

Its pages are built as content systems of 2024 to 2026 put them out. Nothing in here is to be tuned by what the product
makes of it, nor the product by single items of it.
"""

from benchmarks.world.hands import Hand

SECOND = Hand(
    name="second",
    package=__name__,
    layouts=(
        "block_theme", "newspaper", "paragraphs", "joomla", "blogger", "ghost", "squarespace", "wix", "arc", "blox",
        "presto", "hashed", "radio", "press_release", "accordions", "suspense", "app_router", "vue_ssr", "angular",
        "amp_access", "slotted", "uppercase", "epaper", "held_back", "liveblog", "next_up", "regwall", "sections",
    ),
    feeds=(
        "rss_encoded", "rss_pixel", "rss_cut", "atom_div", "media_only", "burner", "news_sitemap", "rss_links",
        "rss_section", "json_plain", "rss_desk", "rss_guid",
    ),
    thin=frozenset({"news_sitemap", "rss_links"}),
    full=frozenset({"rss_encoded", "atom_div", "json_plain", "posts"}),
    redirecting=frozenset({"burner"}),
    lines=(
        "skip", "related", "most_read", "latest", "newsletter", "confirm", "donate", "share", "print", "tags", "rights",
        "bio", "caption", "credit", "correction", "points", "post", "video", "breaking", "weather", "sponsor",
        "regwall", "live", "audio", "rules", "app", "ad", "about", "contact", "assistant", "comments_label", "read_on",
        "appeared",
    ),
    lists=("nav", "buttons", "said", "answered", "closed", "evergreen", "sponsored", "captions", "bylines"),
    counted=("answered", "evergreen", "sponsored", "captions"),
    notices=("consent", "wall", "robot", "region", "adblock"),
)  # fmt: skip
