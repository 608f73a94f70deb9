"""Logging in by a link that comes by mail, and out again."""

from __future__ import annotations

import secrets
from datetime import timedelta

from starlette.background import BackgroundTask
from starlette.responses import Response

from worker.digests import checked_address
from worker.errors import ConfigurationError, StorageError
from worker.setup.logs import get_log
from worker.step import Wakeup
from worker.storage.people import logins, person_rows
from worker.storage.people.person_rows import PersonRecord
from worker.web.attempts import Refused, count, mailbox_of
from worker.web.desk import cookie
from worker.web.desk.entrance.links import new_link
from worker.web.desk.pages import go, show, tell
from worker.web.desk.visit import Visit
from worker.web.letters import send_login_link

log = get_log(__name__)

_HOUR = timedelta(hours=1)
_PER_ADDRESS, _PER_CLIENT, _IN_ALL = 5, 10, 100  # links by mail in an hour


def show_login(visit: Visit) -> Response:
    """Ask for an address."""
    return go("") if visit.known else show(visit, "login.html", address="", wrong="")


def ask_link(visit: Visit) -> Response:
    """Mail a link to who may come in; the answer tells nobody who that is."""
    say, address = visit.say, visit.form.one("address")
    try:
        checked_address(address)
    except ConfigurationError:
        wrong = say.gettext("That is no mail address; write it as name@example.org.")
        return show(visit, "login.html", status=422, address=address[:254], wrong=wrong)
    try:
        count(visit.deps, "desk-client", visit.client, at_most=_PER_CLIENT, within=_HOUR)
        count(visit.deps, "desk-address", mailbox_of(address), at_most=_PER_ADDRESS, within=_HOUR)
    except Refused as refused:
        return refused.page(say)
    text = say.gettext("If this address may come in, a link is on its way to it. It works once, within an hour.")
    answer = tell(visit, say.gettext("Look into your mail"), text)
    answer.background = BackgroundTask(_mail_whom_it_is, visit, address)  # the time an answer takes tells nothing
    return answer


def _mail_whom_it_is(visit: Visit, address: str) -> None:
    try:
        with visit.deps.reading() as session:
            person = person_rows.find_person(session, address)
        if person is not None:
            # Invented addresses use up nobody's links.
            count(visit.deps, "desk-all", "", at_most=_IN_ALL, within=_HOUR)
            mail_link(visit, person)
    except (Refused, StorageError) as error:
        log.warning("login link not mailed", reason=str(error) or "too many in an hour")


def mail_link(visit: Visit, person: PersonRecord) -> None:
    """Send the person a link that logs them in."""
    deps = visit.deps
    with deps.transaction() as session:
        link = new_link(session, person.id, visit.base_url, now=deps.now())
    language = person.language or visit.say.language
    visit.wake((Wakeup("deliver", send_login_link(deps, person.address, language, link)),))


def show_enter(visit: Visit) -> Response:
    """Ask whether to log in: mail scanners follow links, people press buttons."""
    with visit.deps.reading() as session:
        person = logins.whose_link(session, visit.params["token"][:200], now=visit.now)
    return show(visit, "enter.html", whose=person) if person else _spent(visit)


def enter(visit: Visit) -> Response:
    """Log the browser in, once."""
    deps, now = visit.deps, visit.now
    token, lasts = secrets.token_urlsafe(32), timedelta(days=deps.settings.desk.session_days)
    with deps.transaction() as session:
        person = logins.use_link(session, visit.params["token"][:200], now=now)
        if person is not None:
            logins.begin_session(session, person.id, token, agent=visit.agent, now=now, expires_at=now + lasts)
    if person is None:
        return _spent(visit)
    answer = go("")
    cookie.give(answer, visit.base_url, token, lasts=lasts)
    return answer


def leave(visit: Visit) -> Response:
    """Log the browser out."""
    if visit.session_id:
        with visit.deps.transaction() as session:
            logins.end_session(session, visit.person.id, visit.session_id)
    answer = go("/login")
    cookie.take(answer, visit.base_url)
    return answer


def _spent(visit: Visit) -> Response:
    say = visit.say
    text = say.gettext("It was used before, or is too old. Ask for a new one on the login page.")
    return tell(visit, say.gettext("This link does not work"), text, status=410)
