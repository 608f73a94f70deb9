"""`storywatch feeds hubs`: which feeds are told by a hub, and how those subscriptions stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.cli.installation import open_installation
from worker.cli.terminal import JsonOption, ago, moment, remark, write_json, write_table

if TYPE_CHECKING:
    from datetime import datetime

    from worker.storage.sources.hub_subscriptions import HubStatus


def hubs(as_json: JsonOption = False) -> None:
    """List the hubs that tell of feeds' news (WebSub), and how their subscriptions stand."""
    from worker.storage.sources.hub_subscriptions import list_hubs

    deps = open_installation()
    now = deps.now()
    with deps.reading() as session:
        found = list_hubs(session)
    if as_json:
        write_json([{**_facts(one), "polled": _polled(one, now)} for one in found])
        return
    if not deps.settings.web.base_url:
        remark("no hub is asked: none could reach us while web.base_url is not set")
    write_table(
        ("feed", "hub", "state", "until", "last ping", "polled", "remark"),
        [_row(one, now) for one in found],
        where_wide=("hub", "until", "last ping"),
    )


def _polled(one: HubStatus, now: datetime) -> str:
    return "hourly" if one.told_until is not None and one.told_until > now else "by its rhythm"


def _row(one: HubStatus, now: datetime) -> tuple[str, ...]:
    return (
        one.url, one.hub, one.state, moment(one.expires_at), ago(one.pinged_at, now), _polled(one, now), one.reason,
    )  # fmt: skip


def _facts(one: HubStatus) -> dict[str, object]:
    return {
        "url": one.url, "hub": one.hub, "state": one.state, "expires_at": one.expires_at, "pinged_at": one.pinged_at,
        "reason": one.reason,
    }  # fmt: skip
