"""The first hour: one command at a terminal, from nothing to the first digest of a topic of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.faulty_mail_server import MAIL, FaultyMailServer
from tests.integration.terminal import Terminal, at_a_terminal
from worker.cli.main import main
from worker.sample_site import SampleServer, serve

HASTE = {
    "PYTHONPATH": str(ROOT), "STORYWATCH_FETCH__SPACING_SECONDS": "0", "STORYWATCH_FETCH__PER_HOST": "16",
    "STORYWATCH_WEB__PORT": "0", "STORYWATCH_WEB__STATUS_PORT": "0",
}  # fmt: skip
"""All feeds are on one machine, which is not to be spared; and other tests may hold our ports."""

PACE = 0.5  # seconds for a key: who types slowly, and looks for each


@pytest.fixture(scope="module")
def site() -> Iterator[SampleServer]:
    with serve(datetime.now(UTC)) as server:
        yield server


def answer(person: Terminal, *exchanges: tuple[str, str]) -> None:
    for question, line in exchanges:
        person.expect(question)
        person.type(line)


@pytest.mark.slow
def test_two_minutes_of_typing_to_the_first_digest(tmp_path: Path, site: SampleServer) -> None:
    with at_a_terminal("init", folder=tmp_path, **HASTE) as person:
        answer(
            person, ("Topic [1]:", ""), ("An article has one of:", "tariff, arancel, duty"), ("and one of", ""),
            ("and none of", ""), ("Its title in the digest", "Tariffs"),
        )  # fmt: skip
        for number, (_, url, _) in enumerate(site.feeds[:5], 1):
            answer(person, (f"Site {number}:", url.removeprefix("http://")), ("Read it all the same?", "y"))
        answer(
            person, ("Site 6:", ""), ("Mail address:", "me@news.example"), ("Language", ""), ("Time zone", ""),
            ("When", ""), ("Way [1]:", ""),
        )  # fmt: skip
        person.expect("articles of the last 7 days match 'Tariffs'", seconds=150)
        answer(person, ("Send this digest to me@news.example now?", "y"), ("Start the service now?", "n"))
        assert person.end() == 0
    assert person.typed * PACE < 120
    assert all(len(line) <= 80 for line in person.screen.splitlines() if str(tmp_path) not in line), person.screen
    assert "Traceback" not in person.screen
    (mail,) = (tmp_path / "outbox").glob("*.eml")
    body = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert "US and Mexico extend trade talks over steel and tomatoes" in body.get_content()
    assert (tmp_path / "preview" / "digest.html").is_file()


@pytest.mark.slow
def test_what_cannot_be_used_is_said_and_asked_again(tmp_path: Path, site: SampleServer) -> None:
    feed = site.feeds[0][1].removeprefix("http://")
    with at_a_terminal("init", "--no-preview", folder=tmp_path, **HASTE) as person:
        answer(person, ("Topic [1]:", "7"), ("Topic [1]:", "us-mexico-migration"))
        assert "type a number from 1 to 2" in person.screen
        answer(person, ("Site 1:", ""), ("Site 1:", feed), ("Read it all the same?", "n"), ("Site 1:", "starter xx"))
        answer(person, ("Site 1:", "starter es"), ("found:", ""), ("Mail address:", "nobody"))
        assert "one site at least" in person.screen
        assert "no starter feeds in 'xx'" in person.screen
        answer(person, ("must be a mail address", ""), ("Mail address:", "me@news.example"), ("Language", "xx"))
        answer(person, ("Language", "es"), ("Time zone", "Mars"), ("Time zone", "America/Bogota"), ("When", "soon"))
        answer(person, ("When", "weekdays at 06:30"), ("Way [1]:", "folder"))
        assert person.end() == 0
    assert "Value error" not in person.screen
    written = (tmp_path / "storywatch.toml").read_text()
    assert 'language = "es"\nzone = "America/Bogota"\nschedule = "weekdays at 06:30"\n' in written


@pytest.mark.slow
def test_a_test_mail_says_whether_the_server_takes_it(tmp_path: Path, site: SampleServer) -> None:
    with closing(FaultyMailServer()) as server:
        server.fates = lambda stage, number: b"550 no such sender\r\n" if stage == MAIL and number == 1 else False
        options = ["--topic", "us-mexico-migration", "--site", "starter es", "--no-preview"]
        way = (("Way [1]:", "3"), ("Server, as", f"127.0.0.1:{server.port}"), ("Encryption [1]:", "none"))
        way = (*way, ("User name", ""), ("Sender's address", "news@news.example"), ("Send a test mail", "y"))
        with at_a_terminal("init", *options, folder=tmp_path, **HASTE) as person:
            answer(person, ("Mail address:", "reader7@news.example"), ("Language", ""), ("Time zone", ""), ("When", ""))
            answer(person, *way, ("Change the answers about mail?", "y"), ("Way [1]:", "3"), *way[1:])
            person.expect("The server took it")
            assert "It was not sent" in person.screen
            assert "no such sender" in person.screen
            assert person.end() == 0
        assert server.count == 1
    written = (tmp_path / "storywatch.toml").read_text()
    assert f'host = "127.0.0.1"\nport = {server.port}\n' in written
    assert 'security = "none"' in written


@pytest.mark.slow
def test_who_leaves_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    with at_a_terminal("init", folder=tmp_path, **HASTE) as person:
        person.expect("Topic [1]:")
        person.interrupt()
        assert person.end() == 130
    assert not list(tmp_path.iterdir())


def test_options_answer_for_scripts(
    tmp_path: Path, site: SampleServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    password = tmp_path / "password"
    password.write_text("very secret\n")
    options = [
        "init", "--yes", "--folder", str(tmp_path / "new"), "--words", "tariff, import tax", "--never", "recipe",
        "--site", site.feeds[0][1], "--address", "me@news.example", "--zone", "Europe/Berlin",
        "--mail", "fastmail", "--mail-user", "me@news.example", "--mail-password-file", str(password),
    ]  # fmt: skip
    assert main(options) == 1
    assert "is not a public address" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
    assert main([*options, "--allow-private"]) == 0
    monkeypatch.setenv("STORYWATCH_CONFIG", str(tmp_path / "new" / "storywatch.toml"))
    assert main(["topics", "list"]) == 0
    assert "tariff-import-tax" in capsys.readouterr().out
    written = (tmp_path / "new" / "storywatch.toml").read_text()
    assert "very secret" not in written
    kept = tmp_path / "new" / "secrets" / "smtp-password"
    assert kept.read_text() == "very secret\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert main(["feeds", "list"]) == 0
    assert site.feeds[0][1] in capsys.readouterr().out
