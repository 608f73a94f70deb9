"""Matched stories of a topic as Atom and JSON Feed, for feed readers and programs."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID, uuid5

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from worker import digests
from worker.digests import Catalog, DigestStory, TokenError
from worker.digests.text import one_line, title_line
from worker.setup.deps import Deps
from worker.storage.db.installation import installation_uid
from worker.storage.digests import pending
from worker.topics import DEFAULT_BAND
from worker.web.pages import notice, templates
from worker.web.speech import asked_for, speak_first
from worker.web.syndication import ATOM, JSON_FEED, FeedStory, StoryFeed, as_atom, as_json_feed

_LOOK_BACK = timedelta(days=7)
_STORIES = 50
_FORMS = {"atom": (ATOM, as_atom), "json": (JSON_FEED, as_json_feed)}
_TITLE, _NAME, _EXCERPT = 200, 60, 400
_REPORTS = 20


async def show_feed(request: Request) -> Response:
    """Give out the feed, or 304 when it has not changed since the reader last had it."""
    return await run_in_threadpool(_feed, request, asked_for(request))


def _feed(request: Request, say: Catalog) -> Response:
    deps: Deps = request.app.state.deps
    topic, form = request.path_params["topic"], request.path_params["form"]
    titles = deps.topic_titles(say.language)
    if form not in _FORMS or topic not in titles or not _may_read(deps, topic, request.query_params.get("token", "")):
        text = say.gettext("There is no such feed, or its address needs a token that is missing or wrong.")
        return notice(say.gettext("No such feed"), text, status=404, say=say)
    kind, write = _FORMS[form]
    body = write(_story_feed(deps, topic, titles[topic], request))
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=300"}
    if etag in request.headers.get("if-none-match", "").replace("W/", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{kind}; charset=utf-8", headers=headers)


def _may_read(deps: Deps, topic: str, token: str) -> bool:
    access = deps.settings.web.topic_feeds
    if access != "token":
        return access == "open"
    try:
        return deps.read_token("topic-feed", token) == {"topic": topic}
    except TokenError:
        return False


def _story_feed(deps: Deps, topic: str, title: str, request: Request) -> StoryFeed:
    now, base = deps.now(), deps.settings.web_url
    with deps.reading() as session:
        own = UUID(installation_uid(session))
        found = pending.latest_stories(session, topic, since=now - _LOOK_BACK, limit=_STORIES)
    chosen = (digests.select_story(story, {topic: DEFAULT_BAND.included}, "") for story in found)
    query = f"?{request.url.query}" if request.url.query else ""
    return StoryFeed(
        id=uuid5(own, f"topic/{topic}").urn,
        title=f"Storywatch: {one_line(title, _TITLE)}",
        own_url=f"{base}{quote(request.url.path)}{query}",
        home=f"{base}/subscribe",
        stories=[feed_story(digests.brief(story, ""), own) for story in chosen if story is not None],
    )


def feed_story(story: DigestStory, own: UUID) -> FeedStory:
    """Return the story as a feed shows it; its id is made from the installation's own, which no setting changes."""
    core = story.articles[0]
    say = speak_first([core.language])
    reports_of = [
        (one_line(article.outlet, _NAME) or "—", digests.safe_href(article.url), len(article.reprints))
        for article in story.articles[:_REPORTS]
    ]
    html = templates().get_template("feed_story.html").render(
        _=say.gettext, excerpt=one_line(core.excerpt, _EXCERPT), reports=reports_of,
        matched=[one_line(term, _NAME) for term in story.matched], more=len(story.articles) - len(reports_of),
    )  # fmt: skip
    published = [article.published for article in story.articles]
    return FeedStory(
        id=uuid5(own, f"story/{story.story_id}").urn,
        title=title_line(core.title, core.excerpt, _TITLE) or say.gettext("untitled"),
        url=digests.safe_href(core.url),
        html=html.strip(),
        published=min(published),
        updated=max(published),
        outlets=tuple(dict.fromkeys(outlet for outlet, _, _ in reports_of)),
        language=core.language if core.language and core.language.isascii() and core.language.isalpha() else None,
    )
