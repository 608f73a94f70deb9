"""The wheel as it is installed: all that the product reads is in it, and it stands in nobody's way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    for name in ("storywatch", "worker", "models", "alembic"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check")
    run(*pip, "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, source, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment of its own, where the libraries are those of this one: nothing is downloaded.

    Another program's `models` and `worker` are there before it.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    python = folder / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    (site / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")  # of a .pth in there nothing is read
    for name in ("models", "worker"):
        (site / f"{name}.py").write_text(f"raise RuntimeError('this is the {name} of somebody else')")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "-q", "--disable-pip-version-check")
    run(*pip, "--no-deps", "--no-index", wheel, cwd=folder)
    return folder / "bin" / "storywatch"


def test_one_package_and_its_licence_are_all_that_lands_in_site_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top.rpartition(".")[2] if top.endswith("info") else top for top in tops} == {"storywatch", "dist-info"}
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_whatever_the_checkout_reads_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    there = [file for name in ("worker", "models", "alembic") for file in (ROOT / name).rglob("*") if file.is_file()]
    read = {f"storywatch/{file.relative_to(ROOT)}" for file in there if "__pycache__" not in file.parts}
    assert len(read) > 500
    assert read <= names


def test_it_runs_in_an_empty_folder_beside_other_programs(program: Path, tmp_path: Path) -> None:
    assert "storywatch" in run(program, "--version", cwd=tmp_path)
    run(program, "init", cwd=tmp_path)
    run(program, "db", "upgrade", cwd=tmp_path)
    assert "us-mexico-migration" in run(program, "topics", "list", cwd=tmp_path)
    assert "agrees" in run(program, "db", "check", cwd=tmp_path)
    for name in ("subscribers", "feeds"):
        run(program, name, "list", cwd=tmp_path)


def test_the_processes_it_starts_find_it_too(program: Path, redis_url: str, tmp_path: Path) -> None:
    run(program, "init", cwd=tmp_path)
    run(program, "db", "upgrade", cwd=tmp_path)
    log = tmp_path / "log"
    environment = {**os.environ, "REDIS_URL": redis_url}
    with log.open("wb") as output:
        worker = subprocess.Popen(
            [program, "worker", "mail"], cwd=tmp_path, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            deadline = time.monotonic() + 60
            while "ready" not in log.read_text() and worker.poll() is None and time.monotonic() < deadline:
                time.sleep(0.1)
        finally:
            worker.terminate()
            worker.wait(30)
    assert "ready" in log.read_text()
