"""What asks other people's servers is handed, besides what every step is: the way out, and whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from worker import pages
from worker.setup.base_deps import BaseDeps
from worker.setup.feed_access import FeedAccess

if TYPE_CHECKING:
    from worker import net

_LONGEST_ROUND = timedelta(seconds=20)  # later, other workers have a hand free


class IntakeDeps(BaseDeps):
    """The HTTP client, robots.txt, the hosts' turns, and the feeds' own secrets."""

    @cached_property
    def fetcher(self) -> net.Fetcher:
        """The one place where requests leave."""
        return self._http

    @property
    def poster(self) -> net.Poster:
        """The same for what is handed to others."""
        return self._http

    @cached_property
    def _http(self) -> net.HttpFetcher:
        from worker import net  # 10 MB that the web pages, which ask nobody anything, should not pay

        fetch = self.settings.fetch
        limits = net.HttpLimits(
            total=timedelta(seconds=fetch.timeout_seconds),
            body_bytes=round(fetch.max_megabytes * 1_000_000),
            redirects=fetch.max_redirects,
        )
        guard = net.AddressGuard(fetch.allow_private_hosts)
        return net.HttpFetcher(limits, guard, self.user_agent, proxy=fetch.proxy or None)

    @cached_property
    def access(self) -> FeedAccess:
        """What feeds are asked with that only we may know."""
        return FeedAccess(self.settings)

    @cached_property
    def robots(self) -> net.Robots:
        """What hosts ask robots to leave alone, remembered for all workers."""
        from worker import net

        return net.Robots(self.fetcher, net.RedisCache(self.redis), self.user_agent)

    @cached_property
    def hosts(self) -> net.HostGate:
        """Who may visit which host's pages now, for all workers."""
        return self._host_limits("page", self.settings.fetch.spacing_seconds)

    @cached_property
    def feed_hosts(self) -> net.HostGate:
        """The same for feeds: a platform may host thousands, and all that are due are found when the clock looks."""
        spacing, slack = self.settings.fetch.feed_spacing_seconds, self.settings.clock.feeds_seconds
        return self._host_limits("feed", spacing, slack if spacing else 0)

    def _host_limits(self, kind: str, spacing: float, slack: float = 0) -> net.HostGate:
        from worker import net

        return net.HostLimits(
            self.redis, pages.registrable_domain, at_most=self.settings.fetch.per_host,
            spacing=timedelta(seconds=spacing), kind=kind, slack=timedelta(seconds=slack),
            apart=timedelta(seconds=self.settings.fetch.feed_spacing_seconds),
        )  # fmt: skip

    @property
    def longest_round(self) -> timedelta:
        """How long a step that polls several feeds goes on to the next: it and its robots.txt must end in the lease."""
        return min(_LONGEST_ROUND, (self.lease - 2 * timedelta(seconds=self.settings.fetch.timeout_seconds)) / 2)
