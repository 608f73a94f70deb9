"""A person's own page: language, time zone, and the browsers that are logged in as them."""

from __future__ import annotations

from starlette.responses import Response

from worker import digests
from worker.errors import ConfigurationError
from worker.storage.people import logins, person_rows
from worker.web.choices import zones
from worker.web.desk.pages import go, show
from worker.web.desk.visit import Visit


def show_account(visit: Visit, *, wrong: str = "", status: int = 200) -> Response:
    """Show a person's own settings."""
    with visit.deps.reading() as session:
        found = logins.list_sessions(session, visit.person.id, now=visit.now)
    return show(
        visit, "account.html", status=status, sessions=found, wrong=wrong, zones=zones(visit.person.zone),
        languages=digests.digest_languages(), this=visit.session_id,
    )  # fmt: skip


def save_account(visit: Visit) -> Response:
    """Keep a person's language and zone."""
    language, zone = visit.form.one("language"), visit.form.one("zone")
    try:
        digests.zone_of(zone)
    except ConfigurationError:
        return show_account(visit, wrong=visit.say.gettext("Choose a time zone from the list."), status=422)
    offered = {one.code for one in digests.digest_languages()}
    with visit.deps.transaction() as session:
        person_rows.save_choices(
            session, visit.person.id, language=language if language in offered else None, zone=zone
        )
    return go("/account", said="saved")


def end_sessions(visit: Visit) -> Response:
    """Log out one of the person's browsers, or all others than the one that asks."""
    with visit.deps.transaction() as session:
        if visit.form.one("which") == "others":
            logins.end_other_sessions(session, visit.person.id, visit.session_id)
        else:
            logins.end_session(session, visit.person.id, visit.form_number("which"))
    return go("/account", said="ended")
