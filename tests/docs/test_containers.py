"""What the files for containers name is there."""

from __future__ import annotations

import re
import shlex
from pathlib import PurePosixPath

import pytest

from tests.conftest import ROOT
from worker.setup.settings import load_settings

CONTAINERFILE = (ROOT / "Containerfile").read_text()
COMPOSE = {name: (ROOT / name).read_text() for name in ("compose.yaml", "compose.workers.yaml")}


def copied() -> list[str]:
    lines = re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE)
    return [name for line in lines for name in line.split()[:-1]]


@pytest.mark.parametrize("name", copied())
def test_what_is_copied_into_the_image_is_there_and_let_through(name: str) -> None:
    assert (ROOT / name).exists()
    assert f"!{name}" in (ROOT / ".containerignore").read_text().splitlines()


def test_what_the_wheel_is_made_of_is_copied() -> None:
    wheel = re.search(r"only-include = \[(.+)\]", (ROOT / "pyproject.toml").read_text())
    assert wheel
    assert set(re.findall(r'"(\w+)"', wheel[1])) <= set(copied())


def test_the_settings_of_the_image_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    named = re.findall(r"(STORYWATCH_\w+)=(\S+)", CONTAINERFILE)
    assert named
    for name, value in named:
        monkeypatch.setenv(name, value)
    settings = load_settings()  # refuses a variable that names no setting
    assert settings.web.host == "0.0.0.0"
    assert "0.0.0.0" not in settings.web_url


def test_each_process_of_the_procfile_has_a_container() -> None:
    commands = re.findall(
        r"^  (\w+):\n    <<: \*storywatch\n    command: \[(.+)\]", COMPOSE["compose.workers.yaml"], re.MULTILINE
    )
    started = {name: ["storywatch", *re.findall(r'"([^"]+)"', words)] for name, words in commands}
    lines = (line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert started == {name: shlex.split(command) for name, command in lines}


@pytest.mark.parametrize("name", COMPOSE)
def test_the_image_is_made_from_the_containerfile_and_has_no_rights(name: str) -> None:
    text = COMPOSE[name]
    assert PurePosixPath(re.findall(r"dockerfile: (\S+)", text)[0]).name == "Containerfile"
    for wanted in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", 'volumes: ["data:/data"]'):
        assert wanted in text
