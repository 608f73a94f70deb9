"""Subscribing through the web: a form, a mail, and a click that confirms it. Switched off unless configured.

Nothing is stored before the owner of the address has confirmed, and no answer tells who is subscribed already:
that is said by mail, to the address itself.
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker import digests
from worker.delivery.composing import manage_link
from worker.digests import Catalog, TokenError
from worker.errors import ConfigurationError
from worker.setup.declarations import blame, check_subscriber, subscriber_request
from worker.setup.deps import Deps
from worker.storage.db import used_links
from worker.storage.db.hashes import string_hash
from worker.storage.digests import forgetting, subscribers
from worker.storage.digests.forgetting import CONFIRM_WITHIN
from worker.storage.digests.subscribers import SubscriptionRecord, SubscriptionRequest
from worker.topics import DEFAULT_BAND, Band
from worker.web import choices
from worker.web.attempts import Refused, client_of, count, mailbox_of
from worker.web.complaint import complaint
from worker.web.forms import Form, form_token, is_ours, read_form
from worker.web.letters import send_confirmation, send_manage_link
from worker.web.pages import notice, page, refusal
from worker.web.speech import asked_for, speak

_CHOSEN = ("topics", "schedule", "zone", "language")  # what the form asks for besides the address
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PER_ADDRESS, _PER_CLIENT, _IN_ALL = 3, 10, 200  # a day; an hour; an hour


async def show_subscribe(request: Request) -> Response:
    """Show the form."""
    return await run_in_threadpool(_form, request.app.state.deps, asked_for(request))


async def ask_subscribe(request: Request) -> Response:
    """Send a mail that asks the owner of the address."""
    form = await read_form(request)
    return await run_in_threadpool(_ask, request.app.state.deps, form, client_of(request), asked_for(request))


async def show_confirm(request: Request) -> Response:
    """Ask once more: mail scanners follow links, people press buttons."""
    return await run_in_threadpool(_show, request.app.state.deps, request.path_params["token"], asked_for(request))


async def confirm(request: Request) -> Response:
    """Begin the subscription."""
    return await run_in_threadpool(_confirm, request.app.state.deps, request.path_params["token"], asked_for(request))


def _form(deps: Deps, say: Catalog, form: Form | None = None, *, wrong: str = "", status: int = 200) -> Response:
    if not deps.settings.web.subscribe:
        return notice(
            say.gettext("Nothing here"), say.gettext("There is no page at this address."), status=404, say=say
        )
    given = form or Form({})
    names = given.every("topic") if form else tuple(deps.topic_titles(say.language))[:1]
    bands = {name: given.one(f"band-{name}") or DEFAULT_BAND for name in names}
    zone = given.one("zone")
    return page(
        "subscribe.html",
        status=status,
        say=say,
        wrong=wrong,
        address=given.one("address")[:254],
        topics=choices.topic_choices(deps, say.language, bands),
        feeds={},
        bands=tuple(Band),
        languages=digests.digest_languages(),
        days=[say.weekday(day) for day in range(7)],
        schedule=choices.schedule_choice(digests.parse_schedule("daily at 07:00")),
        zone=zone,
        zones=choices.zones(zone),
        language=say.language,
        form=form_token(deps, "subscribe"),
    )  # fmt: skip


def _ask(deps: Deps, form: Form, client: str, say: Catalog) -> Response:
    if not deps.settings.web.subscribe:
        return _form(deps, say)
    if not is_ours(deps, form, "subscribe"):
        return _form(
            deps, say, form, wrong=say.gettext("The form was open for too long. Please try again."), status=400
        )
    try:
        setting = check_subscriber(_values(form))
        asked = subscriber_request(setting, deps.topic_names(), now=deps.now())
    except ConfigurationError as error:
        return _form(deps, say, form, wrong=complaint(error, say), status=422)
    try:
        count(deps, "subscribe-client", client, at_most=_PER_CLIENT, within=_HOUR)
        count(deps, "subscribe-all", "", at_most=_IN_ALL, within=_HOUR)
    except Refused as refused:
        return refused.page(say)
    try:
        count(deps, "subscribe-address", mailbox_of(asked.address), at_most=_PER_ADDRESS, within=_DAY)
        _write(deps, setting.model_dump(mode="json", include={"address", *_CHOSEN}), asked)
    except Refused as refused:
        if not refused.too_often:
            return refused.page(say)  # and where it is the address that was tried too often, the answer is as always
    text = say.gettext("If the address is right, a mail is on its way to it. Open the link in it to go on.")
    return notice(say.gettext("Look into your mail"), text, say=say)


def _write(deps: Deps, chosen: dict[str, object], asked: SubscriptionRequest) -> None:
    with deps.reading() as session:
        known = subscribers.find_subscription(session, asked.address)
    if known is not None and known.active and known.state == "active":
        send_manage_link(deps, known)
        return
    once = {"once": secrets.token_hex(8)}  # two that ask for the same are two
    token = deps.sign("confirm", {**chosen, **once}, lasts=CONFIRM_WITHIN)
    send_confirmation(
        deps, asked.address, asked.language, _sentence(deps, asked), f"{deps.settings.web_url}/confirm/{token}"
    )


def _show(deps: Deps, token: str, say: Catalog) -> Response:
    asked = _asked(deps, token, say)
    if isinstance(asked, Response):
        return asked
    return page("confirm.html", say=speak(asked.language), address=asked.address, asked=_sentence(deps, asked))


def _confirm(deps: Deps, token: str, say: Catalog) -> Response:
    asked = _asked(deps, token, say)
    if isinstance(asked, Response):
        return asked
    say = speak(asked.language)
    known = _begin(deps, asked, key=_link_key(deps, token))
    if known is None:
        text = say.gettext("This link was used before. If you want digests again, please ask for them once more.")
        link = ("/subscribe", say.gettext("Subscribe"))
        return notice(say.gettext("This link does not work"), text, status=410, say=say, link=link)
    link = (manage_link(deps, known.id), say.gettext("Change topics or schedule"))
    return notice(say.gettext("Welcome"), _welcome(known, say), say=say, link=link)


def _begin(deps: Deps, asked: SubscriptionRequest, *, key: str) -> SubscriptionRecord | None:
    """The subscription of who asked, begun unless it is there already; None where the link has begun one before."""
    with deps.transaction() as session:
        known = subscribers.find_subscription(session, asked.address)
        if known is not None and known.active and known.state == "active":
            return known
        if used_links.is_used(session, key):
            return None
        used_links.save_use(session, key, now=deps.now())
        subscribers.save_request(session, asked, now=deps.now(), again=True)
        forgetting.welcome_back(session, deps.person_key(asked.address))
        return subscribers.find_subscription(session, asked.address)


def _link_key(deps: Deps, token: str) -> str:
    """By what a link is known: what it carries, for the same can be spelled in more than one way."""
    return string_hash(json.dumps(deps.read_token("confirm", token), sort_keys=True))


def _values(form: Form) -> dict[str, object]:
    chosen = choices.chosen_values(form)
    with blame("address"):
        digests.checked_address(form.one("address"))
    return {"address": form.one("address"), **{name: chosen[name] for name in _CHOSEN}}


def _sentence(deps: Deps, asked: SubscriptionRequest) -> str:
    say = speak(asked.language)
    titles = deps.topic_titles(asked.language)
    names = ", ".join(titles.get(name, name) for name in asked.topics)
    return f"{names}: {choices.schedule_phrase(digests.parse_schedule(asked.schedule), say)} ({say.place(asked.zone)})."


def _welcome(one: SubscriptionRecord, say: Catalog) -> str:
    if digests.parse_schedule(one.schedule).rhythm is digests.Rhythm.INSTANT:
        return say.gettext("You are subscribed. A mail comes as soon as there is a story for you.")
    zone = one.subscriber.zone
    local = one.next_due_at.astimezone(digests.zone_of(zone))
    when = {"when": f"{say.day(local.date())}, {local:%H:%M}", "place": say.place(zone)}
    return say.gettext("You are subscribed. The next digest is due %(when)s (%(place)s).") % when


def _asked(deps: Deps, token: str, say: Catalog) -> SubscriptionRequest | Response:
    """What the owner of the address was asked about, or the page that says why it cannot be had."""
    try:
        carried = deps.read_token("confirm", token)
        chosen = check_subscriber({name: value for name, value in carried.items() if name != "once"})
        return subscriber_request(chosen, deps.topic_names(), now=deps.now())
    except TokenError as error:
        return refusal(error, say)
    except ConfigurationError:
        text = say.gettext("What you asked for is no longer offered. Please subscribe again.")
        link = ("/subscribe", say.gettext("Subscribe"))
        return notice(say.gettext("This link does not work"), text, status=410, say=say, link=link)
