"""`storywatch deliveries` on a real database: what could not be sent is named, and sent after all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.cli_site import ADDRESS, install, json_of
from tests.integration.stored import TOPIC, analyze, match, send, subscribe, tell
from worker.cli.main import main
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.digests import mail_hosts, outbox, returns
from worker.storage.digests.mail_hosts import MailHostRecord
from worker.storage.digests.outbox import DeliveryResult, SentStory

HOUR = timedelta(hours=1)
MAIL = '[[subscribers]]\naddress = "other@news.example"\n'


@pytest.fixture
def deps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deps]:
    install(tmp_path, monkeypatch, MAIL)
    monkeypatch.setenv("STORYWATCH_MAIL__HOST", "mx.example")
    deps = Deps(load_settings())
    yield deps
    deps.database.close()


def die(deps: Deps) -> tuple[int, SentStory]:
    """A digest is refused, and gives back what it told."""
    with deps.transaction() as session:
        article = analyze(session, "https://news.example/a")
        match(session, article)
        story = SentStory(tell(session, article, "ferry"), 1, TOPIC, (article,))
        delivery = send(session, subscribe(session, ADDRESS), story)
        outbox.save_outcome(session, delivery, DeliveryResult("dead", "554 relay access denied"), now=deps.now())
        returns.give_back(session, delivery, not_before=deps.now())
        mail_hosts.save_mail_host(session, MailHostRecord("mx.example:587", 3, deps.now() + HOUR, "535 no"))
    return delivery, story


def test_a_dead_digest_is_sent_after_all(deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    delivery, _ = die(deps)
    (listed,) = json_of(capsys, "deliveries", "list")
    assert (listed["id"], listed["state"], listed["reason"]) == (delivery, "dead", "554 relay access denied")
    assert main(["deliveries", "list"]) == 0
    assert "dead\t0\t\t554 relay access denied" in capsys.readouterr().out
    assert json_of(capsys, "deliveries", "retry", str(delivery)) == {"retried": [delivery], "refused": []}
    (listed,) = json_of(capsys, "deliveries", "list")
    assert (listed["state"], listed["attempts"], listed["next_try"]) == ("pending", 0, None)
    with deps.transaction() as session:
        assert outbox.waiting_deliveries(session, now=deps.now(), limit=9) == [delivery]
        assert not mail_hosts.failing_hosts(session), "nor does its server rest any longer"
        outbox.save_outcome(session, delivery, DeliveryResult("sent"), now=deps.now())
    assert json_of(capsys, "deliveries", "list") == []
    assert [one["state"] for one in json_of(capsys, "deliveries", "list", "--all")] == ["sent"]
    assert main(["deliveries", "retry", str(delivery)]) == 1
    assert "cannot be tried again: it was sent" in capsys.readouterr().out


def test_what_has_gone_out_since_is_not_sent_twice(deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    delivery, story = die(deps)
    with deps.transaction() as session:
        again = send(session, subscribe(session, ADDRESS), story, end=deps.now())
    answer = json_of(capsys, "deliveries", "retry", "--all")
    assert answer["retried"] == [again]
    assert answer["refused"] == [
        f"delivery {delivery} cannot be tried again: what it told has gone out since in another digest"
    ]


def test_what_cannot_be_tried_again_says_why(deps: Deps, capsys: pytest.CaptureFixture[str]) -> None:
    delivery, _ = die(deps)
    assert main(["deliveries", "retry"]) == main(["deliveries", "retry", "1", "--all"]) == 2
    assert "say --all" in capsys.readouterr().err
    with deps.transaction() as session:
        outbox.prune_messages(session, before=deps.now() + HOUR)
    assert main(["deliveries", "retry", str(delivery), "99"]) == 1
    said = capsys.readouterr().out
    assert "its bytes are no longer kept; what it told waits for the next digest" in said
    assert "there is no delivery 99" in said
    assert main(["subscribers", "remove", ADDRESS]) == 0
    assert json_of(capsys, "deliveries", "list") == []
