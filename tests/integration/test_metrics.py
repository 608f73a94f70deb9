"""What Prometheus is shown: numbers from the database and from Redis, in a form that its own parser reads."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis
from sqlalchemy import select

from models import Delivery, Feed
from tests.conftest import NOW, ROOT
from tests.integration.processes import wait_until
from tests.integration.stored import TOPIC, analyze, discover, match, send, subscribe
from tests.integration.test_hostile_in_browser import served
from tests.integration.web_client import WebClient
from worker.net.step_meter import StepMeter
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations, ticks
from worker.storage.db.database import Database
from worker.storage.feeds import feed_rows, polls
from worker.storage.reports.measures import read_measures
from worker.web.app import make_status_web, make_web

MINUTE = timedelta(minutes=1)


@pytest.fixture
def deps(tmp_path: Path, redis_url: str) -> Iterator[Deps]:
    settings = load_settings(folder=tmp_path, redis_url=redis_url, web={"metrics": True})
    deps = Deps(settings, now=lambda: NOW + 5 * MINUTE)
    migrations.upgrade(deps.database)
    yield deps
    deps.redis.close()
    deps.database.close()


def scrape(deps: Deps) -> dict[tuple[str, ...], float]:
    answer = WebClient(make_web(deps)).get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_numbers_are_those_of_the_database_and_of_all_processes(deps: Deps) -> None:
    with deps.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://secret-source.example/feed")], now=NOW)
        feed_id = session.scalars(select(Feed.id)).one()
        polls.save_poll(session, feed_id, polls.Poll(NOW, "changed", NOW))
        discover(session, "https://secret-source.example/waits")
        match(session, analyze(session, "https://secret-source.example/read"))
        send(session, subscribe(session, "person@news.example"))
        ticks.save_tick(session, "feeds", now=NOW)
    for seconds in (0.1, 3.0, 60.0):
        StepMeter(deps.redis).note("fetch_page", "done", seconds)
    deps.redis.rpush("analyze", "a wake-up")
    found = scrape(deps)
    assert found["storywatch_articles", "discovered"] == found["storywatch_feeds",] == 1
    assert found["storywatch_deliveries", "pending"] == found["storywatch_subscribers", "active"] == 1
    assert found["storywatch_oldest_seconds", "discovered"] == found["storywatch_tick_age_seconds", "feeds"] == 300
    assert found["storywatch_matches_last_hour", TOPIC] == found["storywatch_polls_last_hour", "changed"] == 1
    assert found["storywatch_articles_read_last_hour",] == found["storywatch_queue_messages", "analyze"] == 1
    assert found["storywatch_queue_messages", "mail"] == 0
    assert found["storywatch_ailments", "clock"] == 1
    assert found["storywatch_step_seconds_count", "done", "fetch_page"] == 3
    assert found["storywatch_step_seconds_sum", "done", "fetch_page"] == pytest.approx(63.1)
    buckets = {key[1]: value for key, value in found.items() if key[0] == "storywatch_step_seconds_bucket"}
    assert buckets == {"0.05": 0, "0.2": 1, "1.0": 1, "5.0": 2, "10.0": 2, "30.0": 2, "+Inf": 3}
    assert found["storywatch_web_process_resident_memory_bytes",] > 1e6
    shown = WebClient(make_web(deps)).get("/metrics").text
    assert "secret-source" not in shown, "no source is named"
    assert "person@" not in shown, "nor anybody"


def test_without_redis_the_database_is_shown_all_the_same(deps: Deps, tmp_path: Path) -> None:
    away = Deps(load_settings(folder=tmp_path, redis_url="unix:///nowhere.sock", web={"metrics": True}))
    found = scrape(away)
    assert ("storywatch_feeds",) in found
    assert not any(name.startswith("storywatch_queue") for name, *_ in found)
    away.step_meter.note("deliver", "done", 1.0)
    away.redis.close()
    away.database.close()


def test_it_is_off_unless_configured(deps: Deps) -> None:
    deps.settings = deps.settings.model_copy(update={"web": type(deps.settings.web)()})
    assert WebClient(make_web(deps)).get("/metrics").status == 404
    assert WebClient(make_status_web(deps)).get("/metrics").status == 200


def test_counting_is_for_all_processes(redis_url: str) -> None:
    with Redis.from_url(redis_url) as client:
        for _ in range(2):
            StepMeter(client).note("deliver", "failed", 0.3)
        (one,) = StepMeter(client).read()
    assert (one.step, one.outcome, one.times, one.seconds) == ("deliver", "failed", 2, pytest.approx(0.6))


def test_the_measures_are_the_same_on_both_databases(database: Database) -> None:
    with database.transaction() as session:
        discover(session, "https://news.example/waits")
        send(session, subscribe(session))
        session.flush()
        found = read_measures(session, now=NOW)
        assert found.articles == {"discovered": 1, "fetched": 0, "failed": 0}
        assert found.oldest == {"discovered": NOW, "pending delivery": NOW}
        assert found.deliveries == {"pending": len(session.scalars(select(Delivery.id)).all())}
        assert found.size > 100_000


def test_every_number_that_the_documents_alert_on_is_shown(deps: Deps) -> None:
    with deps.transaction() as session:
        discover(session, "https://news.example/waits")
        ticks.save_tick(session, "feeds", now=NOW)
    deps.step_meter.note("deliver", "failed", 0.3)
    families = text_string_to_metric_families(WebClient(make_web(deps)).get("/metrics").text)
    shown = {family.name for family in families} | {name for name, *_ in scrape(deps)}
    named = set(re.findall(r"storywatch_\w+", (ROOT / "docs" / "monitoring.md").read_text()))
    assert len(named) > 8
    assert named <= shown, named - shown


PROMETHEUS, PROMTOOL = shutil.which("prometheus"), shutil.which("promtool")
NEEDS_PROMETHEUS = pytest.mark.skipif(not (PROMETHEUS and PROMTOOL), reason="there is no Prometheus here")


@NEEDS_PROMETHEUS
def test_the_rules_of_the_documents_are_rules(tmp_path: Path) -> None:
    rules = (ROOT / "docs" / "monitoring.md").read_text().partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "rules.yml").write_text(rules)
    done = subprocess.run([str(PROMTOOL), "check", "rules", "rules.yml"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 rules found" in done.stdout


@NEEDS_PROMETHEUS
def test_a_real_prometheus_reads_them(deps: Deps, tmp_path: Path) -> None:
    with deps.transaction() as session:
        feed_rows.add_feeds(session, [feed_rows.NewFeed("https://secret-source.example/feed")], now=NOW)
    StepMeter(deps.redis).note("fetch_page", "done", 3.0)
    with socket.create_server(("127.0.0.1", 0)) as free:
        own = f"127.0.0.1:{free.getsockname()[1]}"
    with served(deps, make_status_web) as (base, _):
        targets = [{"targets": [urlsplit(base).netloc]}]
        job = {"job_name": "storywatch", "scrape_interval": "1s", "static_configs": targets}
        (tmp_path / "prometheus.yml").write_text(json.dumps({"scrape_configs": [job]}))  # YAML takes JSON
        options = ("--config.file=prometheus.yml", "--storage.tsdb.path=data", f"--web.listen-address={own}")
        with subprocess.Popen([str(PROMETHEUS), *options], cwd=tmp_path, stderr=subprocess.DEVNULL) as process:
            try:
                assert wait_until(lambda: asked(own, "storywatch_feeds") == ["1"])
                assert asked(own, "up") == ["1"]
                assert asked(own, 'storywatch_step_seconds_count{step="fetch_page"}') == ["1"]
            finally:
                process.kill()


def asked(prometheus: str, query: str) -> list[str]:
    """The values that a Prometheus has for the query; none while it is not there."""
    address = f"http://{prometheus}/api/v1/query?{urlencode({'query': query})}"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return [str(one["value"][1]) for one in json.load(answer)["data"]["result"]]
    except OSError:
        return []
