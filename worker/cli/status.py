"""`storywatch status`: whether everything goes on, and what does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from worker.analysis.json_values import plain
from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, ago, say, write_json, write_table
from worker.cli.topics.retag import describe

if TYPE_CHECKING:
    from worker.service.status import DiskUse, Status, TopicsBehind
    from worker.storage.reports.overview import Trouble


def status(as_json: JsonOption = False) -> None:
    """Show what there is, what is in trouble, and when the clock last ticked."""
    from worker.service.status import read_status

    found = read_status(open_installation())
    if as_json:
        write_json(status_form(found))
    else:
        _show(found)


def status_form(found: Status) -> dict[str, Any]:
    """Return the fixed form of `status --json`: the facts, and the warnings as lines."""
    facts: dict[str, Any] = plain(found)
    del facts["late_jobs"], facts["topics"], facts["unusable"]
    return {**facts, "warnings": warnings(found)}


def warnings(found: Status) -> tuple[str, ...]:
    """Return a line for each thing a person should act on."""
    ticks = found.overview.ticks
    late = [
        f"the clock's job '{name}' ran last: {ago(ticks.get(name), found.now)}; is 'storywatch run' running?"
        for name in found.late_jobs
    ]
    return (*found.unusable, *late, *topic_warnings(found.topics))


def topic_warnings(behind: TopicsBehind) -> tuple[str, ...]:
    """Return a line for each topic that the stored articles have not been read with as it is now."""
    changed = [
        f"topic {one.topic} changed since {one.articles} articles were tagged: "
        f"run 'storywatch topics retag {one.topic}'"
        for one in behind.changed
    ]
    return (*changed, *(f"topic {describe(one)}" for one in behind.under_way))


def _show(found: Status) -> None:
    overview, now = found.overview, found.now
    say(f"Storywatch {found.version}")
    say(f"Database  {found.database}")
    say(f"Mail      {'through ' + found.mail if found.mail else 'to the outbox folder ' + found.outbox}")
    say(f"Web       {found.web}")
    say(f"Status    {found.status_page or 'no page (web.status_port is 0)'}\n")
    remarks = [f"{overview.feed_only} only as their feed tells them"] if overview.feed_only else []
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
            ("disk", size_of(found.disk.size), _growth(found.disk)),
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
    _show_troubles("Pages that could not be read, or not in full", overview.missed_pages)
    _show_troubles("Mail in trouble", overview.failed_deliveries)
    _show_troubles("Mail servers left alone", overview.mail_hosts)
    for warning in warnings(found):
        say(f"Warning: {warning}")


def _show_troubles(title: str, troubles: tuple[Trouble, ...]) -> None:
    if troubles:
        write_table(("what", "why"), [(trouble.what, trouble.reason) for trouble in troubles], title=title)


def size_of(size: float) -> str:
    """Return a number of bytes as people read it."""
    for unit in ("bytes", "kB", "MB"):
        if abs(size) < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _growth(disk: DiskUse) -> str:
    """By how much the database grows, what room there is, and how long that lasts."""
    grows = "how fast it grows is known after a day" if disk.growth is None else f"{size_of(disk.growth)} more a day"
    room = "" if disk.free is None else f", {size_of(disk.free)} left"
    lasts = "" if disk.days_left is None else f": full in {disk.days_left:,.0f} days"
    return grows + room + lasts


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
