"""Sources that are no feed of their own: what `storywatch feeds add` does with `--listing` and `--sitemap`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from worker.cli.terminal import answer, remark
from worker.errors import ConfigurationError

if TYPE_CHECKING:
    from worker.feeds import ListingRules
    from worker.setup.deps import Deps
    from worker.storage.feeds.feed_rows import NewFeed

_NOTHING_ADDED = "Nothing was added: without --preview it is."


def add_listing(deps: Deps, wanted: NewFeed, rules: ListingRules, *, preview: bool, as_json: bool) -> None:
    """Watch a page that lists articles, after showing what is read of it; with `preview` only show that."""
    from dataclasses import replace

    from worker.cli.feeds.listing_source import find_listing, show_listing

    found = find_listing(deps, _meant(wanted.url), rules)
    if not as_json:
        show_listing(found)
    feed = replace(
        wanted, url=found.url, title=wanted.title or found.feed["title"], site=found.url,
        language=wanted.language or found.feed["language"], listing=found.rules,
    )  # fmt: skip
    new = None if preview else _save(deps, feed)
    told = {
        "url": feed.url, "title": feed.title, "new": bool(new), "listing": asdict(found.rules),
        "entries": [{name: one[name] for name in ("title", "url", "published")} for one in found.feed["entries"]],
    }  # fmt: skip
    line = _NOTHING_ADDED if preview else f"{'Added' if new else 'Known already, read by these'}: {feed.url}"
    answer(told, f"\n{line}", as_json=as_json)


def add_sitemaps(deps: Deps, wanted: NewFeed, *, preview: bool, as_json: bool) -> None:
    """Watch the news sitemaps of a site; with `preview` only show which."""
    from dataclasses import replace

    from worker.cli.feeds.sitemap_search import find_sitemaps

    search = find_sitemaps(deps, _meant(wanted.url))
    for line in search.looked_at:
        remark(line)
    if not search.found:
        raise ConfigurationError(f"no news sitemap is found for {wanted.url}: {len(search.looked_at)} addresses tried")
    feeds = [replace(wanted, url=one.url, title=wanted.title or one.title, site=search.site) for one in search.found]
    new = 0 if preview else sum(_save(deps, feed) for feed in feeds)
    lines = [f"{one.url}  {one.entries} entries now" for one in search.found]
    lines.append(_NOTHING_ADDED if preview else f"{len(feeds)} watched, {new} of them new")
    told = {"sitemaps": [asdict(one) for one in search.found], "new": new}
    answer(told, "\n".join(lines), as_json=as_json)


def _meant(written: str) -> tuple[str, ...]:
    from worker import feeds

    addresses = feeds.meant_addresses(written)
    if not addresses:
        raise ConfigurationError(
            f"{written[:200]!r} is no web address, such as news.example or https://news.example/all"
        )
    return addresses


def _save(deps: Deps, feed: NewFeed) -> int:
    from worker.storage.feeds.feed_rows import add_feeds

    with deps.transaction() as session:
        return add_feeds(session, [feed], now=deps.now(), again=True)
