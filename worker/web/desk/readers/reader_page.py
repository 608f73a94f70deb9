"""One reader: their settings, the next digest as it would go now, what they were sent, and forgetting them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from starlette.responses import HTMLResponse, Response

from worker import digests
from worker.channels import Channels
from worker.delivery.composing import compose
from worker.errors import ConfigurationError, ConflictError
from worker.setup.declarations import asked_so_far, check_subscriber, subscriber_request
from worker.storage.db.session import Session
from worker.storage.digests import forgetting, subscribers
from worker.storage.digests.deliveries import RETRIED, deliveries_of
from worker.storage.digests.past_digests import past_digests
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.topics import Band
from worker.web import choices
from worker.web.complaint import complaint
from worker.web.desk.pages import go, show, tell
from worker.web.desk.readers.reader_form import (
    ReaderValues,
    asked_for,
    empty_values,
    sent_values,
    values_of,
    version_of,
)
from worker.web.desk.readers.reader_list import next_due, state_of
from worker.web.desk.visit import Nowhere, Visit

_PAST = 12
_KIND = "manual"


def show_new(visit: Visit) -> Response:
    """Show the form for somebody new."""
    return _form(visit, empty_values(visit))


def add_reader(visit: Visit) -> Response:
    """Add a reader; who is one already is changed on their own page."""
    address = visit.form.one("address")
    try:
        asked = asked_for(visit, address, None)
    except ConfigurationError as error:
        return _form(visit, sent_values(visit.form), wrong=complaint(error, visit.say), status=422)
    with suppress(ConflictError), visit.deps.transaction() as session:
        if subscribers.find_subscription(session, address) is None:
            number = subscribers.save_request(session, asked, now=visit.now)
            forgetting.welcome_back(session, visit.deps.person_key(address))
            return go(f"/readers/{number}", said="added")
    wrong = visit.say.gettext("This address is a reader already: change what they get on their own page.")
    return _form(visit, sent_values(visit.form), wrong=wrong, status=409)


def show_reader(visit: Visit) -> Response:
    """Show a reader's settings and what they were sent."""
    with visit.deps.reading() as session:
        one = _reader(visit, session)
    return _form(visit, values_of(one), one)


def save_reader(visit: Visit) -> Response:
    """Take over the settings, unless somebody has changed them since the form was made."""
    with visit.deps.reading() as session:
        one = _reader(visit, session)
    if _is_by_file(visit.deps.channels, one):
        raise Nowhere
    try:
        asked = asked_for(visit, one.subscriber.address, one)
    except ConfigurationError as error:
        return _form(visit, sent_values(visit.form), one, wrong=complaint(error, visit.say), status=422)
    with visit.deps.transaction() as session:
        one = _held(visit, session)
        if visit.form.one("version") == version_of(one):
            subscribers.save_request(session, asked, now=visit.now)
            return go(f"/readers/{one.id}", said="saved")
    wrong = visit.say.gettext(
        "These settings were changed while you had the form open. Below stands what you wrote; send it again to "
        "put it in place of the change."
    )
    return _form(visit, sent_values(visit.form), one, wrong=wrong, status=409)


def change_reader(visit: Visit) -> Response:
    """End a pause, let the next digest be due now, or forget the person: as the form's button says."""
    act = visit.form.one("act")
    with visit.deps.transaction() as session:
        one = _reader(visit, session)
        if act == "forget":
            return _forget(visit, session, one)
        if act == "resume" and one.state != "unsubscribed" and not _is_by_file(visit.deps.channels, one):
            _resume(visit, session, one)
        elif act == "due" and one.is_served(visit.now):
            subscribers.make_due(session, one.subscriber.address, now=visit.now)
    return go(f"/readers/{one.id}", said="due" if act == "due" else "saved")


def preview(visit: Visit) -> Response:
    """Show the digest that would go now; nothing is recorded, and nothing is sent."""
    with visit.deps.reading() as session:
        one = _reader(visit, session)
        period = digests.Period(min(one.window_start, visit.now), visit.now)
        composed = compose(visit.deps, session, one, period, kind=_KIND)
    if composed is None:
        text = visit.say.gettext("There is nothing new to tell %(address)s.") % {"address": one.subscriber.address}
        return tell(visit, visit.say.gettext("No digest now"), text)
    return HTMLResponse(composed.html)


def _resume(visit: Visit, session: Session, one: SubscriptionRecord) -> None:
    values = {**asked_so_far(one), "address": one.subscriber.address, "pause_until": None}
    asked = subscriber_request(check_subscriber(values), visit.deps.topic_names(), now=visit.now)
    subscribers.save_request(session, asked, now=visit.now, again=True)


def _forget(visit: Visit, session: Session, one: SubscriptionRecord) -> Response:
    if visit.form.one("sure") != "yes":
        return go(f"/readers/{one.id}", at="forget")
    forgetting.forget_person(session, one.subscriber.address, visit.deps.person_key, now=visit.now)
    return go("/readers", said="forgotten")


def _reader(visit: Visit, session: Session) -> SubscriptionRecord:
    found = subscribers.read_subscription(session, visit.number("reader"))
    if found is None:
        raise Nowhere
    return found


def _held(visit: Visit, session: Session) -> SubscriptionRecord:
    found = subscribers.hold_subscription(session, visit.number("reader"))
    if found is None:
        raise Nowhere
    return found


def _is_by_file(channels: Channels, one: SubscriptionRecord) -> bool:
    """Whether the configuration alone decides what this reader gets, as it does of webhooks."""
    return any(channel.by_file_alone for channel in channels if channel.name == one.channel)


def _form(
    visit: Visit, values: ReaderValues, one: SubscriptionRecord | None = None, *, wrong: str = "", status: int = 200
) -> Response:
    say, deps = visit.say, visit.deps
    number = one.id if one else 0
    with deps.reading() as session:
        sent, past = deliveries_of(session, number, limit=_PAST), past_digests(session, number)[:_PAST]
    return show(
        visit, "reader.html", status=status, one=one, values=values, wrong=wrong, bands=tuple(Band), sent=sent,
        past=[(each, _archive_link(visit, each.subscription_id, each.kind, each.window_end)) for each in past],
        topics=choices.topic_choices(deps, say.language, values.bands), languages=digests.digest_languages(),
        days=[say.weekday(day) for day in range(7)], zones=choices.zones(values.zone), retried=RETRIED,
        version=version_of(one) if one else "", state=state_of(one, visit.now) if one else "",
        due=next_due(one, visit.now) if one else None, by_file=one is not None and _is_by_file(deps.channels, one),
    )  # fmt: skip


def _archive_link(visit: Visit, number: int, kind: str, end: datetime) -> str:
    token = visit.deps.sign("archive", {"digest": [number, kind, end.isoformat()]})
    return f"{visit.deps.settings.web_url}/archive/{token}"
