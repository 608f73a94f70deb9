"""Who may open the desk: owners let people in, give them another role, and take them away."""

from __future__ import annotations

from contextlib import suppress

from starlette.responses import Response

from worker.digests import checked_address
from worker.errors import ConfigurationError, ConflictError
from worker.storage.people import person_rows
from worker.storage.people.person_rows import PersonRecord
from worker.web.desk.entrance.login import mail_link
from worker.web.desk.pages import go, show
from worker.web.desk.roles import GIVEN, Role
from worker.web.desk.visit import Nowhere, Visit


def show_people(visit: Visit, *, wrong: str = "", address: str = "", status: int = 200) -> Response:
    """Show who may come in."""
    with visit.deps.reading() as session:
        found = person_rows.list_people(session)
    return show(visit, "people.html", status=status, people=found, wrong=wrong, address=address, roles=GIVEN)


def add_person(visit: Visit) -> Response:
    """Let a person in, and mail them a link."""
    say, address, role = visit.say, visit.form.one("address"), _role(visit)
    try:
        checked_address(address)
    except ConfigurationError:
        wrong = say.gettext("That is no mail address; write it as name@example.org.")
        return show_people(visit, wrong=wrong, address=address[:254], status=422)
    person: PersonRecord | None = None
    with suppress(ConflictError), visit.deps.transaction() as session:
        if person_rows.find_person(session, address) is None:
            person = person_rows.add_person(session, address, role, now=visit.now)
    if person is None:
        wrong = say.gettext("This address may come in already: its role is changed in the list.")
        return show_people(visit, wrong=wrong, address=address[:254], status=409)
    mail_link(visit, person)
    return go("/people", said="sent")


def change_person(visit: Visit) -> Response:
    """Give a person the role that the form names, mail them a new link, or take them away."""
    act = visit.form.one("act")
    try:
        with visit.deps.transaction() as session:
            person = person_rows.read_person(session, visit.number("person"))
            if person is None:
                raise Nowhere
            if act == "remove":
                person_rows.remove_person(session, person.id)
            elif act == "role":
                person_rows.add_person(session, person.address, _role(visit), now=visit.now)
    except ConflictError:
        wrong = visit.say.gettext("This is the only owner: make another person owner first.")
        return show_people(visit, wrong=wrong, status=409)
    if act == "link":
        mail_link(visit, person)
    return go("/people", said={"remove": "removed", "link": "sent"}.get(act, "saved"))


def _role(visit: Visit) -> Role:
    named = visit.form.one("role")
    return Role(named) if named in GIVEN else Role.EDITOR
