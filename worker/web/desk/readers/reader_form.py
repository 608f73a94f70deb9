"""A reader's settings as a form shows them, and as it sends them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker import digests
from worker.errors import ConfigurationError
from worker.setup.declarations import asked_so_far, blame, check_subscriber, subscriber_request
from worker.storage.db.hashes import string_hash
from worker.storage.digests.subscribers import SubscriptionRecord, SubscriptionRequest
from worker.topics import DEFAULT_BAND, Band
from worker.web import choices
from worker.web.choices import ScheduleChoice
from worker.web.desk.visit import Visit
from worker.web.forms import Form

_USUAL = "daily at 07:00"
_STORIES = "25"


@dataclass(frozen=True, slots=True)
class ReaderValues:
    """What stands in the fields."""

    address: str
    name: str
    language: str
    zone: str
    bands: Mapping[str, str]
    schedule: ScheduleChoice
    stories: str
    send_empty: bool
    pause_until: str


def values_of(one: SubscriptionRecord) -> ReaderValues:
    """Return the fields of a known reader."""
    paused = asked_so_far(one)["pause_until"]
    return ReaderValues(
        one.subscriber.address, one.subscriber.name, one.subscriber.language, one.subscriber.zone, one.band_of,
        choices.schedule_choice(digests.parse_schedule(one.schedule)), str(one.story_limit), one.send_empty,
        str(paused or ""),
    )  # fmt: skip


def empty_values(visit: Visit) -> ReaderValues:
    """Return the fields of somebody new: the first topic, once a day, in the language and zone of who fills them in."""
    first = visit.deps.topic_names()[:1]
    schedule = choices.schedule_choice(digests.parse_schedule(_USUAL))
    bands = dict.fromkeys(first, DEFAULT_BAND.value)
    return ReaderValues("", "", visit.say.language, visit.person.zone, bands, schedule, _STORIES, False, "")


def sent_values(form: Form) -> ReaderValues:
    """Return the fields as they were sent, to be shown again."""
    schedule = choices.chosen_values(form)["schedule"]
    try:
        parsed = digests.parse_schedule(str(schedule))
    except ConfigurationError:
        parsed = digests.parse_schedule(_USUAL)
    bands = {name: form.one(f"band-{name}") or DEFAULT_BAND for name in form.every("topic")[:50]}
    return ReaderValues(
        form.one("address")[:254], form.one("name")[:200], form.one("language")[:16], form.one("zone")[:64],
        {name: band if band in list(Band) else DEFAULT_BAND for name, band in bands.items()},
        choices.schedule_choice(parsed), form.one("stories")[:8], form.one("send_empty") == "yes",
        form.one("pause_until")[:10],
    )  # fmt: skip


def version_of(one: SubscriptionRecord) -> str:
    """Return what changes with every change of a reader's settings: a form that was made before one is out of date."""
    return string_hash(repr(sorted(asked_so_far(one).items())))[:16]


def asked_for(visit: Visit, address: str, known: SubscriptionRecord | None) -> SubscriptionRequest:
    """Return what the form asks for. Raises `ConfigurationError` for the first field that cannot be."""
    with blame("address"):
        digests.checked_address(address)
    chosen = choices.chosen_values(visit.form)
    so_far = asked_so_far(known) if known else {}
    values = {**so_far, **chosen, "address": address, "name": visit.form.one("name")[:200]}
    return subscriber_request(check_subscriber(values), visit.deps.topic_names(), now=visit.now)
