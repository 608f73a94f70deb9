"""Relevant or not: what a reader says of a story in their digest becomes a label of its topic.

A GET only asks, since mail scanners follow links; the button's POST saves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker.digests import Catalog, StoryKey, TokenError
from worker.setup.deps import Deps
from worker.storage.digests import mutes, subscribers
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.topics import labels
from worker.topics.learning.quality import Label
from worker.web.pages import gone, nowhere, page, refusal
from worker.web.speech import asked_for, speak

_WORDS = {"yes": Label.YES, "no": Label.NO}


@dataclass(frozen=True, slots=True)
class _Asked:
    reader: SubscriptionRecord
    topic: str
    article_id: int
    title: str


async def ask_feedback(request: Request) -> Response:
    """Ask whether the reader means it."""
    return await _answer(request, save=False)


async def save_feedback(request: Request) -> Response:
    """Keep what the reader says; a second word replaces the first."""
    return await _answer(request, save=True)


async def _answer(request: Request, *, save: bool) -> Response:
    step = _save if save else _ask
    return await run_in_threadpool(step, request.app.state.deps, request.path_params, asked_for(request))


def _ask(deps: Deps, path: Mapping[str, str], say: Catalog) -> Response:
    asked, word = _read(deps, path, say), path["word"]
    if isinstance(asked, Response):
        return asked
    say = speak(asked.reader.subscriber.language)
    topic = deps.topic_titles(say.language).get(asked.topic, asked.topic)
    return page("feedback.html", say=say, word=word, title=asked.title, topic=topic)


def _save(deps: Deps, path: Mapping[str, str], say: Catalog) -> Response:
    asked, word = _read(deps, path, say), path["word"]
    if isinstance(asked, Response):
        return asked
    say = speak(asked.reader.subscriber.language)
    with deps.transaction() as session:
        labels.save_label(
            session, asked.topic, asked.article_id, _WORDS[word], who=asked.reader.subscriber.address,
            via="digest", now=deps.now(),
        )  # fmt: skip
    topic = deps.topic_titles(say.language).get(asked.topic, asked.topic)
    other = "no" if word == "yes" else "yes"
    return page("thanks.html", say=say, word=word, other=other, title=asked.title, topic=topic)


def _read(deps: Deps, path: Mapping[str, str], say: Catalog) -> _Asked | Response:
    if path["word"] not in _WORDS:
        return nowhere(say)
    try:
        said_of = _said_of(deps, path)
    except TokenError as error:
        return refusal(error, say)
    with deps.reading() as session:
        reader = subscribers.read_subscription(session, said_of.subscription_id)
        story = mutes.mutable_story(session, said_of.article_id)
    if reader is None or story is None or not said_of.topic:
        return gone(say)
    return _Asked(reader, said_of.topic, said_of.article_id, story.title or say.gettext("untitled"))


def _said_of(deps: Deps, path: Mapping[str, str]) -> StoryKey:
    """What the link is about; mails of some months ago have a longer token in it."""
    if "key" in path:
        return deps.read_story_key(path["key"])
    carried = deps.read_token("feedback", path["token"])
    return StoryKey(int(str(carried["s"])), int(str(carried["a"])), str(carried["t"]))
