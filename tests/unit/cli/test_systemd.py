from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT
from worker.cli.main import main
from worker.service.systemd_unit import Unit
from worker.setup.settings import CONFIG_VARIABLE

INSTALLED = Unit("storywatch", Path("/opt/storywatch/storywatch.toml"), Path("/opt/storywatch/.venv/bin/storywatch"))


def service(text: str) -> configparser.SectionProxy:
    unit = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(text)
    assert unit["Install"]["WantedBy"]
    return unit["Service"]


def test_it_starts_what_make_installs() -> None:
    found = service(INSTALLED.text)
    program, *arguments = shlex.split(found["ExecStart"])
    assert program == f"{found['WorkingDirectory']}/.venv/bin/storywatch"
    assert arguments == ["run"]
    assert "VENV ?= .venv\n" in (ROOT / "Makefile").read_text()
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["scripts"]["storywatch"] == "storywatch:run"
    assert int(found["TimeoutStopSec"]) > 10, "the supervisor's own limit comes first"
    assert found["ReadWritePaths"] == found["WorkingDirectory"]
    assert found["ProtectSystem"] == "strict"
    assert found["ProtectHome"] == "true"


def test_it_may_write_where_its_data_is_and_sees_the_home_it_lives_in() -> None:
    home = Path("/home/me")
    at_home = Unit("me", home / "news/my.toml", home / "bin/storywatch", (Path("/srv/da ta"), home / "news/out"))
    found = service(at_home.text)
    assert found["ReadWritePaths"] == '/home/me/news "/srv/da ta"'
    assert "ProtectHome" not in found
    assert found["Environment"] == "STORYWATCH_CONFIG=/home/me/news/my.toml"


def test_an_accounts_own_unit_asks_for_nothing_that_only_root_has() -> None:
    own = Unit("", Path("/home/me/storywatch.toml"), Path("/home/me/bin/storywatch"))
    found = service(own.text)
    assert not {"User", "ProtectSystem", "CapabilityBoundingSet", "PrivateTmp"} & found.keys()
    assert found["NoNewPrivileges"] == "true"
    assert not own.path.is_absolute()
    assert all("--user" in command for command in own.commands)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_it(tmp_path: Path) -> None:
    unit = Unit("root", tmp_path / "100%" / "storywatch.toml", Path("/bin/true"), (Path("/srv"),))
    (tmp_path / "storywatch.service").write_text(unit.text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "storywatch.service")], capture_output=True, text=True
    )
    assert "storywatch.service" not in done.stderr


def test_it_is_printed_and_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "storywatch.toml"))
    (tmp_path / "storywatch.toml").write_text("")
    assert main(["systemd", "--user", ""]) == 0
    printed = capsys.readouterr().out
    assert main(["systemd", "--install", "--user", ""]) == 0
    assert (tmp_path / ".config/systemd/user/storywatch.service").read_text() == printed
    assert "systemctl --user enable --now storywatch" in capsys.readouterr().out
    assert main(["systemd", "--install", "--print"]) == 2
    (tmp_path / "storywatch.toml").unlink()
    monkeypatch.delenv(CONFIG_VARIABLE)
    monkeypatch.chdir(tmp_path)
    assert main(["systemd", "--install", "--user", ""]) == 2
    assert "run 'storywatch init' first" in capsys.readouterr().err
    assert main(["systemd"]) == 0
    assert f"WorkingDirectory={tmp_path}" in capsys.readouterr().out
