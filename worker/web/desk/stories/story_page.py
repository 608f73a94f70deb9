"""One story: who told it first, what each report added, and how it is headlined here and there."""

from __future__ import annotations

from starlette.responses import Response

from worker.digests.text import one_line
from worker.storage.stories import story_listing
from worker.storage.stories.story_articles import list_articles
from worker.storage.stories.story_lives import StoryRecord, read_story
from worker.storage.topics import labels
from worker.web.desk.pages import go, show, tell
from worker.web.desk.stories.timeline import lay_out, outlets_by_language, side_by_side
from worker.web.desk.visit import Visit

_ARTICLES = 400
_STEPS = 80
_HEADLINES, _OUTLETS, _HAPPENINGS = 40, 60, 30


def show_story(visit: Visit) -> Response:
    """Show the story with that number; one that has gone into another leads there."""
    number = visit.number("story")
    with visit.deps.reading() as session:
        found = read_story(session, number, language=visit.say.language)
        if found is None or found.life is None:
            return _elsewhere(visit, found)
        articles = list_articles(session, number, limit=_ARTICLES)
        readers = story_listing.count_readers(session, [number]).get(number, 0)
        said = labels.labels_by(session, visit.person.address, [found.life.headline_id])
    titles = visit.deps.topic_titles(visit.say.language)
    steps = lay_out(articles, found.life)
    languages, outlets = outlets_by_language(articles)
    return show(
        visit, "story_page.html", story=found, life=found.life, headline=one_line(found.life.headline, 200),
        steps=steps[:_STEPS], hidden=len(steps) - len(steps[:_STEPS]), first=steps[0] if steps else None,
        languages=languages, outlets=outlets[:_OUTLETS], columns=side_by_side(steps[:_HEADLINES]), readers=readers,
        copies=len(articles) - len(steps), topics=[(name, titles.get(name, name)) for name in found.topics],
        labels={topic: label for (_, topic), label in said.items()}, happenings=found.history[-_HAPPENINGS:],
    )  # fmt: skip


def _elsewhere(visit: Visit, found: StoryRecord | None) -> Response:
    if found is not None and found.merged_into is not None:
        return go(f"/stories/{found.merged_into}", said="merged")
    say = visit.say
    text = say.gettext("It is no longer kept, or all its reports are in other stories by now.")
    return tell(visit, say.gettext("No such story"), text, status=404)
