"""Inputs that hang their process: killed at the time limit, told with the feed's text after three tries, the pool still
working, and empty whenever there is nothing to do."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from models import Article
from tests.conftest import ROOT
from tests.integration import inline
from tests.integration.processes import wait_until
from worker.queue import sweep
from worker.queue.tasks import task_name
from worker.setup.deps import Deps
from worker.storage.articles import discoveries
from worker.storage.articles.discoveries import NewArticle

pytestmark = pytest.mark.slow
POISONED, HEALTHY = 1, 1
BROKE = "reading it broke its process three times (time or memory limit)"


def announced(name: str) -> NewArticle:
    return NewArticle(
        key=name, url=f"https://news.example/{name}", entry_id=name, title=name, has_page=False,
        body="<p>A paragraph about the harbour and its ferries.</p>", published=datetime.now(UTC),
    )  # fmt: skip


def states(deps: Deps) -> dict[str, tuple[str, str | None, int]]:
    with deps.reading() as session:
        rows = session.execute(select(Article.entry_title, Article.state, Article.reason, Article.attempts))
        return {title: (state, reason, attempts) for title, state, reason, attempts in rows}


def test_poison_is_given_up_and_the_pool_goes_on(tmp_path: Path, redis_url: str) -> None:
    limits = "[analyze]\nlimit_seconds = 2\n[clock]\nlease_seconds = 3\n[fetch]\ntimeout_seconds = 0.5\n"
    (tmp_path / "storywatch.toml").write_text(f"builtin_topics = false\n{limits}")
    url = f"sqlite:///{tmp_path / 'poison.db'}"
    tables = {"clock": {"lease_seconds": 3}, "analyze": {"limit_seconds": 2}, "fetch": {"timeout_seconds": 0.5}}
    deps = inline.make_deps(inline.settings_for(tmp_path, url, redis_url, **tables))
    with deps.transaction() as session:
        names = [f"POISON {n}" for n in range(POISONED)]
        discoveries.discover(session, None, "Example", [announced(name) for name in names], now=deps.now())
    environment = {
        **os.environ, "DATABASE_URL": url, "REDIS_URL": redis_url, "PYTHONPATH": str(ROOT),
        "STORYWATCH_CONFIG": str(tmp_path / "storywatch.toml"), "AUTOSCALE_KEEPALIVE": "2",
    }  # fmt: skip
    command = [sys.executable, "-m", "celery", "-A", "tests.integration.poisoned_app", "worker", "-Q", "analyze"]
    with (tmp_path / "worker.log").open("w") as log:
        command += ["-P", "prefork", "--autoscale", "1,0"]
        worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            sender = make_sender(deps)

            def all_given_up() -> bool:
                sender()
                return {(state, reason) for state, reason, _ in states(deps).values()} == {("analyzed", BROKE)}

            assert wait_until(all_given_up, seconds=240), states(deps)
            for n in range(1, HEALTHY + 1):
                idle = lambda: not psutil.Process(worker.pid).children()  # noqa: E731
                assert wait_until(idle, seconds=20), "an idle pool keeps no process"
                with deps.transaction() as session:
                    discoveries.discover(session, None, "Example", [announced(f"Healthy {n}")], now=deps.now())

                def healthy_read(n: int = n) -> bool:
                    sender()
                    return sum(state == "analyzed" for state, _, _ in states(deps).values()) == POISONED + n

                assert wait_until(healthy_read, seconds=40), states(deps)
        finally:
            worker.kill()
            worker.wait()
    found = states(deps)
    reasons = {reason for title, (_, reason, _) in found.items() if title.startswith("POISON")}
    assert reasons == {BROKE}
    assert "hard" in (tmp_path / "worker.log").read_text().lower()
    deps.redis.close()
    deps.database.close()


def make_sender(deps: Deps):  # type: ignore[no-untyped-def]
    """What the sweep does: wake whatever could be claimed, while the queue is empty."""
    from celery import Celery

    app = Celery("test", broker=deps.settings.redis_url.replace("unix://", "redis+socket://"))

    def send() -> None:
        if not deps.redis.llen("analyze"):
            for step, row_id in sweep.look(deps, "sweep", "analyze", room=20):
                app.send_task(task_name(step), (row_id,), queue="analyze")

    return send
