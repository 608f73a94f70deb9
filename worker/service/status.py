"""The installation's status: how much there is, which feeds fare ill, and what a person should act on."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker import __version__
from worker.delivery.operator import examine
from worker.delivery.start_checks import start_warnings
from worker.setup.deps import Deps
from worker.storage.db import sizes
from worker.storage.db.session import Session
from worker.storage.feeds.feed_rows import AssessedFeed, assess_feeds
from worker.storage.reports.overview import Overview, read_overview
from worker.storage.topics import retags
from worker.storage.topics.topic_rows import stored_topics


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """A feed that does not fare well, or has moved."""

    name: str
    url: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class TopicsBehind:
    """The topics that have changed since articles were tagged, and those that are being applied again."""

    changed: tuple[retags.ChangedTopic, ...]
    under_way: tuple[retags.RetagProgress, ...]


@dataclass(frozen=True, slots=True)
class DiskUse:
    """What the database takes, in bytes, by how much it grows a day, and what its disk has left.

    `growth` is None while it is not known, `free` where the disk is a database server's. At that growth the disk is
    full in `days_left`; None where it does not grow.
    """

    size: int
    growth: float | None
    free: int | None

    @property
    def days_left(self) -> float | None:
        """After how many days there is no room any more."""
        if self.free is None or self.growth is None or self.growth <= 0:
            return None
        return self.free / self.growth


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that is said of an installation; `late_jobs` are the clock's, `unusable` the settings."""

    version: str
    now: datetime
    database: str
    outbox: str
    mail: str
    web: str
    status_page: str
    overview: Overview
    feeds: Mapping[str, int]
    feed_troubles: tuple[FeedTrouble, ...]
    late_jobs: tuple[str, ...]
    topics: TopicsBehind
    disk: DiskUse
    unusable: tuple[str, ...] = ()


def read_status(deps: Deps) -> Status:
    """Look at the whole installation."""
    now, settings = deps.now(), deps.settings
    ailing = [one.said for one in examine(deps) if one.part != "clock"]  # which has a line of its own
    with deps.reading() as session:
        overview = read_overview(session)
        assessed = assess_feeds(session, now=now)
        topics = topics_behind(session, [topic.name for topic in stored_topics(session) if topic.in_use])
        growth = sizes.read_growth(session, now=now)
    return Status(
        version=__version__, now=now, database=deps.database.engine.url.render_as_string(hide_password=True),
        outbox=str(settings.outbox_folder), mail=settings.mail.host, web=settings.web_url,
        status_page=settings.status_url, overview=overview,
        feeds=_count_states(assessed), feed_troubles=tuple(_troubles(assessed)),
        late_jobs=settings.clock.late_jobs(overview.ticks, now=now), topics=topics,
        disk=DiskUse(growth.size, growth.a_day, _room_left(deps)), unusable=(*start_warnings(deps), *ailing),
    )  # fmt: skip


def _room_left(deps: Deps) -> int | None:
    """The bytes left on the disk of a database that is a file."""
    file = deps.database.file
    return shutil.disk_usage(file.parent).free if file else None


def topics_behind(session: Session, names: Sequence[str]) -> TopicsBehind:
    """Return which of the topics the stored articles have not been read with as they are now."""
    under_way = [one for one in retags.retag_progress(session) if one.state != "done" and one.topic in names]
    return TopicsBehind(tuple(retags.changed_topics(session, names)), tuple(under_way))


def _count_states(assessed: Sequence[AssessedFeed]) -> dict[str, int]:
    states = [health.state.value for _, health in assessed]
    return {state: states.count(state) for state in sorted(set(states))}


def _troubles(assessed: Sequence[AssessedFeed]) -> list[FeedTrouble]:
    return [
        FeedTrouble(feed.name, feed.url, health.state.value, health.reason)
        for feed, health in assessed
        if not health.is_ordinary or feed.facts.failures
    ]
