"""What the pipeline is handed. Here, and only here, the real things are put together."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from worker import __version__, digests, pages, stories, topics
from worker.analysis.copy_candidates import MEASURED, DuplicateRules
from worker.errors import ConfigurationError
from worker.setup.couriers import load_dkim_key, make_mailer, make_webhooks
from worker.setup.embedder import Embedder, load_embedder
from worker.setup.feed_access import FeedAccess
from worker.setup.logs import get_log
from worker.setup.secret_files import keep_secret
from worker.setup.settings import Settings, load_settings, require_redis_url
from worker.setup.site_overrides import overrides_for, read_theme
from worker.setup.topic_sources import load_topics
from worker.storage.db.database import Database

if TYPE_CHECKING:
    from email.message import EmailMessage

    from redis import Redis

    from worker import net

log = get_log(__name__)

_LONGEST_ROUND = timedelta(seconds=20)  # later, other workers have a hand free


def utc_now() -> datetime:
    """Return the present moment, aware."""
    return datetime.now(UTC)


def even_jitter() -> float:
    """Return a number evenly spread over [-1, 1]."""
    return random.uniform(-1, 1)  # noqa: S311 (it spreads load and keeps no secret)


def nap(wait: timedelta) -> None:
    """Do nothing for that long; no time at all is not even a pause."""
    if wait > timedelta():
        time.sleep(wait.total_seconds())


class Deps:
    """The real things, each made when first used. Tests put others of the same shape in their place."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = even_jitter,
        sleep: Callable[[timedelta], None] = nap,
    ) -> None:
        self.settings = settings
        self.now = now
        self.jitter = jitter
        self.sleep = sleep

    @cached_property
    def database(self) -> Database:
        """The database that the settings name."""
        return Database(self.settings.database, connections=self.settings.fetch.threads + 4)

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a transaction that is committed at the end of the block."""
        return self.database.transaction()

    def reading(self) -> AbstractContextManager[Session]:
        """Open a session for looking only."""
        return self.database.reading()

    @cached_property
    def redis(self) -> Redis:
        """The Redis that all workers share."""
        from redis import Redis

        return Redis.from_url(require_redis_url(self.settings))

    @cached_property
    def fetcher(self) -> net.Fetcher:
        """The one place where requests leave."""
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

    @property
    def user_agent(self) -> str:
        """Who we say we are, with an address to complain to where one is set."""
        contact = self.settings.fetch.contact
        return f"Storywatch/{__version__}" + (f" (+{contact})" if contact else "")

    @cached_property
    def attempts(self) -> net.AttemptLimit:
        """How often strangers may make us send a mail, counted for all processes."""
        from worker.net.attempt_limit import AttemptLimit

        return AttemptLimit(self.redis)

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
        )  # fmt: skip

    @cached_property
    def mailer(self) -> net.Mailer:
        """The SMTP server, or the outbox folder where none is set."""
        return make_mailer(self.settings, doubt=self.doubt)

    @cached_property
    def webhooks(self) -> net.Mailer:
        """The programs that are told what is new, by name."""
        return make_webhooks(self.settings, self.user_agent, self.now)

    def courier(self, channel: str) -> net.Mailer:
        """Whatever takes a delivery of that channel to its recipient."""
        return self.webhooks if channel == "webhook" else self.mailer

    def mail_host(self, channel: str) -> str:
        """Return name and port of the mail server that deliveries of that channel go through, if they do."""
        mail = self.settings.mail
        return f"{mail.host}:{mail.port}" if channel == "email" and mail.host else ""

    @property
    def mail_spacing(self) -> timedelta:
        """How far apart two messages to one mail server are."""
        rate = self.settings.mail.per_minute
        return timedelta(minutes=1) / rate if rate else timedelta()

    @property
    def doubt(self) -> timedelta:
        """How long a message whose fate is not known is left alone."""
        return timedelta(seconds=self.settings.mail.doubt_seconds)

    @cached_property
    def dkim(self) -> net.DkimKey | None:
        """What digests are signed with, where a key is set."""
        return load_dkim_key(self.settings)

    @cached_property
    def theme(self) -> dict[str, str]:
        """The templates that replace the digest's own, by name."""
        return read_theme(self.settings.at(self.settings.mail.theme))

    def frozen(self, message: EmailMessage) -> bytes:
        """Return the bytes that are kept and sent, however often: the domain's signature is part of them."""
        raw = digests.as_wire(message)
        return self.dkim.sign(raw) if self.dkim else raw

    @cached_property
    def topics(self) -> topics.TopicSet:
        """The topics in use: built in, and from the configured files."""
        return topics.TopicSet(load_topics(self.settings))

    def overrides_for(self, host: str) -> pages.SiteProfile:
        """Return what the configuration says of that site; raises `ConfigurationError`."""
        return overrides_for(self.settings, host)

    def topic_titles(self, language: str) -> dict[str, str]:
        """Return how each topic is called in that language."""
        return {topic.name: dict(topic.titles).get(language) or topic.name for topic in load_topics(self.settings)}

    @property
    def lease(self) -> timedelta:
        """How long a step may work on a row before another worker takes it over."""
        return timedelta(seconds=self.settings.clock.lease_seconds)

    @property
    def longest_round(self) -> timedelta:
        """How long a step that polls several feeds goes on to the next: its last request must end within the lease."""
        return min(_LONGEST_ROUND, (self.lease - timedelta(seconds=self.settings.fetch.timeout_seconds)) / 2)

    @property
    def delivery_lease(self) -> timedelta:
        """How long a delivery whose worker died is left alone: its bytes may have arrived."""
        return self.doubt if self.settings.mail.host else self.lease

    @property
    def copy_rules(self) -> DuplicateRules:
        """When two articles are copies."""
        return copy_rules(self.settings)

    @property
    def story_rules(self) -> stories.StorySettings:
        """When two reports are of one story."""
        return story_rules(self.settings)

    @cached_property
    def embedder(self) -> Embedder | None:
        """What a configured model makes of a text; where it cannot be had by now, stories go by the words alone."""
        try:
            return load_embedder(self.settings)
        except ConfigurationError as error:
            log.error("stories without embeddings", reason=str(error))  # noqa: TRY400
            return None

    @cached_property
    def secret(self) -> str:
        """What links are signed with: the one set, or the installation's own."""
        return self.settings.secret.get_secret_value() or keep_secret(self.settings.data_folder / "secret.key")

    def sign(self, purpose: str, payload: dict[str, object], *, lasts: timedelta | None = None) -> str:
        """Return a token for a link of ours; without `lasts` it holds for ever."""
        expires_at = None if lasts is None else self.now() + lasts
        return digests.sign(purpose, payload, secret=self.secret, expires_at=expires_at)

    def read_token(self, purpose: str, token: str) -> dict[str, object]:
        """Return what a token of ours carries; raises `digests.TokenError`."""
        return digests.read(purpose, token, secret=self.secret, now=self.now())


def copy_rules(settings: Settings) -> DuplicateRules:
    """Return what the settings say of copies."""
    said = settings.duplicates
    window = MEASURED.window if said.window_days is None else timedelta(days=said.window_days)
    return DuplicateRules(replace(MEASURED.thresholds, **said.thresholds()), window)


def story_rules(settings: Settings) -> stories.StorySettings:
    """Return what the settings say of stories."""
    said = settings.stories
    window = stories.MEASURED.window if said.window_days is None else timedelta(days=said.window_days)
    return replace(stories.MEASURED, window=window, **said.thresholds())


@cache
def process_deps() -> Deps:
    """Return the real things of this process, made from its configuration when first asked for."""
    return Deps(load_settings())
