"""What the commands say of what is not there any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli_site import install, json_of
from tests.integration.stored import DAY, analyze, match
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.retention import old_articles, old_texts


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deps]:
    install(tmp_path, monkeypatch, "")
    deps = Deps(load_settings())
    yield deps
    deps.database.close()


def test_what_is_gone_is_said_to_be_gone(deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    now = deps.now()
    with deps.transaction() as session:
        for name in ("gone", "newest"):
            analyze(session, f"https://news.example/{name}")
        age = old_articles.Age(now + DAY, unmatched=True)
        old_articles.prune_outsiders(session, age, now=now, limit=9)
    assert main(["explain", "https://news.example/gone?utm_source=feed"]) == 0
    assert f"Gone since {now:%Y-%m-%d}" in capsys.readouterr().out
    said = json_of(capsys, "explain", "https://news.example/gone")
    assert said == {"url": "https://news.example/gone", "gone_since": f"{now:%Y-%m-%d}"}
    assert main(["explain", "https://news.example/never"]) != 0


def test_an_article_without_its_words_is_explained(deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    now = deps.now()
    with deps.transaction() as session:
        match(session, analyze(session, "https://news.example/old"))
        session.flush()
        old_texts.prune_texts(session, before=now + DAY, now=now, limit=9)
    assert main(["explain", "https://news.example/old"]) == 0
    said = capsys.readouterr().out
    assert "its words are gone since" in said
    assert "words, published" not in said


def test_the_disk_stands_in_the_status(deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    disk = json_of(capsys, "status")["disk"]
    assert disk["size"] > 100_000
    assert disk["free"] > 0
    assert main(["status"]) == 0
    assert "how fast it grows is known after a day" in capsys.readouterr().out
