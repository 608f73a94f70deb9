"""A subscriber's own page: topics, schedule, zone, language, length, pause. Opened by a signed link that expires."""

from __future__ import annotations

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker import digests
from worker.delivery.composing import feed_links
from worker.digests import Catalog, TokenError, TokenFault
from worker.errors import ConfigurationError
from worker.setup.declarations import asked_so_far, check_subscriber, subscriber_request
from worker.setup.deps import Deps
from worker.storage.digests import mutes, subscribers
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.topics import Band
from worker.web import choices
from worker.web.attempts import Refused, count
from worker.web.complaint import complaint
from worker.web.forms import Form, form_token, is_ours, read_form
from worker.web.letters import send_manage_link
from worker.web.pages import notice, page, refusal
from worker.web.speech import asked_for, speak

_RENEWALS = 3
_DAY = timedelta(days=1)


async def show_manage(request: Request) -> Response:
    """Show what the subscriber has chosen, in a form."""
    return await run_in_threadpool(_show, request.app.state.deps, request.path_params["token"], asked_for(request))


async def save_manage(request: Request) -> Response:
    """Take over what the form says, or show it again with what is wrong."""
    form = await read_form(request)
    token = request.path_params["token"]
    return await run_in_threadpool(_save, request.app.state.deps, token, form, asked_for(request))


async def renew_manage(request: Request) -> Response:
    """Mail a new link to the address that an expired one was for."""
    form = await read_form(request)
    token = request.path_params["token"]
    return await run_in_threadpool(_renew, request.app.state.deps, token, form, asked_for(request))


def _show(deps: Deps, token: str, say: Catalog) -> Response:
    found = _opened(deps, token, say)
    return found if isinstance(found, Response) else _form(deps, token, found)


def _save(deps: Deps, token: str, form: Form, say: Catalog) -> Response:
    found = _opened(deps, token, say)
    if isinstance(found, Response):
        return found
    say = speak(found.subscriber.language)
    if not is_ours(deps, form, "manage", found.id):
        return _form(
            deps, token, found, wrong=say.gettext("The form was open for too long. Please try again."), status=400
        )
    try:
        values = {**asked_so_far(found), "address": found.subscriber.address, **choices.chosen_values(form)}
        asked = subscriber_request(check_subscriber(values), deps.topic_names(), now=deps.now())
    except ConfigurationError as error:
        return _form(deps, token, found, wrong=complaint(error, say), status=422)
    with deps.transaction() as session:
        subscribers.save_request(session, asked, now=deps.now())
        mutes.save_muted(session, found.id, _still_muted(found, form))
        saved = subscribers.read_subscription(session, found.id)
    return _form(deps, token, saved or found, saved=True)


def _still_muted(one: SubscriptionRecord, form: Form) -> digests.Muted:
    """What the form leaves muted of what is; more is muted by a link in a digest."""
    outlets, stories = form.every("muted-outlet"), form.every("muted-story")
    return digests.Muted(
        tuple(name for name in one.muted.outlets if name in outlets),
        tuple(article for article in one.muted.stories if str(article) in stories),
    )


def _renew(deps: Deps, token: str, form: Form, say: Catalog) -> Response:
    try:
        carried = deps.read_token("manage", token)
    except TokenError as error:
        if error.fault is not TokenFault.EXPIRED:
            return refusal(error, say)
        carried = dict(error.payload)
    if not is_ours(deps, form, "renew"):
        return _expired(deps, token, say, status=400)
    subscription_id = int(str(carried["subscription"]))
    try:
        count(deps, "renew", str(subscription_id), at_most=_RENEWALS, within=_DAY)
    except Refused as refused:
        return refused.page(say)
    with deps.reading() as session:
        found = subscribers.read_subscription(session, subscription_id)
    if found is not None and found.active:
        send_manage_link(deps, found)
    text = say.gettext("If the subscription still exists, a new link is on its way to its address.")
    return notice(say.gettext("Look into your mail"), text, say=say)


def _opened(deps: Deps, token: str, say: Catalog) -> SubscriptionRecord | Response:
    """The subscription whose page this is, or the page that says why there is none."""
    try:
        carried = deps.read_token("manage", token)
    except TokenError as error:
        return _expired(deps, token, say) if error.fault is TokenFault.EXPIRED else refusal(error, say)
    with deps.reading() as session:
        found = subscribers.read_subscription(session, int(str(carried["subscription"])))
    if found is None or not found.active:
        text = say.gettext("This subscription has ended; no more digests will be sent.")
        link = ("/subscribe", say.gettext("Subscribe again")) if deps.settings.web.subscribe else None
        return notice(say.gettext("Not subscribed"), text, say=say, link=link)
    return found


def _expired(deps: Deps, token: str, say: Catalog, *, status: int = 410) -> Response:
    return page("expired.html", say=say, status=status, form=form_token(deps, "renew"), renew=f"/manage/{token}/renew")


def _form(
    deps: Deps, token: str, one: SubscriptionRecord, *, saved: bool = False, wrong: str = "", status: int = 200
) -> Response:
    language, now = one.subscriber.language, deps.now()
    say = speak(language)
    where = digests.zone_of(one.subscriber.zone)
    schedule = digests.parse_schedule(one.schedule)
    with deps.reading() as session:
        titles = mutes.titles_of(session, one.muted.stories)
    return page(
        "manage.html",
        status=status,
        say=say,
        one=one,
        saved=saved,
        wrong=wrong,
        paused=one.paused_until.astimezone(where).date() if one.is_paused(now) and one.paused_until else None,
        today=now.astimezone(where).date(),
        next_due=_due_at(one, schedule, say) if one.next_due_at > now else "",
        topics=choices.topic_choices(deps, language, one.band_of),
        feeds={topic: feed_links(deps, topic) for topic in one.topics},
        bands=tuple(Band),
        languages=digests.digest_languages(),
        days=[say.weekday(day) for day in range(7)],
        schedule=choices.schedule_choice(schedule),
        muted_stories=[(number, titles[number]) for number in one.muted.stories if number in titles],
        zones=choices.zones(one.subscriber.zone),
        form=form_token(deps, "manage", one.id),
        unsubscribe=f"/unsubscribe/{deps.sign('unsubscribe', {'subscription': one.id})}",
    )  # fmt: skip


def _due_at(one: SubscriptionRecord, schedule: digests.Schedule, say: Catalog) -> str:
    """When the next digest comes, where that is known."""
    if schedule.rhythm is digests.Rhythm.INSTANT:
        return ""
    local = one.next_due_at.astimezone(digests.zone_of(one.subscriber.zone))
    return f"{say.day(local.date())}, {local:%H:%M}"
