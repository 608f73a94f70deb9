"""The Celery object: three queues, the clock, and the limits of the processes that read strangers' bytes."""

from __future__ import annotations

import warnings
from pkgutil import resolve_name
from typing import Any

from billiard import current_process
from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import setup_logging, worker_process_init

from worker.analysis.memory_limit import limit_memory
from worker.pipeline import STEPS, WARM_UP
from worker.queue.tasks import CLOCK, JOBS, task_name
from worker.setup.logs import configure_logs
from worker.setup.settings import Settings, load_settings, require_redis_url

_HOUR = 3600.0
_MINUTE = 60.0


def make_app(settings: Settings) -> Celery:
    """Return the Celery application for these settings."""
    app = Celery("storywatch", set_as_current=True)
    app.conf.update(
        broker_url=_broker_url(require_redis_url(settings)),
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": _HOUR},
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_routes={
            **{task_name(step.name): {"queue": step.queue} for step in STEPS.values()},
            **{task_name(job): {"queue": CLOCK} for job in JOBS},
        },
        task_annotations={
            task_name(step.name): {"time_limit": settings.analyze.limit_seconds}
            for step in STEPS.values()
            if step.queue == "analyze"
        },
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_max_memory_per_child=settings.analyze.limit_megabytes * 1024 // 2,
        worker_proc_alive_timeout=_MINUTE,  # a new process warms up before it says that it is up
        worker_cancel_long_running_tasks_on_connection_loss=True,
        # The default scheduler keeps a pickled file; intervals this short need no memory across restarts.
        beat_scheduler="celery.beat.Scheduler",
        beat_schedule=_beat_schedule(settings),
        timezone="UTC",
    )
    return app


def _beat_schedule(settings: Settings) -> dict[str, dict[str, object]]:
    every = {job: seconds(settings.clock) for job, seconds in JOBS.items()}
    return {
        # A job that could not be done before its next time is of no use any more.
        job: {"task": task_name(job), "schedule": seconds, "options": {"expires": seconds}}
        for job, seconds in every.items()
    }


def _broker_url(url: str) -> str:
    """Celery spells a Redis behind a unix socket in another way than redis-py."""
    return url.replace("unix://", "redis+socket://", 1)


# One line at the start of 'storywatch run' says the same of a service that runs as root.
warnings.filterwarnings("ignore", category=SecurityWarning)


@setup_logging.connect
def _configure_logs(**_: Any) -> None:
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)


@worker_process_init.connect
def _limit_process(**_: Any) -> None:
    """Bound what a document can take."""
    limit_memory(load_settings().analyze.limit_megabytes)


@worker_process_init.connect
def _warm_up(**_: Any) -> None:
    if current_process().name == "MainProcess":
        return  # the solo pool of the mail worker sends this signal too, and reads nothing
    from worker.setup.deps import process_deps

    resolve_name(WARM_UP)(process_deps())


app = make_app(load_settings())

__all__ = ["app", "make_app"]
