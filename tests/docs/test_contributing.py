"""The recipes of CONTRIBUTING.md lead where they say, and a step that is written by its recipe runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs import documents

CONTRIBUTING = ROOT / "CONTRIBUTING.md"
RECIPES = ("step", "feed format", "page rule", "channel", "language", "setting", "topic", "migration", "web page")


def recipe(name: str) -> str:
    """What stands under the heading of a new thing."""
    _, found, rest = CONTRIBUTING.read_text().partition(f"\n## A new {name}\n")
    assert found, name
    return rest.partition("\n## ")[0]


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_names_files_of_the_product_and_the_tests_that_hold_it(name: str) -> None:
    spans = documents.spans_of(recipe(name))
    assert any(span.startswith(("worker/", "models/", "alembic/")) for span in spans)
    assert any(span.startswith("tests/") for span in spans)


NAMED_TESTS = sorted({span for span in documents.spans() if "::" in span})


@pytest.mark.parametrize("test", NAMED_TESTS)
def test_every_test_that_is_named_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert f"\ndef {name}(" in (ROOT / path).read_text()


def test_every_column_of_the_table_of_languages_that_is_named_is_there() -> None:
    from worker.text.languages import Language

    columns = {column for cells in documents.rows(CONTRIBUTING, "column") for column in documents.spans_of(cells[0])}
    promises = {name for name in Language.__dataclass_fields__ if Language.__annotations__[name] == "bool"}
    assert columns == promises


STEP = """
from dataclasses import dataclass

from worker.step import Beats, Save, Saved
from worker.storage.feeds import feed_rows


@dataclass(frozen=True)
class Row:
    id: int
    attempts: int = 1


def due(deps, limit):
    with deps.reading() as session:
        return [feed.id for feed in feed_rows.list_feeds(session)][:limit]


def greet_feed(deps, feed_id):
    def claim(session, row_id, /, *, now, lease):
        return Row(row_id)

    def work(row):
        def write(session):
            return Saved(says=lambda: print(f"feed {row.id} is greeted"))

        return Save(write)

    return Beats(claim=claim, is_held=lambda session, row: True, work=work).take(deps, feed_id)
"""
SERVICE = """
from celery import current_app

from worker import pipeline

row = pipeline.Step("greet_feed", "rooms.greet_feed", "analyze")
pipeline.STEPS[row.name] = row

from worker.queue import sweep, tasks
from worker.setup.deps import process_deps
from worker.storage.db import migrations
from worker.storage.feeds import feed_rows

deps = process_deps()
migrations.upgrade(deps.database)
with deps.transaction() as session:
    feed_rows.add_feeds(session, [feed_rows.NewFeed("https://news.example/feed")], now=deps.now())
(wakeup,) = sweep.look(deps, "sweep", "analyze", room=9)
print(wakeup.step, "is woken")
current_app.tasks[tasks.task_name(wakeup.step)](wakeup.row_id)
"""


def test_a_step_that_is_written_by_the_recipe_is_swept_and_done(tmp_path: Path) -> None:
    """In a process of its own: a task, once made, is one of Celery's for good."""
    assert re.search(r"the function of that name and `due`", recipe("step"))
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "greet_feed.py").write_text(STEP)
    (tmp_path / "data").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SERVICE], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == ["greet_feed is woken", "feed 1 is greeted"]
