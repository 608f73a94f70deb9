"""Muting an outlet or a story, by the link in a digest, which is no word on what is relevant.

A GET only asks, since mail scanners follow links; a button's POST saves, and another takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker.digests import Catalog, Muted, TokenError, outlet_key
from worker.setup.deps import Deps
from worker.storage.db.session import Session
from worker.storage.digests import mutes, subscribers
from worker.storage.digests.mutes import MutableStory
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.web.forms import Form, read_form
from worker.web.pages import gone, page, refusal
from worker.web.speech import asked_for, speak


@dataclass(frozen=True, slots=True)
class _Asked:
    reader: SubscriptionRecord
    story: MutableStory


async def ask_mute(request: Request) -> Response:
    """Show what can be muted, and what is."""
    return await run_in_threadpool(_ask, request.app.state.deps, request.path_params["key"], asked_for(request))


async def save_mute(request: Request) -> Response:
    """Mute what a button names, or hear of it again."""
    form, key = await read_form(request), request.path_params["key"]
    return await run_in_threadpool(_save, request.app.state.deps, key, form, asked_for(request))


def change_muted(muted: Muted, form: Form, story: MutableStory) -> Muted:
    """Return what is muted after the form's button: `mute` or `hear`, the story or one of its outlets."""
    outlet = form.one("outlet")
    named = [one for one in story.outlets if outlet_key(one) == outlet_key(outlet)] if outlet else []
    if form.one("hear") == "story":
        return replace(muted, stories=tuple(one for one in muted.stories if one not in story.articles))
    if form.one("mute") == "story" and not muted.stories_among(story.articles):
        return replace(muted, stories=(*muted.stories, story.article_id))
    if form.one("hear") == "outlet":
        kept = tuple(one for one in muted.outlets if outlet_key(one) != outlet_key(outlet))
        return replace(muted, outlets=kept)
    if form.one("mute") == "outlet" and named and not muted.covers(outlet):
        return replace(muted, outlets=(*muted.outlets, named[0]))
    return muted


def _ask(deps: Deps, key: str, say: Catalog) -> Response:
    with deps.reading() as session:
        asked = _read(deps, session, key, say)
    return asked if isinstance(asked, Response) else _shown(asked, saved=False)


def _save(deps: Deps, key: str, form: Form, say: Catalog) -> Response:
    with deps.transaction() as session:
        asked = _read(deps, session, key, say)
        if isinstance(asked, Response):
            return asked
        muted = change_muted(asked.reader.muted, form, asked.story)
        mutes.save_muted(session, asked.reader.id, muted)
    return _shown(replace(asked, reader=replace(asked.reader, muted=muted)), saved=muted != asked.reader.muted)


def _shown(asked: _Asked, *, saved: bool) -> Response:
    reader, story = asked.reader, asked.story
    say = speak(reader.subscriber.language)
    outlets = [(outlet, reader.muted.covers(outlet)) for outlet in story.outlets if outlet]
    return page(
        "mute.html", say=say, title=story.title or say.gettext("untitled"), saved=saved, outlets=outlets,
        silent=bool(reader.muted.stories_among(story.articles)),
    )  # fmt: skip


def _read(deps: Deps, session: Session, key: str, say: Catalog) -> _Asked | Response:
    try:
        said_of = deps.read_story_key(key)
    except TokenError as error:
        return refusal(error, say)
    reader = subscribers.read_subscription(session, said_of.subscription_id)
    story = mutes.mutable_story(session, said_of.article_id)
    return _Asked(reader, story) if reader and story else gone(say)
