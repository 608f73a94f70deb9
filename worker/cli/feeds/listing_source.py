"""A page that lists articles, found for `storywatch feeds add PAGE --listing`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from worker.analysis.document_pool import Source, read_one
from worker.cli.terminal import remark, say, shorten
from worker.errors import ConfigurationError, DocumentError, FetchError
from worker.feeds.listings import ListingRules, wrong_selector

if TYPE_CHECKING:
    from worker.setup.deps import Deps

_SHOWN = 10
_SHOWN_TITLE = 80


@dataclass(frozen=True, slots=True)
class FoundListing:
    """A listing page as it is read now: by which rules, and what they find, as `feeds.ParsedFeed` has it."""

    url: str
    rules: ListingRules
    feed: dict[str, Any]
    guessed: bool


def find_listing(deps: Deps, addresses: Sequence[str], stated: ListingRules) -> FoundListing:
    """Read the first page that can be had of those addresses, by the rules that are stated, or by guessed ones.

    Raises `ConfigurationError` for a selector that is none, a page that robots.txt keeps from us, one whose list is not
    found, or rules that find nothing in it; `FetchError` where no page can be had.
    """
    if wrong := wrong_selector(stated if stated.link else replace(stated, link="a")):
        raise ConfigurationError(f"{wrong!r:.120} is no CSS selector")
    url, source = _first_had(deps, addresses)
    try:
        found = read_one("listing", source, deps.settings.analyze, asdict(stated) if stated.link else None)
        if found["rules"] is None:
            raise ConfigurationError(f"no list of articles is found in {url}: name their links with --link")
        rules = ListingRules(**found["rules"])
        if not stated.link and (stated.title or stated.date):
            rules = replace(rules, title=stated.title or rules.title, date=stated.date or rules.date)
            found = read_one("listing", source, deps.settings.analyze, asdict(rules))
    except DocumentError as error:
        raise ConfigurationError(f"{url} cannot be read as a list: {error}") from error
    return FoundListing(url, rules, found["feed"], guessed=not stated.link)


def show_listing(found: FoundListing) -> None:
    """Print the rules and the first entries, for a person to judge them by."""
    rules, entries = found.rules, found.feed["entries"]
    say(f"{'--link':10}  {rules.link}{'  (guessed)' if found.guessed else ''}")
    say(f"{'--title-in':10}  {rules.title or '(what the link says)'}")
    say(f"{'--date':10}  {rules.date or '(the first <time> beside the link)'}")
    dated = sum(entry["published"] is not None for entry in entries)
    say(f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}, {dated} with a date:\n")
    for entry in entries[:_SHOWN]:
        say(f"{entry['published'] or 'no date':25}  {shorten(entry['title'], _SHOWN_TITLE) or '(no title)'}")
        say(f"{'':25}  {entry['url']}")
    for trouble in found.feed["troubles"]:
        remark(f"remark: {trouble}")


def _first_had(deps: Deps, addresses: Sequence[str]) -> tuple[str, Source]:
    for url in addresses[:-1]:
        try:
            return _fetch(deps, url)
        except FetchError as error:
            remark(f"tried: {url} ({error.why})")
    return _fetch(deps, addresses[-1])


def _fetch(deps: Deps, url: str) -> tuple[str, Source]:
    from worker.net import ACCEPT_PAGE, FetchedResource, MemoryCache, Permission, Robots

    robots = Robots(deps.fetcher, MemoryCache(), deps.user_agent)
    manners = robots.ask(url)
    if manners is not None and manners.permission is Permission.REFUSED:
        raise ConfigurationError(f"robots.txt asks us to leave {url} alone")
    fetched = deps.fetcher.fetch(url, accept=ACCEPT_PAGE, headers=deps.access.headers(url))
    if not isinstance(fetched, FetchedResource):
        raise ConfigurationError(f"{url} answered 304 to a plain request")
    return fetched.moved_to or url, Source(fetched.body, fetched.url, fetched.content_type)
