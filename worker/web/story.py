"""A story as the reader of a digest may look at it whole, by the link in the mail."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker import digests
from worker.digests import Catalog, TokenError
from worker.setup.deps import Deps
from worker.storage.digests import subscribers
from worker.storage.stories import story_rows
from worker.storage.stories.story_articles import list_articles
from worker.storage.stories.story_lives import read_story
from worker.web.desk.stories.telling import ARTICLES, shown_of
from worker.web.moments import tell_moment
from worker.web.pages import gone, page, refusal
from worker.web.speech import asked_for, speak


async def show_story(request: Request) -> Response:
    """Show the story that the link's article is in by now."""
    return await run_in_threadpool(_story, request.app.state.deps, request.path_params["key"], asked_for(request))


def _story(deps: Deps, key: str, say: Catalog) -> Response:
    try:
        asked = deps.read_story_key(key)
    except TokenError as error:
        return refusal(error, say)
    with deps.reading() as session:
        reader = subscribers.read_subscription(session, asked.subscription_id)
        number = story_rows.stories_of(session, [asked.article_id]).get(asked.article_id)
        if reader is None or number is None:
            return gone(say)
        say = speak(reader.subscriber.language)
        found = read_story(session, number, language=say.language)
        articles = list_articles(session, number, limit=ARTICLES)
    if found is None or found.life is None:
        return gone(say)
    zone, now = digests.zone_of(reader.subscriber.zone), deps.now()
    return page(
        "story.html", say=say, ngettext=say.ngettext, person=None, **shown_of(found.life, articles),
        when=lambda moment: tell_moment(moment, now=now, zone=zone, say=say),
    )  # fmt: skip
