"""`storywatch desk`: who is let in, and the link that logs them in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.cli_site import install, json_of
from tests.integration.web_client import WebClient
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.web.app import make_status_web


def test_the_first_person_is_owner_and_others_are_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, "")
    first = json_of(capsys, "desk", "link", "ana@desk.example")
    assert (first["role"], first["link"].startswith("http://127.0.0.1:8081/desk/enter/")) == ("owner", True)
    deps = Deps(load_settings())
    assert WebClient(make_status_web(deps)).get(first["link"].removeprefix("http://127.0.0.1:8081")).status == 200
    deps.database.close()
    for wrong, said in (
        (["link", "eva@desk.example"], "say --role editor"),
        (["link", "eva@desk.example", "--role", "king"], "must be one of owner, editor"),
        (["link", "no address"], "no address"),
        (["remove", "eva@desk.example"], "may not open the desk"),
        (["remove", "ana@desk.example"], "the only owner"),
    ):
        assert main(["desk", *wrong]) != 0
        assert said in capsys.readouterr().err
    assert json_of(capsys, "desk", "link", "eva@desk.example", "--role", "editor")["role"] == "editor"
    assert json_of(capsys, "desk", "link", "EVA@desk.example")["role"] == "editor"
    assert [one["role"] for one in json_of(capsys, "desk", "list")] == ["owner", "editor"]
    assert main(["desk", "list"]) == 0
    assert "eva@desk.example\teditor" in capsys.readouterr().out
    assert json_of(capsys, "desk", "remove", "eva@desk.example") == {"removed": "eva@desk.example"}


def test_without_a_place_there_is_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, "")
    monkeypatch.setenv("STORYWATCH_WEB__STATUS_PORT", "0")
    assert main(["desk", "link", "ana@desk.example"]) == 2
    assert "the desk is nowhere" in capsys.readouterr().err
    monkeypatch.setenv("STORYWATCH_DESK__PUBLIC", "true")
    assert json_of(capsys, "desk", "link", "ana@desk.example")["link"].startswith("http://127.0.0.1:8080/desk/enter/")
