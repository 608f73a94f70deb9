"""What `make lint` refuses: every kind of import and call that the house forbids, planted in a copy and seen."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

WINGS = (
    "intake.fetching", "analysis.placing", "delivery.composing", "queue.tasks", "replay.archive", "cli.explain",
    "web.status", "service.running", "sample_site.site", "setup.settings", "step", "pipeline", "channels.webhook",
    "scouting.feed_search",
)  # fmt: skip
STAGES = ("feeds.entry", "pages.urls", "duplicates.decision", "stories.assignment", "topics.topic", "digests.digest",
          "text.languages")  # fmt: skip

PLANTED = [
    *((place, outside) for place in WINGS for outside in ("models", "sqlalchemy", "pycurl", "socket")),
    *((place, outside) for place in STAGES for outside in ("sqlalchemy", "celery", "logging", "time", "pathlib", "os")),
    ("storage.stories.story_rows", "worker.analysis.placing"),
    ("storage.articles.article_rows", "worker.setup.settings"),
    ("storage.topics.retags", "worker.analysis.retag_articles"),
    ("storage.feeds.polls", "worker.net"),
    ("pages.urls", "worker.setup.settings"),
    ("feeds.entry", "worker.setup.logs"),
    ("pages.urls", "worker.net"),
    ("stories.assignment", "worker.topics"),
    ("digests.digest", "worker.stories"),
    ("duplicates.decision", "worker.pages"),
    ("net.http", "worker.storage.db.database"),
    ("net.http", "worker.feeds"),
    ("intake.fetching", "worker.cli.terminal"),
    ("intake.fetching", "worker.analysis.reading"),
    ("analysis.placing", "worker.delivery.composing"),
    ("queue.tasks", "worker.web.app"),
    ("service.supervisor", "worker.cli.main"),
    ("channels.webhook", "worker.setup.settings"),
    ("errors", "worker.retry"),
]
"""Module of `worker`, and what it must not import."""

CALLS = {
    "datetime.now(UTC)": "from datetime import UTC, datetime",
    "date.today()": "from datetime import date",
    "open('/etc/passwd')": "",
    "urlopen('https://news.example/')": "from urllib.request import urlopen",
}
"""What a stage must not call, and what it would import for that."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is checked, for us to spoil."""
    copy = tmp_path_factory.mktemp("house")
    for name in ("worker", "models"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def tool(name: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / name), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def plant(house: Path, place: str, line: str) -> None:
    path = house / "worker" / Path(*place.split(".")).with_suffix(".py")
    assert path.is_file(), f"{path} is gone: plant it elsewhere"
    path.write_text(f"{path.read_text('utf-8')}\n{line}\n", encoding="utf-8")


def test_every_planted_import_is_refused(house: Path) -> None:
    clean = tool("lint-imports", "--no-cache", folder=house)
    assert clean.returncode == 0, clean.stdout
    for place, outside in PLANTED:
        plant(house, place, f"import {outside}")
    spoiled = tool("lint-imports", "--no-cache", folder=house)
    assert spoiled.returncode == 1
    refused = set(re.findall(r"(\S+) -> (\S+) \(l\.", spoiled.stdout.replace("\n", " ").replace("  ", " ")))
    missed = [pair for pair in PLANTED if not any(_is(pair, found) for found in refused)]
    assert missed == []


def _is(planted: tuple[str, str], refused: tuple[str, str]) -> bool:
    place, outside = planted
    return refused[0] == f"worker.{place}" and (refused[1] == outside or outside.startswith(f"{refused[1]}."))


def test_a_room_that_no_contract_names_is_refused(house: Path) -> None:
    (house / "worker" / "judging.py").write_text('"""A loose module."""\n')
    done = tool("lint-imports", "--no-cache", folder=house)
    (house / "worker" / "judging.py").unlink()
    assert "worker.judging" in re.sub(r"\s+", " ", done.stdout)


def test_every_room_is_in_the_contracts_that_hold_for_all_but_a_few() -> None:
    rooms = {
        f"worker.{one.stem}"
        for one in (ROOT / "worker").iterdir()
        if one.suffix in ("", ".py") and one.stem[0] not in "_."
    }
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    sources = {contract["name"]: set(contract.get("source_modules", ())) for contract in contracts}
    assert rooms - sources["only storage knows rows and SQL"] == {"worker.storage"}
    assert rooms - sources["only net asks the outside world"] == {"worker.net"}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("call", CALLS)
def test_a_stage_has_no_clock_and_opens_no_file(house: Path, stage: str, call: str) -> None:
    path = house / "worker" / Path(*stage.split(".")).with_suffix(".py")
    whole = path.read_text("utf-8")
    plant(house, stage, f'def _stamp() -> object:\n    """Spoil it."""\n    {CALLS[call]}\n    return {call}')
    done = tool("ruff", "check", "--no-cache", str(path), folder=house)
    path.write_text(whole, encoding="utf-8")
    assert re.search(r"TID251|PTH123", done.stdout), done.stdout
