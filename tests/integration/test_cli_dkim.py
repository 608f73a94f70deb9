"""What a person sets up around a digest: a key for its signature, a theme of their own."""

from __future__ import annotations

import email
import shutil
import subprocess
from email.policy import strict
from pathlib import Path

import dkim
import pytest

from tests.integration.cli_site import ADDRESS, install, json_of
from worker.cli.main import main
from worker.setup.declarations import reconcile
from worker.setup.deps import Deps
from worker.setup.settings import load_settings

QUIET = f'[[subscribers]]\naddress = "{ADDRESS}"\nlanguage = "es"\nsend_empty = true\n'
COVERED = {
    "from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post", "list-id",
}  # fmt: skip


def preview(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A digest with nothing in it, for whoever asked for that."""
    deps = Deps(load_settings())
    reconcile(deps)
    deps.database.close()
    json_of(capsys, "digest", "preview", ADDRESS, "--out", str(folder / "out"))
    return folder / "out"


def test_a_key_its_record_and_a_digest_that_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl, which makes the key")
    install(tmp_path, monkeypatch, QUIET)
    assert main(["dkim"]) == 2
    assert "dkim_key_file is not set" in capsys.readouterr().err
    subprocess.run(["openssl", "genrsa", "-out", "data/dkim.key", "2048"], cwd=tmp_path, check=True, timeout=60)
    monkeypatch.setenv("STORYWATCH_MAIL__DKIM_KEY_FILE", "data/dkim.key")
    monkeypatch.setenv("STORYWATCH_WEB__BASE_URL", "https://news.example")

    record = json_of(capsys, "dkim")
    assert record["name"] == "storywatch._domainkey.news.example"
    assert main(["dkim"]) == 0
    printed = capsys.readouterr().out.split('"')
    assert "".join(printed[1::2]) == record["text"]
    assert max(map(len, printed[1::2])) <= 255

    raw = (preview(tmp_path, capsys) / "digest.eml").read_bytes()
    dns = {f"{record['name']}.".encode(): record["text"].encode()}
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: dns.get(name))
    message = email.message_from_bytes(raw, policy=strict)
    signature = dict(part.strip().split("=", 1) for part in message["DKIM-Signature"].split(";"))
    assert {name.strip().lower() for name in signature["h"].split(":")} >= COVERED
    forged = raw.replace(b"\r\nFrom:", b"\r\nFrom: Someone <else@news.example>\r\nFrom:", 1)
    assert forged != raw
    for changed in (forged, raw.replace(b"Subject: ", b"Subject: Re: "), raw.replace(b"https", b"http")):
        assert not dkim.verify(changed, dnsfunc=lambda name, timeout=5: dns.get(name))


def test_a_key_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    monkeypatch.setenv("STORYWATCH_MAIL__DKIM_KEY_FILE", "data/dkim.key")
    assert main(["dkim"]) == 2
    assert "dkim.key cannot be read" in capsys.readouterr().err
    (tmp_path / "data" / "dkim.key").write_text("no key")
    assert main(["dkim"]) == 2
    assert "RSA key in PEM form" in capsys.readouterr().err
    monkeypatch.setenv("STORYWATCH_MAIL__DKIM_DOMAIN", "example.com")
    assert main(["dkim"]) == 2
    assert "must be the sender's domain, news.example" in capsys.readouterr().err


def test_a_template_in_the_configuration_folder_replaces_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, QUIET)
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "digest.txt.jinja").write_text("Our own paper, {{ digest.summary }}\n")
    out = preview(tmp_path, capsys)
    assert (out / "digest.txt").read_text() == "Our own paper, Nada coincidió con sus temas.\n"
    assert "Storywatch" in (out / "digest.html").read_text(), "what is not replaced stays"
    message = email.message_from_bytes((out / "digest.eml").read_bytes(), policy=strict)
    assert message.get_body(("plain",)).get_content().startswith("Our own paper"), "the mail has it too"

    (tmp_path / "theme" / "digest.txt.jinja").write_text("{{ digest.nothing_of_that_name }}")
    assert main(["digest", "preview", ADDRESS, "--out", str(out)]) == 2
    assert "digest.txt.jinja" in capsys.readouterr().err
    (tmp_path / "theme" / "digest.text").write_text("misspelled")
    assert main(["digest", "preview", ADDRESS, "--out", str(out)]) == 2
    assert "digest.text is no template" in capsys.readouterr().err
