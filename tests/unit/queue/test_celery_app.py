"""The Celery object: who works on what, within which limits, and nothing pickled."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from types import ModuleType

import pytest
from celery import Celery

from worker.errors import ConfigurationError
from worker.setup.settings import load_settings

PROBE = """
import resource
from celery.signals import worker_process_init
import worker.queue.celery_app
worker_process_init.send(sender="probe")
print(*resource.getrlimit(resource.RLIMIT_DATA))
try:
    bytearray(1024 * 1024 * 1024)
except MemoryError:
    print("bounded")
"""


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("REDIS_URL", "memory://")
    from worker.queue import celery_app

    return celery_app


@pytest.fixture
def app(module: ModuleType) -> Celery:
    return make(module)


def make(module: ModuleType, **tables: object) -> Celery:
    made: Celery = module.make_app(load_settings(redis_url="memory://", **tables))
    return made


def our_tasks(app: Celery) -> set[str]:
    app.loader.import_default_modules()
    return {name for name in app.tasks if name.startswith("storywatch.")}


def queue_of(app: Celery, task: str) -> str:
    return str(app.amqp.router.route({}, task)["queue"].name)


def test_every_task_has_a_queue(app: Celery) -> None:
    assert {queue_of(app, task) for task in our_tasks(app)} == {"fetch", "analyze", "mail", "clock"}
    assert set(app.conf.task_routes) == our_tasks(app)


def test_what_computes_is_apart_from_what_waits(app: Celery) -> None:
    computing = {task for task in our_tasks(app) if queue_of(app, task) == "analyze"}
    assert computing >= {"storywatch.read_feed", "storywatch.analyze_article"}
    waiting = {f"storywatch.{name}" for name in ("poll_feeds", "fetch_page", "plan_digests", "deliver")}
    assert not computing & waiting


def test_the_clock_waits_behind_nobodys_pages_or_mails(app: Celery) -> None:
    ticks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert ticks == {task for task in our_tasks(app) if queue_of(app, task) == "clock"}


def test_only_what_reads_strangers_bytes_is_killed_when_late(module: ModuleType) -> None:
    limited = make(module, analyze={"limit_seconds": 7})
    for name in our_tasks(limited):
        assert limited.tasks[name].time_limit == (7 if queue_of(limited, name) == "analyze" else None), name


def test_a_message_is_acknowledged_after_the_work_and_handed_on_when_the_worker_dies(app: Celery) -> None:
    for name in our_tasks(app):
        task = app.tasks[name]
        assert (task.acks_late, task.reject_on_worker_lost, task.ignore_result) == (True, True, True)
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.result_backend is None


def test_json_only(app: Celery) -> None:
    assert app.conf.accept_content == ["json"]
    for serializer in (app.conf.task_serializer, app.conf.result_serializer, app.conf.event_serializer):
        assert serializer == "json"
    scheduler = app.conf.beat_scheduler
    assert scheduler == "celery.beat.Scheduler", "the persistent one keeps a pickle"


def test_every_tick_expires_before_the_one_after_the_next(module: ModuleType) -> None:
    quick = make(module, clock={"feeds_seconds": 1, "digests_seconds": 2, "sweep_seconds": 3, "pages_seconds": 4})
    entries = quick.conf.beat_schedule
    assert {name: entry["schedule"] for name, entry in entries.items()} == {
        "feeds": 1, "pages": 4, "digests": 2, "stories": 300, "sweep": 3, "topics": 15, "watch": 60,
        "keep_house": 300,
    }  # fmt: skip
    for name, entry in entries.items():
        assert entry["task"] in our_tasks(quick), name
        assert entry["options"]["expires"] == entry["schedule"]


def test_a_service_restarted_every_morning_is_tidied_all_the_same(module: ModuleType) -> None:
    often = make(module, clock={"housekeeping_seconds": 60})
    assert often.conf.beat_schedule["keep_house"]["schedule"] == 60


def test_a_redis_behind_a_unix_socket_is_spelled_as_celery_does(module: ModuleType) -> None:
    app = module.make_app(load_settings(redis_url="unix:///run/redis.sock"))
    assert app.conf.broker_url == "redis+socket:///run/redis.sock"


def test_without_redis_there_is_no_app(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL")
    with pytest.raises(ConfigurationError, match="REDIS_URL"):
        module.make_app(load_settings())


def test_a_process_that_reads_has_a_bounded_memory() -> None:
    environment = {**os.environ, "REDIS_URL": "memory://", "STORYWATCH_ANALYZE__LIMIT_MEGABYTES": "1024"}
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(1024 * 1024 * 1024)] * 2 + ["bounded"]
    assert resource.getrlimit(resource.RLIMIT_DATA) != (1024 * 1024 * 1024,) * 2, "not this process"


def test_a_process_that_grew_is_replaced_long_before_it_is_bounded(module: ModuleType) -> None:
    app = make(module, analyze={"limit_megabytes": 1024})
    assert app.conf.worker_max_memory_per_child == 512 * 1024, "counted in kilobytes"
