"""The commands that look at a day's work: status, explain, digest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.integration.cli_site import ADDRESS, json_of, read_a_day
from worker.cli.main import main
from worker.sample_site import SampleServer, serve
from worker.setup.deps import Deps


@pytest.fixture
def site() -> Iterator[SampleServer]:
    with serve(datetime.now(UTC)) as server:
        yield server


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: SampleServer, redis_url: str) -> Iterator[Deps]:
    deps = read_a_day(tmp_path, monkeypatch, site, redis_url)
    yield deps
    deps.redis.close()
    deps.database.close()


def test_a_day_is_shown_explained_previewed_and_sent(
    deps: Deps, site: SampleServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = site.site.expected

    status = json_of(capsys, "status")
    assert status["overview"]["articles"] == {"analyzed": len(site.site.urls)}
    assert status["overview"]["oldest_waiting"] is None
    assert sum(status["feeds"].values()) == len(site.feeds)
    assert main(["status"]) == 0
    assert f"{len(site.site.urls)} analyzed" in capsys.readouterr().out

    out = tmp_path / "preview"
    preview = json_of(capsys, "digest", "preview", ADDRESS, "--out", str(out))
    assert preview["stories"] > 0
    assert sorted(path.name for path in out.iterdir()) == ["digest.eml", "digest.html", "digest.txt"]
    assert "+3 reprints" in (out / "digest.txt").read_text()
    assert json_of(capsys, "status")["overview"]["deliveries"] == {}, "a preview records nothing"

    waiting = json_of(capsys, "explain", site.site.urls[truth.event[0]])
    assert "it waits for the digest" in waiting["subscribers"][0]["reason"]

    sent = json_of(capsys, "digest", "send", ADDRESS)
    assert sent["state"] == "sent"
    mail = message_from_bytes(Path(sent["where"]).read_bytes(), policy=policy.default)
    assert mail["To"] == ADDRESS
    assert main(["digest", "send", ADDRESS]) == 0
    assert "nothing new to tell" in capsys.readouterr().out
    assert json_of(capsys, "db", "check") == {"broken": []}, "all that was written agrees"
    assert main(["digest", "preview", ADDRESS, "--out", str(tmp_path / "none")]) == 0
    assert not (tmp_path / "none").exists()

    told = json_of(capsys, "explain", site.site.urls[truth.event[0]])
    assert told["subscribers"][0]["told"]
    assert told["mentions"][0]["delivery_state"] == "sent"
    assert told["matches"][0]["topic"] == "us-mexico-migration"
    assert told["matches"][0]["spans"]
    assert told["removed"], "the boilerplate that was stripped, by rule"
    assert {other["url"] for other in told["story"]["others"]} >= {site.site.urls[key] for key in truth.event[1:2]}
    assert told["seen_in"][0]["url"] in {url for _, url, _ in site.feeds}

    missed = json_of(capsys, "explain", site.site.urls[next(iter(sorted(truth.near_misses)))])
    assert not missed["subscribers"][0]["told"]
    check_report(site, capsys)
    check_unknown(capsys)


def check_report(site: SampleServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The report for people names the original of a copy, however the article is asked for."""
    wire = [json_of(capsys, "explain", site.site.urls[key]) for key in site.site.expected.wire]
    copy = next(article for article in wire if article["original"])
    assert main(["explain", str(copy["id"])]) == 0
    report = capsys.readouterr().out
    assert copy["original"]["url"] in report
    assert "alike, of" in report
    for section in ("Where it came from", "Fetching and reading", "Copy", "Story", "Topics", "Digests"):
        assert f"\n{section}" in report
    assert main(["explain", copy["url"] + "?utm_source=feed"]) == 0
    assert capsys.readouterr().out == report


def check_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("999999", "https://nowhere.example/x", "9" * 40, "ferry"):
        assert main(["explain", name]) == 2
        assert "no article is known by" in capsys.readouterr().err
