"""An installation for tests of the command line: its configuration, and a day of the sample site read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration import inline
from worker.cli.main import main
from worker.sample_site import SampleServer
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE, load_settings

ADDRESS = "reader@news.example"

_CONFIGURATION = """
[fetch]
allow_private_hosts = ["127.0.0.1"]
spacing_seconds = 0
per_host = 16
timeout_seconds = 5

[mail]
sender = "storywatch@news.example"
"""
_SUBSCRIBER = f"""
[[subscribers]]
address = "{ADDRESS}"
zone = "America/Mexico_City"
"""


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, more: str = "") -> Path:
    """Write a configuration, make it the one in force, and prepare its database."""
    path = folder / "storywatch.toml"
    path.write_text(_CONFIGURATION + more, encoding="utf-8")
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    assert main(["db", "upgrade", "--load"]) == 0
    return path


def read_a_day(folder: Path, monkeypatch: pytest.MonkeyPatch, site: SampleServer, redis_url: str) -> Deps:
    """Install, subscribe one reader, and run the pipeline over everything the sample site has."""
    blocks = "".join(
        f'[[feeds]]\nurl = "{url}"\noutlet = "{name}"\nlanguage = "{spoken}"\n' for name, url, spoken in site.feeds
    )
    monkeypatch.setenv("REDIS_URL", redis_url)
    install(folder, monkeypatch, _SUBSCRIBER + blocks)
    deps = inline.make_deps(load_settings())
    reconcile(deps)
    inline.run_all(deps, "fetch", "analyze")
    return deps


def json_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Run a command with --json and return what it printed."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)
