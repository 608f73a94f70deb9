"""Numbers for Prometheus: read from the database, which is the truth, and from what Redis counts for all processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker.delivery.operator import examine
from worker.errors import ConfigurationError
from worker.net.step_meter import StepMeter, StepTimes
from worker.pipeline import STEPS
from worker.setup.deps import Deps
from worker.storage.reports.measures import Measures, read_measures

_QUEUES = (*dict.fromkeys(step.queue for step in STEPS.values()), "clock")


async def show_metrics(request: Request) -> Response:
    """Answer a scrape."""
    return Response(await run_in_threadpool(_written, request.app.state.deps), media_type=CONTENT_TYPE_LATEST)


def _written(deps: Deps) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Once(_measured(deps)))
    ProcessCollector(namespace="storywatch_web", registry=registry)
    return generate_latest(registry)


class _Once:
    """What was measured for one scrape."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _measured(deps: Deps) -> Iterator[Metric]:
    now = deps.now()
    with deps.reading() as session:
        found = read_measures(session, now=now)
    yield from _of_rows(found)
    yield _ages("oldest_seconds", "How long the oldest row has waited, by what for.", "waits", found.oldest, now)
    yield _ages("tick_age_seconds", "How long ago the clock did each of its jobs.", "job", found.ticks, now)
    ill = examine(deps)
    yield _many("ailments", "What is wrong, as the operator is told.", "name", {one.name: 1 for one in ill})
    yield from _of_redis(deps)


def _of_rows(found: Measures) -> Iterator[Metric]:
    yield _many("articles", "Articles that are not finished, or failed.", "state", found.articles)
    yield _one("documents_pending", "Feeds' documents that wait to be read.", found.documents)
    yield _many("deliveries", "Deliveries.", "state", found.deliveries)
    yield _many("subscribers", "Subscribers.", "state", found.subscribers)
    yield _one("feeds", "Feeds that are watched.", found.feeds)
    yield _one("feeds_failing", "Those whose last three polls failed.", found.failing_feeds)
    yield _many("polls_last_hour", "Polls that brought something or failed.", "outcome", found.polls_lately)
    yield _one("articles_read_last_hour", "Articles that were read.", found.read_lately)
    yield _many("matches_last_hour", "Matches.", "topic", found.matches_lately)
    yield _one("database_bytes", "What the database takes.", found.size)


def _of_redis(deps: Deps) -> Iterator[Metric]:
    """Queues and steps; nothing where Redis is away, which Prometheus shows as a gap."""
    from redis import RedisError

    try:
        lengths = {queue: int(deps.redis.llen(queue)) for queue in _QUEUES}
        steps = StepMeter(deps.redis).read()
    except (RedisError, ConfigurationError):
        return
    yield _many("queue_messages", "Wake-ups that wait.", "queue", lengths)
    yield _durations(steps)


def _durations(steps: Iterable[StepTimes]) -> Metric:
    labels = ["step", "outcome"]
    family = HistogramMetricFamily("storywatch_step_seconds", "How long steps took, by how they ended.", labels=labels)
    for one in steps:
        buckets = [*((str(bound), float(times)) for bound, times in one.within.items()), ("+Inf", float(one.times))]
        family.add_metric([one.step, one.outcome], buckets=buckets, sum_value=one.seconds)
    return family


def _one(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"storywatch_{name}", help_text, value=value)


def _many(name: str, help_text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"storywatch_{name}", help_text, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _ages(name: str, help_text: str, label: str, moments: Mapping[str, datetime], now: datetime) -> Metric:
    ages = {key: (now - moment).total_seconds() for key, moment in moments.items()}
    return _many(name, help_text, label, ages)
