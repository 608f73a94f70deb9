"""A command that needs the database makes it, or brings it up to date, where that harms nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.cli_site import ADDRESS, install, json_of
from worker.cli.installation import reach_installation
from worker.cli.main import main
from worker.service.data_lock import hold_data
from worker.setup.settings import CONFIG_VARIABLE, load_settings
from worker.storage.db import migrations

EARLIER = "0026"


def take_back() -> None:
    deps = reach_installation()
    migrations.downgrade(deps.database, EARLIER)
    deps.database.close()


def revision() -> str | None:
    deps = reach_installation()
    found = migrations.current_revision(deps.database)
    deps.database.close()
    return found


def test_the_first_command_makes_it_with_what_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "storywatch.toml"
    path.write_text(f'[[subscribers]]\naddress = "{ADDRESS}"\n')
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    assert main(["subscribers", "list"]) == 0
    said = capsys.readouterr()
    assert ADDRESS in said.out
    assert said.err.count("was made") == 1
    assert main(["subscribers", "list"]) == 0
    assert capsys.readouterr().err == ""


def test_an_earlier_one_is_brought_up_to_date_after_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, f'[[subscribers]]\naddress = "{ADDRESS}"\n')
    take_back()
    capsys.readouterr()
    assert [one["address"] for one in json_of(capsys, "subscribers", "list")] == [ADDRESS]
    assert revision() == migrations.latest_revision()
    assert len(list((tmp_path / "data" / "backups").glob(f"before-upgrade-from-{EARLIER}-*.backup"))) == 1


def test_it_is_left_alone_under_a_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    take_back()
    with hold_data(load_settings().data_folder):
        assert main(["status"]) == 3
    assert "a service is running" in capsys.readouterr().err
    at_work = "from worker.service.data_lock import work_on_data as w; from pathlib import Path; import os, sys;"
    at_work += "w(Path(sys.argv[1])); os.execv('/bin/sh', ['sh', '-c', 'echo ready; read line'])"
    with subprocess.Popen(
        [sys.executable, "-c", at_work, str(tmp_path / "data")], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        assert main(["status"]) == 3
        assert "processes of a service are at work" in capsys.readouterr().err
        assert revision() == EARLIER
        process.communicate(b"\n")
    assert main(["status"]) == 0


def test_one_on_a_server_is_made_and_never_changed_by_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "storywatch.toml"
    path.write_text("")
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    monkeypatch.setenv("DATABASE_URL", postgres_url)
    assert main(["subscribers", "list"]) == 0
    take_back()
    assert main(["status"]) == 3
    assert "run 'storywatch db upgrade'" in capsys.readouterr().err
    assert revision() == EARLIER
