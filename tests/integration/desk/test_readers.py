"""Readers: added, changed by two at once, previewed, paused, forgotten; and mails that are tried again."""

from __future__ import annotations

import re

import pytest

from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient, let_in
from tests.integration.desk.hostile import SCRIPTS, Harm
from tests.integration.stored import DAY, TOPIC, analyze, match, send, subscribe, tell
from tests.integration.web_client import FormReader
from worker.setup.deps import Deps
from worker.step import Wakeup, Wakeups
from worker.storage.db.database import Database
from worker.storage.digests import outbox, subscribers
from worker.storage.digests.deliveries import deliveries_of
from worker.storage.digests.outbox import DeliveryResult
from worker.storage.digests.subscribers import SubscriptionRecord

ADDRESS = "eva@news.example"


def reader(deps: Deps, address: str = ADDRESS) -> SubscriptionRecord | None:
    with deps.reading() as session:
        return subscribers.find_subscription(session, address)


def fields_of(editor: DeskClient, page: str) -> dict[str, object]:
    return dict(FormReader(editor.get(page).text).fields)


def test_a_reader_is_added_changed_previewed_paused_and_forgotten(deps: Deps, editor: DeskClient) -> None:
    new = fields_of(editor, "/desk/readers/add")
    added = editor.post("/desk/readers/add", {**new, "address": ADDRESS, "name": "Eva", "rhythm": "weekly", "day": "2"})
    found = reader(deps)
    assert found is not None
    assert added.headers["location"] == f"/desk/readers/{found.id}?said=added"
    assert (found.schedule, found.subscriber.name, found.topics) == ("weekly on wednesday at 07:00", "Eva", (TOPIC,))
    page = f"/desk/readers/{found.id}"
    assert "There is nothing new to tell" in editor.get(f"{page}/preview").text
    with deps.transaction() as session:
        article = analyze(session, "https://news.example/ferry")
        tell(session, article, "ferry")
        match(session, article)
    assert "Read https://news.example/ferry" in editor.get(f"{page}/preview").text
    fields = fields_of(editor, page)
    assert editor.post(page, {**fields, "pause_until": "2026-04-01", "zone": "Europe/Madrid"}).status == 303
    assert "until Mar 31, 22:00" in editor.get("/desk/readers?state=paused").text
    assert editor.send(page, f"{page}/act", act="resume").status == 303
    resumed = reader(deps)
    assert resumed is not None
    assert (resumed.paused_until, resumed.subscriber.zone) == (None, "Europe/Madrid")
    assert editor.send(page, f"{page}/act", act="due").status == 303
    due = reader(deps)
    assert due is not None
    assert due.next_due_at == NOW
    assert editor.send(page, f"{page}/act", act="forget").headers["location"].endswith("#forget")
    assert reader(deps) is not None, "nothing goes without the word that it is meant"
    assert (
        editor.send(page, f"{page}/act", act="forget", sure="yes").headers["location"] == "/desk/readers?said=forgotten"
    )
    assert reader(deps) is None
    assert editor.get(page).status == 404


def test_of_two_editors_the_second_is_told_and_loses_nothing(deps: Deps, web, editor: DeskClient) -> None:  # type: ignore[no-untyped-def]
    with deps.transaction() as session:
        page = f"/desk/readers/{subscribe(session, ADDRESS)}"
    other = let_in(deps, web, "editor", "other@desk.example")
    mine, theirs = fields_of(editor, page), fields_of(other, page)
    assert other.post(page, {**theirs, "stories": "7"}).status == 303
    answer = editor.post(page, {**mine, "stories": "9", "name": "Typed by me", "rhythm": "hourly"})
    assert answer.status == 409
    assert "changed while you had the form open" in answer.text
    assert 'value="Typed by me"' in answer.text
    changed = reader(deps)
    assert changed is not None
    assert changed.story_limit == 7
    again = dict(FormReader(answer.text).fields)
    assert again["rhythm"] == ["hourly"]
    assert editor.post(page, dict(again)).status == 303
    changed = reader(deps)
    assert changed is not None
    assert (changed.story_limit, changed.schedule, changed.subscriber.name) == (9, "hourly", "Typed by me")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"address": "no address"}, "That is no mail address"),
        ({"topic": ()}, "Choose at least one topic."),
        ({"topic": "another"}, "Choose at least one topic."),
        ({"zone": "../../etc/passwd"}, "Choose a time zone"),
        ({"stories": "9" * 5_000}, "between 1 and 200"),
        ({"at": "99:99"}, "The times of the schedule"),
        ({"rhythm": "weekly", "day": "9" * 5_000}, "The times of the schedule"),
        ({"pause_until": "2999-01-01"}, "within the next two years"),
        ({"language": "xx"}, "Choose a language"),
        ({"band-" + TOPIC: "sure"}, "cannot be saved"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    deps: Deps, editor: DeskClient, wrong: dict[str, object], said: str
) -> None:
    new = fields_of(editor, "/desk/readers/add")
    answer = editor.post("/desk/readers/add", {**new, "address": ADDRESS, "name": "<b>Eva", **wrong})
    assert answer.status == 422
    assert said in answer.text
    assert 'value="&lt;b&gt;Eva"' in answer.text
    assert reader(deps) is None


def test_a_known_address_is_no_new_reader(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        subscribe(session, ADDRESS)
    new = fields_of(editor, "/desk/readers/add")
    answer = editor.post("/desk/readers/add", {**new, "address": ADDRESS.upper()})
    assert answer.status == 409
    assert "is a reader already" in answer.text


def test_mails_that_have_not_arrived_are_tried_again(deps: Deps, editor: DeskClient, woken: list[Wakeups]) -> None:
    with deps.transaction() as session:
        number = subscribe(session, ADDRESS)
        delivery = send(session, number)
        outbox.save_outcome(session, delivery, DeliveryResult("dead", f"554 {SCRIPTS[0]}"), now=NOW)
    page = editor.get("/desk/readers")
    assert "given up" in page.text
    assert Harm(page.text).found == []
    answer = editor.send("/desk/readers", f"/desk/deliveries/{delivery}/retry", back="/desk/readers")
    assert answer.headers["location"] == "/desk/readers?said=retried"
    assert woken == [(Wakeup("deliver", delivery),)]
    with deps.transaction() as session:
        outbox.save_outcome(session, delivery, DeliveryResult("sent"), now=NOW)
    assert editor.send("/desk/account", f"/desk/deliveries/{delivery}/retry").status == 409
    assert editor.send("/desk/account", "/desk/deliveries/999/retry").status == 409
    assert "None: all that was written" in editor.get("/desk/readers").text


def test_readers_are_found_and_hostile_names_run_nowhere(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        for number in range(120):
            name = SCRIPTS[number % len(SCRIPTS)][:200]
            last = subscribe(session, f"r{number:03}@news.example", name=name)
        subscribers.unsubscribe(session, last, reason=SCRIPTS[0])
    assert editor.get("/desk/readers?q=r007").text.count('/desk/readers/8"') == 1
    assert len(re.findall(r'href="/desk/readers/\d+"', editor.get("/desk/readers?page=3").text)) == 20
    for path in (
        "/desk/readers",
        "/desk/readers?page=2",
        "/desk/readers?state=unsubscribed",
        f"/desk/readers/{last}",
        f"/desk/readers?q={'x' * 9_000}",
    ):
        answer = editor.get(path)
        assert (answer.status, Harm(answer.text).found) == (200, []), path
        assert len(answer.text) < 100_000, path


def test_a_readers_deliveries_are_theirs(database: Database) -> None:
    with database.transaction() as session:
        first, second = subscribe(session), subscribe(session, ADDRESS)
        early, late = send(session, first, end=NOW - DAY), send(session, first)
        send(session, second)
        assert [one.id for one in deliveries_of(session, first, limit=9)] == [late, early]
        assert [one.id for one in deliveries_of(session, first, limit=1)] == [late]
        assert deliveries_of(session, 999, limit=9) == []
