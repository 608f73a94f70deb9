"""Coming in by a link, staying in by a cookie, and being shown out."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient, let_in
from tests.integration.test_web_manage import sent_out
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.step import Wakeup, Wakeups
from worker.storage.db import migrations
from worker.storage.people import logins, person_rows
from worker.web.app import make_web
from worker.web.desk.entrance import login
from worker.web.desk.entrance.links import new_link

HOUR = timedelta(hours=1)


def link_for(deps: Deps, address: str = "ana@desk.example", role: str = "owner", base: str = "") -> str:
    with deps.transaction() as session:
        person = person_rows.add_person(session, address, role, now=NOW)
        return new_link(session, person.id, base, now=deps.now())


def test_a_link_asks_first_works_once_and_leaves_a_cookie_no_script_reads(
    deps: Deps, stranger: DeskClient, web: ASGIApp
) -> None:
    link = link_for(deps)
    for _ in range(2):  # a mail scanner, and whoever opens it
        assert "ana@desk.example" in stranger.get(link).text
    entered = stranger.send(link, link)
    assert (entered.status, entered.headers["location"]) == (303, "/desk")
    said = entered.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "path=/desk" in said
    assert "secure" not in said
    assert stranger.get("/desk").status == 200
    second = DeskClient(web)
    assert second.get(link).status == 410
    assert second.send("/desk/login", link).status == 410
    assert second.get("/desk").headers["location"] == "/desk/login"


def test_a_link_is_too_old_after_an_hour_and_only_the_newest_five_work(deps: Deps, stranger: DeskClient) -> None:
    links = list[str]()
    for number in range(6):
        deps.now = lambda late=number: NOW + late * timedelta(seconds=1)  # type: ignore[misc]
        links.append(link_for(deps))
    assert [stranger.get(link).status for link in links] == [410, *[200] * 5]
    deps.now = lambda: NOW + 2 * HOUR
    assert stranger.get(links[-1]).status == 410
    for token in ("x", "a" * 9_000, "%00", "..%2f"):
        assert stranger.get(f"/desk/enter/{token}").status in {404, 410}


def test_a_link_by_mail_comes_to_who_is_known_and_nobody_is_told_who_that_is(
    deps: Deps, stranger: DeskClient, woken: list[Wakeups], caplog: pytest.LogCaptureFixture
) -> None:
    link_for(deps)
    with caplog.at_level(logging.DEBUG):
        answers = [
            stranger.send("/desk/login", "/desk/login", address=address)
            for address in ("ANA@desk.example", "nobody@desk.example")
        ]
    assert answers[0].text == answers[1].text
    (mail,) = sent_out(deps)
    assert mail.recipient == "ana@desk.example"
    assert woken == [(Wakeup("deliver", mail.id),)]
    found = re.search(r"http://127\.0\.0\.1:8081(/desk/enter/[\w-]+)", mail.message.decode().replace("=\r\n", ""))
    assert found is not None
    assert found[1].rpartition("/")[2] not in caplog.text
    assert stranger.get(found[1]).status == 200
    assert stranger.send("/desk/login", "/desk/login", address="no address").status == 422


def test_links_by_mail_are_few(deps: Deps, stranger: DeskClient) -> None:
    link_for(deps)
    found = [stranger.send("/desk/login", "/desk/login", address="ana@desk.example").status for _ in range(7)]
    assert found == [200] * 5 + [429] * 2
    assert len(sent_out(deps)) == 5


def test_invented_addresses_use_up_nobodys_links(
    deps: Deps, stranger: DeskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "_IN_ALL", 2)
    monkeypatch.setattr(login, "_PER_CLIENT", 100)
    link_for(deps)
    for number in range(4):
        assert stranger.send("/desk/login", "/desk/login", address=f"x{number}@desk.example").status == 200
    asked = [stranger.send("/desk/login", "/desk/login", address="ana@desk.example").status for _ in range(3)]
    assert asked == [200] * 3, "the answer tells nobody that no mail went any more"
    assert len(sent_out(deps)) == 2


def test_sessions_are_listed_and_ended(deps: Deps, web: ASGIApp, owner: DeskClient) -> None:
    phone = DeskClient(web)
    link = link_for(deps, "owner@desk.example")
    phone.send(link, link)
    assert owner.get("/desk/account").text.count("Log out there") == 1
    other = re.search(r'name="which" value="(\d+)"', owner.get("/desk/account").text)
    assert other is not None
    stranger = let_in(deps, web, "editor")
    stranger.send("/desk/account", "/desk/account/sessions", which=other[1])
    assert phone.get("/desk").status == 200, "nobody ends the session of another"
    owner.send("/desk/account", "/desk/account/sessions", which="others")
    assert phone.get("/desk").headers["location"] == "/desk/login"
    assert owner.get("/desk").status == 200
    assert owner.send("/desk/account", "/desk/logout").headers["location"] == "/desk/login"
    assert owner.cookie == ""


def test_a_session_lasts_while_it_is_used(deps: Deps, owner: DeskClient) -> None:
    later = NOW + timedelta(days=29)
    deps.now = lambda: later
    used = owner.get("/desk")
    assert used.status == 200
    assert f"Max-Age={30 * 86_400}" in used.headers["set-cookie"], "the browser keeps it as long as we do"
    assert "set-cookie" not in owner.get("/desk").headers
    later += timedelta(days=29)
    assert owner.get("/desk").status == 200
    later += timedelta(days=31)
    assert owner.get("/desk").headers["location"] == "/desk/login"
    with deps.transaction() as session:
        assert logins.prune_logins(session, before=later) == 1


def test_language_and_zone_are_a_persons_own(owner: DeskClient) -> None:
    assert owner.send("/desk/account", "/desk/account", language="es", zone="Nowhere/Else").status == 422
    assert owner.send("/desk/account", "/desk/account", language="es", zone="Europe/Madrid").status == 303
    assert "Hoy" in owner.get("/desk").text
    owner.send("/desk/account", "/desk/account", language="xx", zone="UTC")
    assert "Today" in owner.get("/desk").text


def test_owners_let_people_in_and_out_and_one_always_stays(deps: Deps, web: ASGIApp, owner: DeskClient) -> None:
    assert owner.send("/desk/people", "/desk/people", address="no address", role="owner").status == 422
    assert owner.send("/desk/people", "/desk/people", address="eva@desk.example", role="editor").status == 303
    assert owner.send("/desk/people", "/desk/people", address="Eva@desk.example", role="owner").status == 409
    (mail,) = sent_out(deps)
    assert mail.recipient == "eva@desk.example"
    with deps.reading() as session:
        people = {one.address: one for one in person_rows.list_people(session)}
    assert people["eva@desk.example"].role == "editor"
    mine, hers = (f"/desk/people/{people[name].id}" for name in ("owner@desk.example", "eva@desk.example"))
    assert owner.send("/desk/people", mine, act="remove").status == 409
    assert owner.send("/desk/people", mine, act="role", role="editor").status == 409
    assert owner.send("/desk/people", hers, act="role", role="owner").status == 303
    eva = let_in(deps, web, "owner", "eva@desk.example")
    assert owner.send("/desk/people", "/desk/people/999", act="remove").status == 404
    assert owner.send("/desk/people", mine, act="remove").status == 303
    assert owner.get("/desk").headers["location"] == "/desk/login", "with the person go their logins"
    assert eva.get("/desk/people").status == 200


@pytest.fixture
def public(tmp_path: Path, redis_url: str) -> Iterator[Deps]:
    desk = {"public": True, "login_header": "X-Person"}
    settings = load_settings(
        folder=tmp_path, redis_url=redis_url, desk=desk, web={"base_url": "https://watch.example", "host": "0.0.0.0"}
    )
    deps = Deps(settings, now=lambda: NOW)
    migrations.upgrade(deps.database)
    yield deps
    deps.redis.close()
    deps.database.close()


def test_over_https_the_cookie_is_for_this_host_alone(public: Deps) -> None:
    client = DeskClient(make_web(public))
    link = link_for(public)
    entered = client.send(link, link)
    said = entered.headers["set-cookie"]
    assert said.startswith("__Host-storywatch_desk=")
    assert "secure" in said.lower()
    assert "path=/;" in said.lower()
    assert client.get("/desk").status == 200


def test_a_proxy_logs_people_in_by_the_header_that_is_named(public: Deps) -> None:
    link_for(public, role="editor")
    client = DeskClient(make_web(public))
    assert client.get("/desk", x_person="Ana@desk.example").status == 200
    assert client.get("/desk/people", x_person="ana@desk.example").status == 403
    assert client.get("/desk", x_person="nobody@desk.example").status == 303
    assert client.get("/desk", x_other="ana@desk.example").status == 303
    form = re.search(r'name="form" value="([^"]*)"', client.get("/desk/account", x_person="ana@desk.example").text)
    assert form is not None
    fields: dict[str, object] = {"form": form[1], "zone": "UTC"}
    assert client.post("/desk/account", fields).status == 401
    assert client.post("/desk/account", fields, x_person="ana@desk.example").status == 303


def test_the_header_means_nothing_on_the_owners_listener(deps: Deps, stranger: DeskClient) -> None:
    link_for(deps)
    assert stranger.get("/desk", x_person="ana@desk.example").status == 303
