"""The list of readers, and of the mails that have not arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.responses import Response

from worker import digests
from worker.digests import Catalog
from worker.storage.digests.deliveries import RETRIED, list_deliveries
from worker.storage.digests.subscribers import SubscriptionRecord, list_subscriptions
from worker.web.choices import schedule_phrase
from worker.web.desk.pages import show
from worker.web.desk.visit import Visit

_PAGE = 50
_UNSENT = 30
STATES = ("active", "paused", "unsubscribed", "bounced")


@dataclass(frozen=True, slots=True)
class ShownReader:
    """A reader of the list; `state` is one of `STATES`."""

    id: int
    address: str
    name: str
    state: str
    until: datetime | None
    reason: str
    topics: tuple[tuple[str, str], ...]
    schedule: str
    language: str
    zone: str
    next_due: datetime | None


def show_readers(visit: Visit) -> Response:
    """Show the readers of the state and with the words asked for."""
    with visit.deps.reading() as session:
        everybody = list_subscriptions(session)
        unsent = list_deliveries(session, limit=_UNSENT)
    state, words, number = visit.query("state"), visit.query("q")[:200], visit.page_number()
    chosen = [one for one in everybody if _is_meant(one, state, words, visit.now)]
    titles = visit.deps.topic_titles(visit.say.language)
    states = Counter(state_of(one, visit.now) for one in everybody)
    return show(
        visit, "readers.html", state=state, words=words, number=number, more=len(chosen) > _PAGE * number,
        readers=[_shown(one, titles, visit) for one in chosen[_PAGE * (number - 1) : _PAGE * number]],
        tabs=[("", len(everybody)), *((name, states[name]) for name in STATES if states[name])],
        address=lambda name, page: f"/desk/readers{_address(name, words, page)}", unsent=unsent, retried=RETRIED,
    )  # fmt: skip


def state_of(one: SubscriptionRecord, now: datetime) -> str:
    """Return in which of the `STATES` a reader is."""
    if one.state != "active" or not one.active:
        return one.state if one.state in STATES and one.state != "active" else "unsubscribed"
    return "paused" if one.is_paused(now) else "active"


def next_due(one: SubscriptionRecord, now: datetime) -> datetime | None:
    """Return when the next digest comes, where that is known: who is told as it happens has no hour."""
    if not one.is_served(now) or digests.parse_schedule(one.schedule).rhythm is digests.Rhythm.INSTANT:
        return None
    return one.next_due_at


def _is_meant(one: SubscriptionRecord, state: str, words: str, now: datetime) -> bool:
    text = f"{one.subscriber.address} {one.subscriber.name}".casefold()
    return state in ("", state_of(one, now)) and all(word in text for word in words.casefold().split())


def _shown(one: SubscriptionRecord, titles: dict[str, str], visit: Visit) -> ShownReader:
    reader = one.subscriber
    return ShownReader(
        one.id, reader.address, reader.name, state_of(one, visit.now), one.paused_until, (one.reason or "")[:300],
        tuple((titles.get(topic, topic), band) for topic, band in one.band_of.items()),
        phrase_of(one, visit.say), visit.say.language_name(reader.language), visit.say.place(reader.zone),
        next_due(one, visit.now),
    )  # fmt: skip


def phrase_of(one: SubscriptionRecord, say: Catalog) -> str:
    """Return when the reader is written to, in words."""
    return schedule_phrase(digests.parse_schedule(one.schedule), say)


def _address(state: str, words: str, number: int) -> str:
    values: Sequence[tuple[str, object]] = (("state", state), ("q", words), ("page", number if number > 1 else ""))
    given = {name: value for name, value in values if value}
    return f"?{urlencode(given)}" if given else ""
