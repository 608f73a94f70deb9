"""`storywatch subscribers`, `db` and the configuration on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration.cli_site import ADDRESS, install, json_of
from tests.integration.stored import analyze, tell
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import CONFIG_VARIABLE, load_settings
from worker.storage.digests.subscribers import find_subscription, unsubscribe

DECLARED = f'[[subscribers]]\naddress = "{ADDRESS}"\nschedule = "weekdays at 06:30"\n'


def test_what_is_not_named_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    first = json_of(capsys, "subscribers", "add", ADDRESS, "--language", "es", "--schedule", "hourly", "--send-empty")
    second = json_of(capsys, "subscribers", "add", ADDRESS, "--band", "wide")
    assert (first["new"], second["new"]) == (True, False)
    assert second | {"new": True, "band": "balanced"} == first
    assert [one["address"] for one in json_of(capsys, "subscribers", "list")] == [ADDRESS]
    assert main(["subscribers", "list"]) == 0
    assert f"{ADDRESS}\tactive\tus-mexico-migration\twide\thourly" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody"], "address is 'nobody'"),
        ([ADDRESS, "--zone", "Mars/Base"], "zone is 'Mars/Base'"),
        ([ADDRESS, "--topic", "trams"], "topic 'trams' is not in use; in use are us-mexico-migration"),
        ([ADDRESS, "--schedule", "now and then"], "schedule 'now and then' cannot be read"),
        ([ADDRESS, "--stories", "0"], "stories is 0"),
        ([ADDRESS, "--band", "some"], "band is 'some'"),
    ],
)
def test_a_wrong_request_is_named(
    arguments: list[str], said: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    install(tmp_path, monkeypatch)
    assert main(["subscribers", "add", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert json_of(capsys, "subscribers", "list") == []


def test_the_configuration_is_brought_in_and_again_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, DECLARED)
    before = json_of(capsys, "subscribers", "list")
    assert before[0]["schedule"] == "weekdays at 06:30"
    assert main(["db", "upgrade", "--load"]) == 0
    assert json_of(capsys, "subscribers", "list") == before


def test_who_unsubscribed_stays_unsubscribed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, DECLARED)
    deps = Deps(load_settings())
    with deps.transaction() as session:
        subscription = find_subscription(session, ADDRESS)
        assert subscription is not None
        assert unsubscribe(session, subscription.id, reason="by link")
    deps.database.close()
    assert main(["db", "upgrade", "--load"]) == 0
    (one,) = json_of(capsys, "subscribers", "list")
    assert (one["state"], one["active"]) == ("unsubscribed", False)
    assert main(["digest", "send", ADDRESS]) == 2


def test_what_a_person_chose_stays_until_their_lines_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = install(tmp_path, monkeypatch, DECLARED)
    json_of(capsys, "subscribers", "add", ADDRESS, "--schedule", "hourly")
    assert main(["db", "upgrade", "--load"]) == 0
    assert json_of(capsys, "subscribers", "list")[0]["schedule"] == "hourly"
    path.write_text(path.read_text().replace("weekdays at 06:30", "weekdays at 09:00"))
    assert main(["db", "upgrade", "--load"]) == 0
    assert json_of(capsys, "subscribers", "list")[0]["schedule"] == "weekdays at 09:00"


def test_a_pause_is_shown_ended_and_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    soon = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    paused = json_of(capsys, "subscribers", "add", ADDRESS, "--zone", "Asia/Tokyo", "--pause-until", soon)
    assert paused["pause_until"] == soon
    assert paused["next_due_at"] > paused["paused_until"]
    assert main(["subscribers", "list"]) == 0
    assert f"{ADDRESS}\tpaused until" in capsys.readouterr().out
    again = json_of(capsys, "subscribers", "add", ADDRESS, "--band", "wide")
    assert again["pause_until"] == soon, "what is not named stays as it is"
    resumed = json_of(capsys, "subscribers", "resume", ADDRESS)
    assert (resumed["pause_until"], resumed["band"]) == (None, "wide")
    assert resumed["next_due_at"] < paused["next_due_at"]
    assert main(["subscribers", "add", ADDRESS, "--pause-until", "9999-12-31"]) == 2
    assert "at most two years ahead" in capsys.readouterr().err
    assert main(["subscribers", "resume", "nobody@news.example"]) == 2
    assert "no subscriber" in capsys.readouterr().err


def test_a_topic_of_its_own_band_and_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch)
    added = json_of(capsys, "subscribers", "add", ADDRESS, "--topic", "us-mexico-migration:wide")
    assert added["topics"] == ["us-mexico-migration:wide"]
    assert main(["subscribers", "add", ADDRESS, "--topic", "us-mexico-migration:loose"]) == 2
    assert "'loose'; allowed are strict, balanced, wide" in capsys.readouterr().err
    assert "/manage/" in json_of(capsys, "subscribers", "link", ADDRESS)["url"]
    assert main(["subscribers", "link", "nobody@news.example"]) == 2
    feeds = json_of(capsys, "topics", "feeds", "us-mexico-migration")
    assert [url.partition("?")[0].rpartition("/")[2] for url in feeds.values()] == ["feed.atom", "feed.json"]
    assert main(["topics", "feeds", "no-such"]) == 2


def test_who_is_removed_is_forgotten_but_the_configuration_is_mentioned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, DECLARED)
    assert main(["subscribers", "remove", ADDRESS]) == 0
    assert "still declares this address" in capsys.readouterr().err
    assert main(["subscribers", "remove", ADDRESS]) == 2
    assert main(["digest", "preview", ADDRESS, "--out", str(tmp_path / "out")]) == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (DECLARED + 'topics = ["trams"]', "topic 'trams' is not in use"),
        (DECLARED.replace("weekdays", "often"), "schedule 'often at 06:30' cannot be read"),
        ('opml = ["gone.opml"]\n', "gone.opml cannot be read: No such file"),
        ('topic_files = ["gone.toml"]\n', "gone.toml cannot be read"),
    ],
)
def test_a_wrong_configuration_brings_nothing_in(
    more: str, said: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = install(tmp_path, monkeypatch)
    path.write_text('[[feeds]]\nurl = "https://a.example/feed"\n' + more if "[[" in more else more)
    assert main(["db", "upgrade", "--load"]) == 2
    assert said in capsys.readouterr().err
    path.write_text("")
    assert json_of(capsys, "feeds", "list") == []


def test_a_database_that_is_out_of_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "storywatch.toml"
    path.write_text("")
    monkeypatch.setenv(CONFIG_VARIABLE, str(path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@127.0.0.1:1/x")
    for arguments in (["status"], ["db", "upgrade"]):
        assert main(arguments) == 3
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert "hidden" not in err


def test_an_outlet_and_a_story_are_muted_and_heard_of_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, DECLARED)
    deps = Deps(load_settings())
    with deps.transaction() as session:
        articles = [analyze(session, f"https://news.example/{number}") for number in range(2)]
        story = tell(session, articles[0], "river")
        tell(session, articles[1], "river", story_id=story)
    deps.database.close()
    muted = json_of(capsys, "subscribers", "mute", ADDRESS, "--outlet", "Prairie Post", "--story", str(story))
    assert (muted["muted_outlets"], muted["muted_stories"]) == (["Prairie Post"], [articles[0]])
    again = json_of(capsys, "subscribers", "mute", ADDRESS, "--outlet", "prairie  POST", "--story", str(story))
    assert again == muted
    assert main(["subscribers", "mute", ADDRESS, "--story", "99"]) == 2
    assert "there is no story 99" in capsys.readouterr().err
    heard = json_of(capsys, "subscribers", "unmute", ADDRESS, "--story", str(story))
    assert (heard["muted_outlets"], heard["muted_stories"]) == (["Prairie Post"], [])
    assert main(["subscribers", "unmute", ADDRESS]) == 0
    assert f"Muted for {ADDRESS}: nothing" in capsys.readouterr().out


def test_a_forgotten_person_is_not_brought_back_by_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, '[[subscribers]]\naddress = "Declared@news.example"\n')
    forgotten = json_of(capsys, "subscribers", "forget", "declared@news.example")
    assert forgotten == {"address": "declared@news.example", "forgotten": True}
    assert main(["subscribers", "forget", "declared@news.example"]) != 0
    assert "nothing is stored of" in capsys.readouterr().err
    assert main(["db", "upgrade", "--load"]) == 0
    assert "forgotten address is declared" in capsys.readouterr().err
    assert json_of(capsys, "subscribers", "list") == []
    assert main(["subscribers", "add", "declared@news.example"]) == 0
    assert main(["db", "upgrade", "--load"]) == 0
    assert "forgotten" not in capsys.readouterr().err


def test_forgetting_names_what_it_does_not_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path, monkeypatch, '[[subscribers]]\naddress = "declared@news.example"\n')
    assert main(["desk", "link", "declared@news.example"]) == 0
    assert main(["subscribers", "forget", "declared@news.example"]) == 0
    said = capsys.readouterr().err
    assert "still declares this address" in said
    assert "'storywatch desk remove declared@news.example' ends that too" in said
    assert str(tmp_path / "outbox") in said
