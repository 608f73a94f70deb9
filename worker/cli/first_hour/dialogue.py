"""The questions in their order; what the command line says already is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from worker.cli.first_hour.answers import Answers
from worker.cli.first_hour.files import starter_feeds
from worker.cli.first_hour.given import Given
from worker.cli.first_hour.mail_choice import choose_mail
from worker.cli.first_hour.questions import agree, ask, explain
from worker.cli.first_hour.reader_choice import choose_reader
from worker.cli.first_hour.site_search import STARTER, SiteSearch
from worker.cli.first_hour.topic_choice import choose_topic
from worker.cli.terminal import say
from worker.errors import ConfigurationError
from worker.feeds import OpmlFeed
from worker.topics import Topic

_ALL_STARTERS = {STARTER, f"{STARTER} all"}


def converse(given: Given, builtin: Sequence[Topic], *, asking: bool) -> Answers:
    """Return all answers: those given, those asked for where `asking`, and none where neither is."""
    topic, own = choose_topic(given, builtin, asking=asking)
    search = SiteSearch(lambda host: given.allow_private or (asking and _permits(host)))
    feeds = _choose_sites(given, search, asking=asking)
    reader = choose_reader(given, asking=asking)
    mail = choose_mail(given, reader, asking=asking)
    return Answers(topic, own, feeds, tuple(search.private_hosts), reader, mail)


def _choose_sites(given: Given, search: SiteSearch, *, asking: bool) -> tuple[OpmlFeed, ...] | None:
    """The feeds, each once; None for the starter list as it is."""
    if set(given.sites) & _ALL_STARTERS and len(given.sites) == 1:
        return None
    if given.sites:
        return _each_once(feed for site in given.sites for feed in _find(search, site))
    return _ask_sites(search) if asking else None


def _ask_sites(search: SiteSearch) -> tuple[OpmlFeed, ...]:
    explain(
        "Which sites? Type one after the other: the address of a site or of a feed, or the name of an OPML file. "
        f"'{STARTER}' takes {len(starter_feeds())} feeds on the built-in topic, '{STARTER} en' or '{STARTER} es' "
        "those in that language. An empty line ends."
    )
    found: tuple[OpmlFeed, ...] = ()
    while more := ask(f"Site {len(found) + 1}", partial(_find_or_end, search, found)):
        found = _each_once((*found, *more))
    return found


def _find_or_end(search: SiteSearch, found: Sequence[OpmlFeed], typed: str) -> tuple[OpmlFeed, ...]:
    """The feeds that are meant; none for an empty line, once there are some."""
    if typed:
        return _find(search, typed)
    if not found:
        raise ConfigurationError(f"one site at least: an address, an OPML file, or '{STARTER}'")
    return ()


def _find(search: SiteSearch, typed: str) -> tuple[OpmlFeed, ...]:
    feeds, remarks = search.find(typed)
    said = f"{feeds[0].title or 'a feed without a title'}, {feeds[0].url}" if len(feeds) == 1 else f"{len(feeds)} feeds"
    say(f"  found: {said}")
    for remark in remarks[:3]:
        say(f"  {remark}")
    return feeds


def _each_once(feeds: Iterable[OpmlFeed]) -> tuple[OpmlFeed, ...]:
    return tuple({feed.url: feed for feed in feeds}.values())


def _permits(host: str) -> bool:
    return agree(f"  {host} is in a private network. Read it all the same?", default=False)
