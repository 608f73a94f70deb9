"""`storywatch doctor`: what it says of installations that are well and of some that are not."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.cli_site import ADDRESS, install
from tests.integration.faulty_mail_server import FaultyMailServer
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE, load_settings
from worker.storage.db import ticks

READERS = f'[[subscribers]]\naddress = "{ADDRESS}"\n[[feeds]]\nurl = "https://news.example/feed"\n'


def diagnosis(capsys: pytest.CaptureFixture[str], code: int) -> str:
    capsys.readouterr()
    assert main(["doctor"]) == code
    return " ".join(capsys.readouterr().out.split())


def let_it_run() -> None:
    deps = Deps(load_settings())
    with deps.transaction() as session:
        for job in ("feeds", "digests"):
            ticks.save_tick(session, job, now=datetime.now(UTC))
    deps.database.close()


def test_a_good_installation_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, READERS)
    let_it_run()
    said = diagnosis(capsys, 0)
    assert "ill " not in said
    for part in ("configuration", "database", "clock", "disk", "feeds", "topics", "readers", "mail", "web"):
        assert f" {part} " in said


def test_what_is_ill_is_said_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, 'dkim_key_file = "no-such.pem"\n')
    said = diagnosis(capsys, 1)
    assert "no digest can be made: mail.dkim_key_file" in said
    assert "no feed is watched → 'storywatch feeds add ADDRESS'" in said
    assert "nobody gets a digest → 'storywatch subscribers add ADDRESS'" in said
    assert "it has not run yet → 'storywatch run'" in said


def test_several_mistakes_of_the_file_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "storywatch.toml"
    path.write_text("[fetch]\nthreads = 0\ntimeout_seconds = 'soon'\n")
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    said = diagnosis(capsys, 1)
    assert said.count("ill configuration") == 2
    assert "line 2" in said
    assert "line 3" in said


def test_the_mail_server_is_asked_and_the_dns_of_the_sender(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def records(name: str) -> tuple[str, ...]:
        asked.append(name)
        return ("v=spf1 mx -all",)

    monkeypatch.setattr("worker.service.doctor.mail_checks.text_records", records)
    with closing(FaultyMailServer()) as server:
        more = f'host = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        path = install(tmp_path, monkeypatch, more + READERS)
        path.write_text(path.read_text().replace("storywatch@news.example", "storywatch@news.example.org"))
        let_it_run()
        said = diagnosis(capsys, 1)
        assert "lets us in" in said
        assert "news.example.org says who may send for it" in said
        assert asked == ["news.example.org"]
        assert server.count == 0
        good = path.read_text()
        path.write_text(good + '[web]\nbase_url = "nonsense"\n')
        assert "must be the address that readers reach you by" in diagnosis(capsys, 1)
    path.write_text(good.replace(f"port = {server.port}", "port = 1"))
    assert "mend host, port and security in [mail]" in diagnosis(capsys, 1)
