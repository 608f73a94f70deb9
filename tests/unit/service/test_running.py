"""What `storywatch run` starts, and that the Procfile starts the same."""

from __future__ import annotations

import shlex

from tests.conftest import ROOT
from worker.channels.email import MailSettings
from worker.service.running import PROCESSES, processes
from worker.setup.settings import load_settings


def procfile() -> dict[str, list[str]]:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return {name: shlex.split(command) for name, _, command in (line.partition(": ") for line in lines)}


def test_the_procfile_runs_the_same_parts() -> None:
    apart = procfile()
    assert apart.pop("release") == ["storywatch", "db", "upgrade", "--load"]
    assert apart == {name: ["storywatch", *arguments] for name, arguments in PROCESSES.items()}


def test_without_a_mail_server_fetch_and_mail_are_one_process() -> None:
    together = dict(processes(load_settings()))
    assert together.pop("io") == ("worker", "fetch", "mail")
    assert together == {name: PROCESSES[name] for name in ("web", "analyze", "beat")}
    assert processes(load_settings(mail=MailSettings(host="smtp.example"))) == PROCESSES
