"""`storywatch status`: whether everything goes on, and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from worker import __version__
from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, ago, say, write_json, write_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from worker.setup.deps import Deps
    from worker.storage.reports.overview import Overview, Trouble

_WELL = ("healthy", "new")
_MISSED_TICKS = 5
_LEAST_ALARM = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """A feed that does not fare well, or has moved."""

    name: str
    url: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """Everything `storywatch status` says; `warnings` are lines a person should act on."""

    version: str
    now: datetime
    database: str
    outbox: str
    mail: str
    web: str
    overview: Overview
    feeds: Mapping[str, int]
    feed_troubles: tuple[FeedTrouble, ...]
    warnings: tuple[str, ...]


def status(as_json: JsonOption = False) -> None:
    """Show what there is, what is in trouble, and when the clock last ticked."""
    found = read_status(open_installation())
    if as_json:
        write_json(found)
    else:
        _show(found)


def read_status(deps: Deps) -> Status:
    """Look at the whole installation."""
    from worker.setup.topic_sources import load_topics
    from worker.storage.reports.overview import read_overview

    now, settings = deps.now(), deps.settings
    with deps.reading() as session:
        overview = read_overview(session)
        counts, troubles = _feeds(session, now)
        topic_lines = topic_warnings(session, [topic.name for topic in load_topics(settings)])
    intervals = {"feeds": settings.clock.feeds_seconds, "digests": settings.clock.digests_seconds}
    return Status(
        version=__version__, now=now, database=deps.database.engine.url.render_as_string(hide_password=True),
        outbox=str(settings.outbox_folder), mail=settings.mail.host, web=settings.web_url, overview=overview,
        feeds=counts, feed_troubles=troubles,
        warnings=(*clock_warnings(overview.ticks, intervals, now), *topic_lines),
    )  # fmt: skip


def clock_warnings(ticks: Mapping[str, datetime], intervals: Mapping[str, float], now: datetime) -> tuple[str, ...]:
    """Return a line for each job (seconds between its ticks in `intervals`) that has not run for long."""
    return tuple(
        f"the clock's job '{name}' ran last: {ago(ticks.get(name), now)}; is 'storywatch run' running?"
        for name, seconds in intervals.items()
        if name not in ticks or now - ticks[name] > max(_MISSED_TICKS * timedelta(seconds=seconds), _LEAST_ALARM)
    )


def topic_warnings(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    """Return a line for each of the topics that the stored articles have not been read with as it is now."""
    from worker.cli.topics.retag import describe
    from worker.storage.topics.retags import changed_topics, retag_progress

    changed = [
        f"topic {one.topic} changed since {one.articles} articles were tagged: "
        f"run 'storywatch topics retag {one.topic}'"
        for one in changed_topics(session, names)
    ]
    under_way = [
        f"topic {describe(one)}" for one in retag_progress(session) if one.state != "done" and one.topic in names
    ]
    return (*changed, *under_way)


def _feeds(session: Any, now: datetime) -> tuple[dict[str, int], tuple[FeedTrouble, ...]]:
    from worker import feeds
    from worker.storage.feeds.feed_rows import list_feeds

    counts: dict[str, int] = {}
    troubles: list[FeedTrouble] = []
    for feed in list_feeds(session):
        health = feeds.assess(feed.facts, now=now)
        counts[health.state.value] = counts.get(health.state.value, 0) + 1
        if health.state.value not in _WELL or feed.facts.failures:
            troubles.append(FeedTrouble(feed.name, feed.url, health.state.value, health.reason))
    return dict(sorted(counts.items())), tuple(troubles)


def _show(found: Status) -> None:
    overview, now = found.overview, found.now
    say(f"Storywatch {found.version}")
    say(f"Database  {found.database}")
    say(f"Mail      {'through ' + found.mail if found.mail else 'to the outbox folder ' + found.outbox}")
    say(f"Web       {found.web}\n")
    remarks = [f"{overview.feed_only} from the feed's text only"] if overview.feed_only else []
    if overview.oldest_waiting:
        remarks.append(f"the oldest unread came {ago(overview.oldest_waiting, now)}")
    write_table(
        ("what", "how many", "remark"),
        [
            ("articles", _counts(overview.articles), ", ".join(remarks)),
            ("documents", _counts(overview.documents), ""),
            ("stories", str(overview.stories), ""),
            ("feeds", _counts(found.feeds), ""),
            ("subscribers", _counts(overview.subscribers), ""),
            ("deliveries", _counts(overview.deliveries), ""),
            (
                "clock",
                ", ".join(f"{name} {ago(at, now)}" for name, at in overview.ticks.items()) or "never",
                "",
            ),
        ],
    )
    if found.feed_troubles:
        rows = [(trouble.state, trouble.name, trouble.reason) for trouble in found.feed_troubles]
        write_table(("feed", "name", "why"), rows, title="Feeds in trouble, or moved")
    _show_troubles("Articles given up", overview.failed_articles)
    _show_troubles("Pages not had, or not whole", overview.missed_pages)
    _show_troubles("Mail in trouble", overview.failed_deliveries)
    _show_troubles("Mail servers left alone", overview.mail_hosts)
    for warning in found.warnings:
        say(f"Warning: {warning}")


def _show_troubles(title: str, troubles: tuple[Trouble, ...]) -> None:
    if troubles:
        write_table(("what", "why"), [(trouble.what, trouble.reason) for trouble in troubles], title=title)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
