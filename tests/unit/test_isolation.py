"""The suite is the same on every machine: neither a `storywatch.toml` nor the environment reaches a test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

POISON = '[fetch]\nthreads = "many"\n'
ENVIRONMENT = {"STORYWATCH_FECTH__THREADS": "3", "DATABASE_URL": "nothing://nowhere", "REDIS_URL": "nothing://nowhere"}
READERS = ("queue", "setup/test_deps.py", "cli/test_main.py", "service/test_pools.py")
"""Tests that load the settings: in their own process, at an import, and in processes they start."""


def test_no_test_sees_the_configuration_of_the_machine(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "tests", checkout / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("worker", "models", "alembic", "Procfile", "pyproject.toml"):
        (checkout / name).symlink_to(ROOT / name)
    (checkout / "storywatch.toml").write_text(POISON)
    tests = [f"tests/unit/{name}" for name in READERS]
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *tests]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=checkout, env=environment | ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
