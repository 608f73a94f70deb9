"""The doors of the desk: who asks is known, may ask, and sends a form of ours, before any page answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from worker.errors import StorageError
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.storage.people import logins, person_rows
from worker.storage.people.logins import SessionRecord
from worker.web.attempts import client_of
from worker.web.desk import cookie
from worker.web.desk.pages import go, tell
from worker.web.desk.roles import Role
from worker.web.desk.route import SHORT, DeskRoute
from worker.web.desk.routes import ROUTES, pages_for
from worker.web.desk.visit import Known, Nowhere, Visit
from worker.web.forms import Form, is_ours, read_form
from worker.web.speech import asked_for, speak

log = get_log(__name__)


def desk_routes() -> list[Route]:
    """Return the routes of the desk, for an application of ours."""
    return [Route(one.address, _door(one), methods=[one.method]) for one in ROUTES]


def _door(route: DeskRoute) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if route.method == "GET":
            return await run_in_threadpool(_answer, route, request, Form({}))
        # A long form is read from who may send it; from others as much as a login takes.
        longest = route.longest if await run_in_threadpool(_may_send, route, request) else SHORT
        return await run_in_threadpool(_answer, route, request, await read_form(request, longest=longest))

    return answer


def _may_send(route: DeskRoute, request: Request) -> bool:
    if route.longest <= SHORT:
        return True
    known = _recognize(request.app.state.deps, request, by_proxy=request.app.state.is_public)
    return known is not None and Role(known.person.role).suffices(route.needs)


def _answer(route: DeskRoute, request: Request, form: Form) -> Response:
    visit = _visit(request, form)
    try:
        answer = _refused(route, visit) or route.answer(visit)
    except Nowhere:
        say = visit.say
        answer = tell(visit, say.gettext("Nothing here"), say.gettext("There is no page at this address."), status=404)
    if visit.known and visit.known.renewed and "set-cookie" not in answer.headers:
        cookie.give(answer, visit.base_url, visit.known.renewed, lasts=_lasts(visit.deps))
    return answer


def _visit(request: Request, form: Form) -> Visit:
    state = request.app.state
    known = _recognize(state.deps, request, by_proxy=state.is_public)
    say = speak(known.person.language) if known and known.person.language else asked_for(request)
    return Visit(
        deps=state.deps, say=say, path=request.url.path, base_url=state.base_url, client=client_of(request),
        known=known, params=dict(request.path_params), asked=dict(request.query_params), form=form, wake=state.wake,
        agent=request.headers.get("user-agent", ""), pages=pages_for(Role(known.person.role) if known else Role.OPEN),
    )  # fmt: skip


def _recognize(deps: Deps, request: Request, *, by_proxy: bool) -> Known | None:
    """Who asks, by the cookie of a login or by the header of a proxy that the configuration names."""
    named = request.headers.getlist(deps.settings.desk.login_header) if deps.settings.desk.login_header else []
    if by_proxy and named:
        with deps.reading() as session:
            # Twice the same header is one from the proxy and one from somebody else.
            person = person_rows.find_person(session, named[0]) if len(named) == 1 else None
        return Known(person) if person else None
    token = cookie.read(request)
    if not token:
        return None
    with deps.reading() as session:
        found = logins.find_session(session, token, now=deps.now())
    if found is None:
        return None
    is_renewed = _note_use(deps, found[0])
    return Known(found[1], found[0].id, renewed=token if is_renewed else "")


def _note_use(deps: Deps, one: SessionRecord) -> bool:
    """Let a login that is used last on; whether it lasts longer now."""
    now = deps.now()
    if not logins.is_stale(one, now=now):
        return False
    try:
        with deps.transaction() as session:
            logins.save_session_use(session, one.id, now=now, expires_at=now + _lasts(deps))
    except StorageError as error:  # busy writing, which keeps nobody from reading
        log.warning("use of a login not noted", login=one.id, reason=str(error))
        return False
    return True


def _lasts(deps: Deps) -> timedelta:
    return timedelta(days=deps.settings.desk.session_days)


def _refused(route: DeskRoute, visit: Visit) -> Response | None:
    """What is said to who may not, or whose form is none of ours; None to all others."""
    say = visit.say
    if route.needs is not Role.OPEN and visit.known is None:
        return _without_login(route, visit)
    if not visit.role.suffices(route.needs):
        text = say.gettext("This page is for owners. Ask one of them, or for the role.")
        return tell(visit, say.gettext("Not for your role"), text, status=403)
    if route.method == "GET":
        return None
    if visit.form.is_too_long:
        text = say.gettext("What was sent is longer than this form can be. Nothing was changed.")
        return tell(visit, say.gettext("Too long"), text, status=413)
    if not is_ours(visit.deps, visit.form, "desk", visit.known.proof_of if visit.known else ""):
        text = say.gettext("The form was open for too long, or was not one of ours. Go back, reload and try again.")
        return tell(visit, say.gettext("Nothing was changed"), text, status=400)
    return None


def _without_login(route: DeskRoute, visit: Visit) -> Response:
    if route.method == "GET":
        return go("/login")
    say = visit.say
    text = say.gettext("You are not logged in any more. Nothing was changed: log in, go back and send it again.")
    return tell(visit, say.gettext("Not logged in"), text, status=401)
