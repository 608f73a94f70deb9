"""One story: who told it first, what each report added, and how it is headlined here and there."""

from __future__ import annotations

from starlette.responses import Response

from worker.storage.stories import story_listing
from worker.storage.stories.story_articles import list_articles
from worker.storage.stories.story_lives import StoryRecord, read_story
from worker.storage.topics import labels
from worker.web.desk.pages import go, show, tell
from worker.web.desk.stories.telling import ARTICLES, shown_of
from worker.web.desk.visit import Visit

_HAPPENINGS = 30


def show_story(visit: Visit) -> Response:
    """Show the story with that number; one that has gone into another leads there."""
    number = visit.number("story")
    with visit.deps.reading() as session:
        found = read_story(session, number, language=visit.say.language)
        if found is None or found.life is None:
            return _elsewhere(visit, found)
        articles = list_articles(session, number, limit=ARTICLES)
        readers = story_listing.count_readers(session, [number]).get(number, 0)
        said = labels.labels_by(session, visit.person.address, [found.life.headline_id])
    titles = visit.deps.topic_titles(visit.say.language)
    return show(
        visit, "story_page.html", story=found, readers=readers, **shown_of(found.life, articles),
        topics=[(name, titles.get(name, name)) for name in found.topics],
        labels={topic: label for (_, topic), label in said.items()}, happenings=found.history[-_HAPPENINGS:],
    )  # fmt: skip


def _elsewhere(visit: Visit, found: StoryRecord | None) -> Response:
    if found is not None and found.merged_into is not None:
        return go(f"/stories/{found.merged_into}", said="merged")
    say = visit.say
    text = say.gettext("It is no longer kept, or all its reports are in other stories by now.")
    return tell(visit, say.gettext("No such story"), text, status=404)
