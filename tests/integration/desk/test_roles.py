"""The role matrix: every route of the desk, asked by everybody, with and without a form of ours."""

from __future__ import annotations

import re
from itertools import product

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.integration.desk.desk_client import DeskClient, let_in
from tests.integration.web_client import Answer
from worker.setup.deps import Deps
from worker.web.app import make_status_web, make_web
from worker.web.desk.pages import POLICY
from worker.web.desk.roles import Role
from worker.web.desk.route import DeskRoute
from worker.web.desk.routes import ROUTES
from worker.web.hardening import HardenedHeaders

OPEN_AT_THE_DESK = {
    ("GET", "/desk/style.css"), ("GET", "/desk/login"), ("POST", "/desk/login"), ("POST", "/desk/logout"),
    ("GET", "/desk/enter/{token}"), ("POST", "/desk/enter/{token}"),
}  # fmt: skip
OPEN_ELSEWHERE = {
    "/", "/metrics", "/health", "/health/live", "/health/ready", "/archive/{token}", "/archive/{token}/{number:int}",
    "/archives/{token}", "/s/{key}", "/s/{key}/mute", "/s/{key}/{word}", "/manage/{token}", "/manage/{token}/renew",
    "/feedback/{token}/{word}", "/subscribe", "/confirm/{token}", "/topics/{topic}/feed.{form}",
    "/unsubscribe/{token}", "/websub/{key}",
}  # fmt: skip


def routes_of(web: ASGIApp) -> list[Route]:
    assert isinstance(web, HardenedHeaders)
    assert isinstance(web.app, Starlette)
    return [route for route in web.app.routes if isinstance(route, Route)]


def test_what_is_open_without_a_login_is_written_down(deps: Deps) -> None:
    found = {(one.method, one.address) for one in ROUTES if one.needs is Role.OPEN}
    assert found == OPEN_AT_THE_DESK
    everything = {route.path for make in (make_web, make_status_web) for route in routes_of(make(deps))}
    assert {path for path in everything if not path.startswith("/desk")} <= OPEN_ELSEWHERE


def test_the_routes_of_the_application_are_those_of_the_table(deps: Deps, web: ASGIApp) -> None:
    at_desk = [route for route in routes_of(web) if route.path.startswith("/desk")]
    assert [(route.path, (route.methods or set()) - {"HEAD"}) for route in at_desk] == [
        (one.address, {one.method}) for one in ROUTES
    ]
    assert len({(one.method, one.path) for one in ROUTES}) == len(ROUTES)


def asked(client: DeskClient, route: DeskRoute, **fields: object) -> Answer:
    path = re.sub(r"\{[^}]*\}", "1", route.address)
    return client.get(path) if route.method == "GET" else client.post(path, fields)


def test_every_route_asks_for_its_role(deps: Deps, owner: DeskClient, editor: DeskClient, stranger: DeskClient) -> None:
    asking = ((stranger, Role.OPEN), (editor, Role.EDITOR), (owner, Role.OWNER))
    for route, (client, role) in product(ROUTES, asking):
        answer = asked(client, route)
        if role.suffices(route.needs):
            # A page, or one that is not there; without a form of ours, nothing is done.
            assert answer.status in ((400,) if route.method == "POST" else (200, 303, 400, 404, 410)), role
            assert answer.headers.get("location") in (None, "/desk"), role
        elif role is Role.EDITOR:
            assert answer.status == 403
        elif route.method == "GET":
            assert (answer.status, answer.headers["location"]) == (303, "/desk/login")
        else:
            assert answer.status == 401
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert answer.headers["content-security-policy"] == POLICY
            assert "<script" not in answer.text


def test_no_form_of_another_person_another_purpose_or_another_site_does_anything(
    deps: Deps, web: ASGIApp, owner: DeskClient
) -> None:
    other = let_in(deps, web, "owner", "other@desk.example")
    theirs = re.search(r'name="form" value="([^"]*)"', other.get("/desk/account").text)
    mine = re.search(r'name="form" value="([^"]*)"', owner.get("/desk/account").text)
    assert theirs is not None
    assert mine is not None
    readers = deps.sign("form", {"purpose": "manage", "whose": 1})
    for route in (one for one in ROUTES if one.method == "POST"):
        for form in (theirs[1], readers, "", "x" * 9_000):
            assert asked(owner, route, form=form).status == 400, route.address
        path = re.sub(r"\{[^}]*\}", "1", route.address)
        assert owner.post(path, {"form": mine[1]}, sec_fetch_site="cross-site").status == 400
        assert owner.post(path, {"form": mine[1], "x": "y" * route.longest}).status == 413


def test_the_desk_stands_at_the_readers_address_only_where_it_is_asked_for(deps: Deps) -> None:
    assert not [route for route in routes_of(make_web(deps)) if route.path.startswith("/desk")]
    assert DeskClient(make_web(deps)).get("/desk/login").status == 404
