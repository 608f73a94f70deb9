"""From what a person types for a site to the feeds that are watched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.feed_search import FoundFeed, find_feed
from worker.cli.first_hour.addresses import candidates, host_with_port, is_feed_list
from worker.cli.first_hour.files import starter_feeds
from worker.errors import ConfigurationError, FetchError, FetchReason, StorywatchError
from worker.feeds import OpmlFeed

if TYPE_CHECKING:
    from worker.setup.deps import Deps

STARTER = "starter"


class SiteSearch:
    """Finds the feeds of sites; `permit` says of a host in a private network whether it may be asked."""

    def __init__(self, permit: Callable[[str], bool]) -> None:
        self._permit = permit
        self.private_hosts: list[str] = []

    def find(self, typed: str) -> tuple[tuple[OpmlFeed, ...], tuple[str, ...]]:
        """Return the feeds that are meant, and what else is worth a word.

        Raises `FetchError` where a site cannot be had, `ConfigurationError` where it has no feed.
        """
        if typed.split()[:1] == [STARTER]:
            return _starter(typed.removeprefix(STARTER).strip()), ()
        if is_feed_list(typed) and Path(typed).is_file():
            return _listed(Path(typed)), ()
        found = self._search(candidates(typed))
        others = tuple(f"also announced there: {other.url}" for other in found.others)
        return (OpmlFeed(found.url, found.title, found.site, language=found.language),), others

    def _search(self, urls: Sequence[str]) -> FoundFeed:
        """The feed at the first of the addresses that has one; the fault of the first where none has."""
        faults: list[StorywatchError] = []
        for url in urls:
            try:
                return self._at(url)
            except FetchError as error:
                if error.reason is FetchReason.ADDRESS_REFUSED:
                    raise
                faults.append(error)
        raise ConfigurationError(_plain(str(faults[0]))) from faults[0]

    def _at(self, url: str) -> FoundFeed:
        try:
            return find_feed(self._deps(), url, force=False)
        except FetchError as error:
            host = host_with_port(url)
            if error.reason is not FetchReason.ADDRESS_REFUSED or host in self.private_hosts or not self._permit(host):
                raise
        self.private_hosts.append(host)
        return find_feed(self._deps(), url, force=False)

    def _deps(self) -> Deps:
        from worker.setup.deps import Deps
        from worker.setup.settings import Settings
        from worker.setup.tables import FetchSettings

        return Deps(Settings(fetch=FetchSettings(allow_private_hosts=tuple(self.private_hosts))))


def _starter(language: str) -> tuple[OpmlFeed, ...]:
    found = starter_feeds("" if language == "all" else language)
    if not found:
        known = sorted({feed.language for feed in starter_feeds() if feed.language})
        raise ConfigurationError(f"there are no starter feeds in {language[:20]!r}: there are {', '.join(known)}")
    return found


def _listed(path: Path) -> tuple[OpmlFeed, ...]:
    from worker.setup.declarations import read_feed_list

    found, _left_out = read_feed_list(path)
    return tuple(OpmlFeed(one.url, one.title, one.site, one.category, one.language, one.outlet) for one in found)


def _plain(fault: str) -> str:
    """The fault without the advice that belongs to another command."""
    return fault.partition("; to add ")[0]
