"""From what a person types for a site to the feeds that are watched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from worker.cli.first_hour.addresses import host_with_port, is_feed_list
from worker.cli.first_hour.files import starter_feeds
from worker.errors import ConfigurationError, FetchError, FetchReason
from worker.feeds import OpmlFeed, meant_addresses
from worker.scouting.feed_search import FoundFeed, find_feed

if TYPE_CHECKING:
    from worker.setup.deps import Deps

STARTER = "starter"
_LOOK_UP_SECONDS = 5.0


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
        found = self._search(typed)
        others = tuple(f"also announced there: {other.url}" for other in found.others)
        return (OpmlFeed(found.url, found.title, found.site, language=found.language),), others

    def _search(self, typed: str) -> FoundFeed:
        for url in meant_addresses(typed)[:1]:
            self._ask_leave(url)
        try:
            return find_feed(self._deps(), typed, force=False)
        except FetchError as error:
            raise FetchError(error.reason, _plain(str(error)), transient=error.transient) from error
        except ConfigurationError as error:
            raise ConfigurationError(_plain(str(error))) from error

    def _ask_leave(self, url: str) -> None:
        """Remember of an address in a private network that it may be asked. Raises `FetchError` where it may not."""
        from worker.net import AddressGuard
        from worker.net.web_address import read_address

        try:
            AddressGuard(self.private_hosts).admit(read_address(url), _LOOK_UP_SECONDS)
        except FetchError as error:
            host = host_with_port(url)
            if error.reason is FetchReason.ADDRESS_REFUSED:
                if not self._permit(host):
                    raise
                self.private_hosts.append(host)

    def _deps(self) -> Deps:
        from worker.setup.deps import Deps
        from worker.setup.settings import Settings

        settings = Settings()
        allowed = (*settings.fetch.allow_private_hosts, *self.private_hosts)
        return Deps(
            settings.model_copy(update={"fetch": settings.fetch.model_copy(update={"allow_private_hosts": allowed})})
        )


def _starter(language: str) -> tuple[OpmlFeed, ...]:
    found = starter_feeds("" if language == "all" else language)
    if not found:
        known = sorted({feed.language for feed in starter_feeds() if feed.language})
        raise ConfigurationError(f"there are no starter feeds in {language[:20]!r}: there are {', '.join(known)}")
    return found


def _listed(path: Path) -> tuple[OpmlFeed, ...]:
    from worker.setup.declarations import read_feed_list

    listed, _ = read_feed_list(path)
    return tuple(OpmlFeed(one.url, one.title, one.site, one.category, one.language, one.outlet) for one in listed)


def _plain(fault: str) -> str:
    """The fault without the advice that belongs to another command."""
    return fault.partition("; to add ")[0]
