"""The page of the installation's health: the ill first, in words; the numbers below."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta

from starlette.responses import Response

from worker import __version__
from worker.delivery.operator import examine
from worker.delivery.start_checks import start_warnings
from worker.errors import ConfigurationError
from worker.pipeline import STEPS
from worker.storage.db import sizes
from worker.storage.feeds.feed_rows import AssessedFeed, assess_feeds
from worker.storage.reports.measures import Measures, read_measures
from worker.web.desk.health import advice
from worker.web.desk.health.advice import Advice
from worker.web.desk.pages import show
from worker.web.desk.visit import Visit

_QUEUES = (*dict.fromkeys(step.queue for step in STEPS.values()), "clock")
_WORST = 5
_MEGABYTE = 1_000_000


def show_health(visit: Visit) -> Response:
    """Show what is ill, and below it how much there is of what."""
    deps, now = visit.deps, visit.now
    with deps.reading() as session:
        measured = read_measures(session, now=now)
        watched = assess_feeds(session, now=now)
        growth = sizes.read_growth(session, now=now)
    queues = _queues(visit)
    ill = _ill_feeds(watched)
    found = _found(visit, measured, ill, len(watched), queues)
    disk = shutil.disk_usage(deps.database.file.parent) if deps.database.file else None
    return show(
        visit, "health.html", found=found, severe=[one for one in found if one.is_severe], worst=ill[:_WORST],
        measured=measured, queues=queues if isinstance(queues, Mapping) else {}, watched=len(watched), ill=len(ill),
        size=growth.size / _MEGABYTE, growth=None if growth.a_day is None else growth.a_day / _MEGABYTE,
        days_left=_days_left(disk.free if disk else None, growth.a_day), version=__version__,
        python=platform.python_version(), database="SQLite" if deps.database.is_sqlite else "PostgreSQL",
    )  # fmt: skip


def _found(
    visit: Visit, measured: Measures, ill: Sequence[AssessedFeed], watched: int, queues: Mapping[str, int] | str
) -> list[Advice]:
    """What is to be said, the severe first."""
    say, ailments = visit.say, examine(visit.deps)
    found = [advice.advise(one, say) for one in ailments]
    found += [advice.unusable(line, say) for line in start_warnings(visit.deps)]
    if isinstance(queues, str):
        found.append(advice.without_redis(queues, say))
    if dead := measured.deliveries.get("dead", 0):
        found.append(advice.undelivered(dead, say))
    if ill and not any(one.part == "feeds" for one in ailments):
        found.append(advice.ill_feeds(len(ill), watched, say))
    return sorted(found, key=lambda one: not one.is_severe)


def _ill_feeds(watched: Sequence[AssessedFeed]) -> list[AssessedFeed]:
    """Those that need a look, the longest without success first."""
    ill = [(feed, health) for feed, health in watched if not health.is_well]
    return sorted(ill, key=lambda pair: str(pair[0].facts.last_success or ""))


def _queues(visit: Visit) -> Mapping[str, int] | str:
    """How many wake-ups wait in each queue; or, in words, why that is not known."""
    from redis import RedisError

    try:
        return {queue: int(visit.deps.redis.llen(queue)) for queue in _QUEUES}
    except (RedisError, ConfigurationError) as error:
        return str(error)


def _days_left(free: int | None, a_day: float | None) -> int | None:
    """After how many days the disk is full, where that is within ten years."""
    if free is None or not a_day or a_day < 0:
        return None
    left = timedelta(days=min(free / a_day, 10**6)).days
    return left if left < 3650 else None
