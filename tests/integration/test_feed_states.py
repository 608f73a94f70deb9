"""Every state that a feed can be in, with its reason, wherever a person looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Feed
from tests.integration.cli_site import install, json_of
from worker.cli.main import main
from worker.delivery.composing import troubles
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.feeds.feed_rows import NewFeed, add_feeds

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """What is stored of a feed, what is said of it, and whether that stands in a digest; silence in days."""

    stored: dict[str, object]
    reason: str
    lasting: bool = False
    silence: float = 0.1


CASES = {
    "healthy": Case({}, "about 2 entries a day"),
    "silent": Case({}, "nothing new for 20 days (about 2 entries a day before)", lasting=True, silence=20.1),
    "failing": Case(
        {"failures": 3, "error_code": "timeout", "error": "no answer in 10 s", "last_success_at": DAY},
        "3 polls in a row failed, for 1 day: no answer in 10 s",
    ),
    "blocked": Case(
        {"failures": 9, "error_code": "blocked", "error": "not let in (status 403)", "last_success_at": 4.2 * DAY},
        "9 polls in a row failed, for 4 days: not let in (status 403)", lasting=True,
    ),
    "moved": Case({"moved_to": "https://new.example/feed"}, "it has moved to https://new.example/feed"),
    "gone": Case({"gone": True, "failures": 5}, "its host says it is gone for good (410)", lasting=True),
    "truncated": Case({"truncated": True}, "its document ends early or is too long: entries are missing"),
}  # fmt: skip


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deps]:
    """An installation with one feed in each state, named after it."""
    install(tmp_path, monkeypatch)
    deps = Deps(load_settings())
    with deps.transaction() as session:
        now = deps.now()
        add_feeds(session, [NewFeed(f"https://{name}.example/feed", outlet=name) for name in CASES], now=now - 90 * DAY)
        for feed in session.scalars(select(Feed)):
            case = CASES[feed.outlet]
            times = [now - case.silence * DAY - number * DAY / 2 for number in range(30)]
            feed.entry_times = [time.isoformat() for time in times]
            feed.last_new_entry_at, feed.last_success_at = times[0], now
            for name, value in case.stored.items():
                setattr(feed, name, now - value if isinstance(value, timedelta) else value)
    yield deps
    deps.database.close()


@pytest.mark.usefixtures("deps")
def test_every_state_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    listed = {feed["outlet"]: feed for feed in json_of(capsys, "feeds", "list")}
    status = json_of(capsys, "status")
    told = {feed["name"]: feed for feed in status["feed_troubles"]}
    assert set(told) == set(CASES) - {"healthy"}
    assert status["feeds"] == dict.fromkeys(sorted(CASES), 1)
    for name, case in CASES.items():
        for found in (listed[name], *([told[name]] if name in told else [])):
            assert (found["state"], found["reason"]) == (name, case.reason)
        assert listed[name]["rhythm"] == "about 2 entries a day"
        assert listed[name]["last_success"] is not None
        assert listed[name]["last_new_entry"] is not None


@pytest.mark.usefixtures("deps")
def test_the_tables_for_people_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["feeds", "list"], ["status"]):
        capsys.readouterr()
        assert main(command) == 0
        said = capsys.readouterr().out
        assert all(case.reason in said for name, case in CASES.items() if name != "healthy"), said


def test_only_lasting_trouble_stands_in_a_digest(deps: Deps) -> None:
    with deps.reading() as session:
        named = {trouble.outlet: trouble.reason for trouble in troubles(session, deps.now())}
    assert named == {name: case.reason for name, case in CASES.items() if case.lasting}
