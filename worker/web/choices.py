"""What the forms offer, and what comes back, as the values of a subscriber's setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from worker import digests
from worker.digests import Catalog, Rhythm, Schedule
from worker.setup.deps import Deps
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.topics import DEFAULT_BAND
from worker.web.forms import Form

_MOST_TOPICS = 20
_OTHER_ZONES = ("UTC",)
_NO_PLACES = frozenset({"Etc", "SystemV", "US", "Brazil", "Canada", "Chile", "Mexico"})


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic as a form shows it; `feeds` are the addresses of its Atom and JSON feeds, where there are any."""

    name: str
    title: str
    chosen: bool
    band: str
    feeds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ScheduleChoice:
    """A schedule taken apart into the fields of a form."""

    rhythm: str
    at: str
    day: int
    minutes: int
    night_from: str
    night_to: str


def topic_choices(deps: Deps, language: str, bands: Mapping[str, str]) -> list[TopicChoice]:
    """Return the topics in use, those in `bands` as chosen."""
    titles = deps.topic_titles(language)
    return [TopicChoice(name, title, name in bands, bands.get(name, DEFAULT_BAND)) for name, title in titles.items()]


def schedule_choice(schedule: Schedule) -> ScheduleChoice:
    """Return the fields that show the schedule."""
    night = schedule.night or ("", "")
    return ScheduleChoice(
        rhythm=schedule.rhythm.value,
        at=f"{schedule.at:%H:%M}" if schedule.rhythm not in {Rhythm.INSTANT, Rhythm.HOURLY} else "07:00",
        day=schedule.days[0] if schedule.rhythm is Rhythm.WEEKLY else 0,
        minutes=int(schedule.quiet.total_seconds()) // 60,
        night_from=f"{night[0]:%H:%M}" if schedule.night else "",
        night_to=f"{night[1]:%H:%M}" if schedule.night else "",
    )


def zones(current: str) -> dict[str, list[str]]:
    """Return the zones by part of the world, `current` among them."""
    grouped: dict[str, list[str]] = {}
    for name in sorted({*_all_zones(), current} - {""}):
        part, _, place = name.partition("/")
        if name == current or name in _OTHER_ZONES or (place and part not in _NO_PLACES):
            grouped.setdefault(part if place else "", []).append(name)
    return grouped


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones())  # which walks through folders each time


def chosen_values(form: Form) -> dict[str, object]:
    """Return what the form says, as the values of a setting; whether they can be used is for the setting to say."""
    return {
        "topics": tuple(
            f"{name}:{form.one(f'band-{name}') or DEFAULT_BAND}" for name in form.every("topic")[:_MOST_TOPICS]
        ),
        "schedule": _schedule(form),
        "zone": form.one("zone"),
        "language": form.one("language"),
        "stories": form.one("stories"),
        "send_empty": form.one("send_empty") == "yes",
        "pause_until": form.one("pause_until") or None,
    }


def _schedule(form: Form) -> str:
    rhythm, at = form.one("rhythm"), form.one("at")
    if rhythm == Rhythm.INSTANT:
        minutes, start, end = form.one("minutes"), form.one("night_from"), form.one("night_to")
        every = f" every {minutes} minutes" if minutes else ""
        return f"instant{every}" + (f" except {start}-{end}" if start or end else "")
    if rhythm == Rhythm.HOURLY:
        return rhythm
    if rhythm == Rhythm.WEEKLY:
        day = form.one("day")
        names = digests.WEEKDAY_NAMES
        return f"weekly on {names[int(day) % 7] if day.isascii() and day.isdigit() and len(day) < 3 else day} at {at}"
    return f"{rhythm} at {at}"


def described(deps: Deps, subscription: SubscriptionRecord, say: Catalog) -> str:
    """Return in a sentence what the subscriber gets, and when."""
    titles = deps.topic_titles(say.language)
    names = ", ".join(titles.get(name, name) for name in subscription.topics)
    return f"{names}: {schedule_phrase(digests.parse_schedule(subscription.schedule), say)}"


def schedule_phrase(schedule: Schedule, say: Catalog) -> str:
    """Return the schedule in words."""
    at = {"time": f"{schedule.at:%H:%M}"}
    if schedule.rhythm is Rhythm.INSTANT:
        night = schedule.night
        words = say.ngettext(
            "as it happens, at most one mail in %(num)s minute",
            "as it happens, at most one mail in %(num)s minutes",
            int(schedule.quiet.total_seconds()) // 60,
        )
        if night is None:
            return words
        return say.gettext("%(often)s, not between %(start)s and %(end)s") % {
            "often": words, "start": f"{night[0]:%H:%M}", "end": f"{night[1]:%H:%M}"
        }  # fmt: skip
    if schedule.rhythm is Rhythm.HOURLY:
        return say.gettext("every hour")
    if schedule.rhythm is Rhythm.DAILY:
        return say.gettext("every day at %(time)s") % at
    if schedule.rhythm is Rhythm.WEEKDAYS:
        return say.gettext("Monday to Friday at %(time)s") % at
    return say.gettext("every %(day)s at %(time)s") % {**at, "day": say.weekday(schedule.days[0])}
