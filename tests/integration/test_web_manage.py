"""The subscriber's own page, as browsers without JavaScript use it and as strangers abuse it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, subscribe
from tests.integration.test_web_pages import is_hardened
from tests.integration.web_client import Answer, FormReader, WebClient
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db import migrations
from worker.storage.digests import due_times, outbox, subscribers
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.web.app import make_web

ADDRESS = "reader@news.example"


@pytest.fixture
def deps(tmp_path: Path, redis_url: str) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, redis_url=redis_url), now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.redis.close()
    deps.database.close()


@pytest.fixture
def client(deps: Deps) -> WebClient:
    return WebClient(make_web(deps))


@pytest.fixture
def subscription(deps: Deps) -> int:
    with deps.transaction() as session:
        return subscribe(session, ADDRESS, zone="America/Mexico_City", first_due=NOW + DAY)


def manage_url(deps: Deps, subscription: int, lasts: timedelta = DAY) -> str:
    return f"/manage/{deps.sign('manage', {'subscription': subscription}, lasts=lasts)}"


def read(deps: Deps, subscription: int) -> SubscriptionRecord:
    with deps.reading() as session:
        found = subscribers.read_subscription(session, subscription)
    assert found is not None
    return found


def sent_out(deps: Deps) -> list[outbox.DeliveryRecord]:
    """Every message in the outbox."""
    with deps.transaction() as session:
        waiting = outbox.waiting_deliveries(session, now=NOW, limit=99)
        found = [outbox.claim_delivery(session, one, now=NOW, lease=DAY) for one in waiting]
    return [one for one in found if one is not None]


def change(client: WebClient, url: str, **changes: object) -> Answer:
    fields: dict[str, object] = dict(FormReader(client.get(url).text).fields)
    return client.submit(url, {name: value for name, value in {**fields, **changes}.items() if value is not None})


def test_saving_without_a_change_changes_nothing(deps: Deps, client: WebClient, subscription: int) -> None:
    before, url = read(deps, subscription), manage_url(deps, subscription)
    shown = client.get(url)
    assert shown.status == 200
    assert is_hardened(shown)
    assert ADDRESS in shown.text
    assert "<script" not in shown.text
    saved = change(client, url)
    assert (saved.status, "Saved." in saved.text) == (200, True)
    assert is_hardened(saved)
    after = read(deps, subscription)
    assert after == before or after.bands == {TOPIC: "balanced"}
    assert (after.schedule, after.next_due_at, after.window_start) == (
        before.schedule, before.next_due_at, before.window_start
    )  # fmt: skip


def test_everything_can_be_changed_by_the_form(deps: Deps, client: WebClient, subscription: int) -> None:
    url = manage_url(deps, subscription)
    answer = change(
        client, url, **{f"band-{TOPIC}": "wide"}, rhythm="weekly", day="4", at="18:30", zone="Europe/Madrid",
        language="es", stories="7", send_empty="yes",
    )  # fmt: skip
    assert "Guardado." in answer.text, "the page speaks the language that was chosen"
    found = read(deps, subscription)
    assert found.band_of == {TOPIC: "wide"}
    assert (found.schedule, found.story_limit, found.send_empty) == ("weekly on friday at 18:30", 7, True)
    assert (found.subscriber.zone, found.subscriber.language) == ("Europe/Madrid", "es")
    assert found.next_due_at > NOW
    change(client, url, rhythm="instant", minutes="40", night_from="22:00", night_to="07:00", send_empty=None)
    found = read(deps, subscription)
    assert (found.schedule, found.send_empty) == ("instant every 40 minutes except 22:00-07:00", False)


def test_a_pause_holds_until_its_day_and_ends_by_itself(deps: Deps, client: WebClient, subscription: int) -> None:
    url = manage_url(deps, subscription)
    back = date(2026, 3, 12)
    assert "Paused" in change(client, url, pause_until=back.isoformat()).text
    found = read(deps, subscription)
    assert found.is_paused(NOW)
    assert found.next_due_at.date() == back, "the first digest after it comes at its usual time"
    assert found.next_due_at.hour == 13
    assert f'value="{back}"' in client.get(url).text
    with deps.reading() as session:
        assert due_times.due_subscriptions(session, now=found.next_due_at - timedelta(hours=1), limit=9) == []
        assert due_times.due_subscriptions(session, now=found.next_due_at, limit=9) == [subscription]
    change(client, url, pause_until=None)
    assert not read(deps, subscription).is_paused(NOW)
    assert read(deps, subscription).next_due_at < NOW + DAY


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"topic": None}, "Choose at least one topic."),
        ({"topic": "no-such"}, "Choose at least one topic."),
        ({"zone": "Mars/Base"}, "Choose a time zone"),
        ({"at": "25:00"}, "The times of the schedule"),
        ({"at": "zone"}, "The times of the schedule"),
        ({"zone": "topic"}, "Choose a time zone"),
        ({"rhythm": "instant", "night_from": "22:00", "night_to": ""}, "The times of the schedule"),
        ({"stories": "0"}, "between 1 and 200"),
        ({"stories": "<script>"}, "between 1 and 200"),
        ({"pause_until": "9999-12-31"}, "within the next two years"),
        ({"pause_until": "soon"}, "within the next two years"),
        ({"language": "fr"}, "Choose a language"),
        ({f"band-{TOPIC}": "all"}, "cannot be saved"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_saved(
    deps: Deps, client: WebClient, subscription: int, changes: dict[str, object], said: str
) -> None:
    before = read(deps, subscription)
    answer = change(client, manage_url(deps, subscription), **changes)
    assert answer.status == 422
    assert said in answer.text
    assert "<script" not in answer.text
    assert read(deps, subscription) == before


def test_a_form_that_is_not_ours_saves_nothing(deps: Deps, client: WebClient, subscription: int) -> None:
    url = manage_url(deps, subscription)
    fields = dict(FormReader(client.get(url).text).fields) | {"stories": ["3"]}
    with deps.transaction() as session:
        other = subscribe(session, "other@news.example")
    theirs = FormReader(client.get(manage_url(deps, other)).text).fields["form"]
    for changed, headers in (
        ({**fields, "form": [""]}, {}),
        ({**fields, "form": theirs}, {}),
        (fields, {"sec_fetch_site": "cross-site"}),
    ):
        answer = client.submit(url, changed, **headers)
        assert answer.status == 400
        assert "open for too long" in answer.text
    for body in (b"", b"\xff" * 100, b"a=1&" * 5000, b"x" * 50_000, b"stories=%ff%fe"):
        assert client.post(url, body).status == 400
    assert read(deps, subscription).story_limit == 25
    deps.now = lambda: NOW + timedelta(hours=13)
    assert client.submit(url, fields).status == 400


def test_forged_and_foreign_tokens_show_nobodys_page(deps: Deps, client: WebClient, subscription: int) -> None:
    good = deps.sign("manage", {"subscription": subscription}, lasts=DAY)
    others = (
        good[:-1], good[:-2] + "AA", "x", "x" * 3000, deps.sign("archive", {"subscription": subscription}),
        deps.sign("unsubscribe", {"subscription": subscription}), deps.sign("manage", {"subscription": 999}),
    )  # fmt: skip
    for token in others:
        for method in ("GET", "POST"):
            answer = client.ask(method, f"/manage/{token}")
            assert ADDRESS not in answer.text
            assert "<form" not in answer.text
            assert is_hardened(answer)
        assert client.post(f"/manage/{token}/renew").status in {400, 404}
    assert sent_out(deps) == []


def test_an_expired_link_says_so_and_offers_a_new_one_by_mail(deps: Deps, client: WebClient, subscription: int) -> None:
    url = manage_url(deps, subscription, -DAY)
    shown = client.get(url)
    assert shown.status == 410
    assert "This link has expired" in shown.text
    assert ADDRESS not in shown.text, "whoever found an old link learns nothing"
    assert "Este enlace ha caducado" in client.get(url, accept_language="es-MX,es;q=0.9").text
    fields = FormReader(shown.text).fields
    assert client.submit(url, fields).status == 410, "it saves nothing"
    assert client.post(f"{url}/renew").status == 400, "a scanner's POST without the form sends nothing"
    for turn in range(5):
        answer = client.submit(f"{url}/renew", fields)
        assert answer.status == (200 if turn < 3 else 429)
        assert ADDRESS not in answer.text
    letters = sent_out(deps)
    assert [letter.recipient for letter in letters] == [ADDRESS] * 3
    link = next(line for line in letters[0].message.decode().replace("=\r\n", "").splitlines() if "/manage/" in line)
    assert client.get(link.replace("=3D", "=")[len(deps.settings.web_url) :].strip()).status == 200


def test_who_has_unsubscribed_has_no_page(deps: Deps, client: WebClient, subscription: int) -> None:
    with deps.transaction() as session:
        subscribers.unsubscribe(session, subscription, reason="asked to")
    answer = client.get(manage_url(deps, subscription))
    assert "has ended" in answer.text
    assert "<form" not in answer.text
