"""What would make every digest fail is said in a line, before one does."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.integration.cli_site import ADDRESS, install, json_of
from worker.cli.main import main
from worker.delivery.start_checks import start_warnings
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations


def said(folder: Path, **settings: object) -> tuple[str, ...]:
    deps = Deps(load_settings(folder=folder, **settings), now=lambda: NOW)
    migrations.upgrade(deps.database)
    found = start_warnings(deps)
    deps.database.close()
    return found


def test_a_good_installation_says_nothing(tmp_path: Path) -> None:
    assert said(tmp_path) == ()
    assert said(tmp_path, mail={"host": "smtp.news.example"}, fetch={"allow_private_hosts": ["10.0.0.0/8"]}) == ()


@pytest.mark.parametrize("host", ["", "smtp.news.example"])
def test_mail_that_cannot_be_made_is_named(tmp_path: Path, host: str) -> None:
    (tmp_path / "broken.pem").write_text("no key")
    (tmp_path / "theme").mkdir()
    cases = {
        "missing.pem": {"dkim_key_file": "missing.pem"},
        "DKIM": {"dkim_key_file": "broken.pem"},
        "a..b@news.example": {"sender": "a..b@news.example"},
    }
    for named, mail in cases.items():
        (line,) = said(tmp_path, mail={"host": host, **mail})
        assert line.startswith("no digest can be made: ")
        assert named in line
        assert "\n" not in line
    (tmp_path / "theme" / "digest.html.jinja").write_text("{{ digest.nothing }}")
    (line,) = said(tmp_path, mail={"host": host})
    assert "theme template 'digest.html.jinja' cannot be used" in line
    (tmp_path / "theme" / "digest.html").write_text("")
    (line,) = said(tmp_path, mail={"host": host})
    assert "digest.html is no template" in line


def test_a_database_that_is_away_for_a_moment_keeps_no_service_from_starting(tmp_path: Path) -> None:
    deps = Deps(load_settings(folder=tmp_path, database_url=f"sqlite:///{tmp_path / 'empty.db'}"), now=lambda: NOW)
    assert start_warnings(deps) == ()
    deps.database.close()


def test_a_public_desk_wants_https_at_a_hosts_root(tmp_path: Path) -> None:
    (line,) = said(tmp_path, desk={"public": True})
    assert line.startswith("the desk is public and base_url in [web] is http://127.0.0.1:8080: links and logins travel")
    (line,) = said(tmp_path, desk={"public": True}, web={"base_url": "https://news.example/news"})
    assert "without the path /news" in line
    assert said(tmp_path, desk={"public": True}, web={"base_url": "https://news.example"}) == ()
    assert said(tmp_path, web={"base_url": "http://news.example/news"}) == ()


def test_an_exception_that_is_none_is_named(tmp_path: Path) -> None:
    (line,) = said(tmp_path, fetch={"allow_private_hosts": ["http://intranet/"]})
    assert line.startswith("nothing can be fetched: allow_private_hosts: 'http://intranet/'")


def test_two_subscribers_who_differ_in_case_are_one_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = [f'[[subscribers]]\naddress = "{one}"\n' for one in (ADDRESS, ADDRESS.upper())]
    install(tmp_path, monkeypatch, "\n".join(tables))
    assert len(json_of(capsys, "subscribers", "list")) == 1
    (warning,) = [line for line in json_of(capsys, "status")["warnings"] if "one person" in line]
    assert f"{ADDRESS} and {ADDRESS.upper()}" in warning
    assert main(["subscribers", "add", ADDRESS.title(), "--language", "es"]) == 0
    output = capsys.readouterr()
    assert f"Changed: {ADDRESS}" in output.out
    assert "one subscriber" in output.err


def test_status_says_what_keeps_digests_from_being_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, 'dkim_key_file = "no-such.pem"\n')
    assert main(["status"]) == 0
    assert "Warning: no digest can be made: mail.dkim_key_file" in capsys.readouterr().out


def test_the_service_says_it_at_its_start_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, 'dkim_key_file = "no-such.pem"\n')

    class Started:
        watched = False

        def watch(self) -> None:
            self.watched = True

    started = Started()
    monkeypatch.setattr("worker.cli.run.running_service", lambda _settings: nullcontext(started))
    monkeypatch.setattr("worker.cli.run.name_taken", lambda _settings: {})
    assert main(["run"]) == 0
    assert started.watched
    warnings = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Warning: ")]
    assert len(warnings) == 1
    assert "mail.dkim_key_file" in warnings[0]
