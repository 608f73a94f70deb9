"""Relevant or not: what a reader says of a story in their digest becomes a label of its topic.

A GET only asks, since mail scanners follow links; the button's POST saves.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker.digests import Catalog, TokenError
from worker.setup.deps import Deps
from worker.storage.digests import subscribers
from worker.storage.digests.subscribers import SubscriptionRecord
from worker.storage.topics import labels
from worker.topics.quality import Label
from worker.web.pages import notice, page, refusal
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
    token, word = request.path_params["token"], request.path_params["word"]
    step = _save if save else _ask
    return await run_in_threadpool(step, request.app.state.deps, token, word, asked_for(request))


def _ask(deps: Deps, token: str, word: str, say: Catalog) -> Response:
    asked = _read(deps, token, word, say)
    if isinstance(asked, Response):
        return asked
    say = speak(asked.reader.subscriber.language)
    topic = deps.topic_titles(say.language).get(asked.topic, asked.topic)
    return page("feedback.html", say=say, word=word, title=asked.title, topic=topic)


def _save(deps: Deps, token: str, word: str, say: Catalog) -> Response:
    asked = _read(deps, token, word, say)
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
    return page("thanks.html", say=say, word=word, other=f"/feedback/{token}/{other}", title=asked.title, topic=topic)


def _read(deps: Deps, token: str, word: str, say: Catalog) -> _Asked | Response:
    if word not in _WORDS:
        return notice(
            say.gettext("Nothing here"), say.gettext("There is no page at this address."), status=404, say=say
        )
    try:
        carried = deps.read_token("feedback", token)
    except TokenError as error:
        return refusal(error, say)
    article_id = int(str(carried["a"]))
    with deps.reading() as session:
        reader = subscribers.read_subscription(session, int(str(carried["s"])))
        title = labels.title_of(session, article_id)
    if reader is None or title is None:
        text = say.gettext("The story or the subscription is no longer kept.")
        return notice(say.gettext("Nothing here"), text, status=404, say=say)
    return _Asked(reader, str(carried["t"]), article_id, title or say.gettext("untitled"))
