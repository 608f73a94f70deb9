"""The first page of the desk: what is told, as the digest would tell it, with what is new to who looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from starlette.responses import Response

from worker import digests
from worker.digests import DigestStory, PendingStory, StoryView
from worker.errors import StorageError
from worker.setup.logs import get_log
from worker.storage.db.session import Session
from worker.storage.people import person_rows
from worker.storage.stories import story_listing
from worker.storage.stories.news_numbers import latest_news_number
from worker.storage.stories.story_listing import StoryFilter
from worker.storage.topics import labels
from worker.topics import Band, Label
from worker.web.desk.pages import show
from worker.web.desk.today.filters import PERIODS, chosen_by
from worker.web.desk.today.look import Look, look_again
from worker.web.desk.visit import Visit

log = get_log(__name__)

_PAGE = 25
_COUNTED = 99


@dataclass(frozen=True, slots=True)
class ShownStory:
    """A story of the list. `label` is what who looks says of its first report, `readers` how many were told of it."""

    id: int
    topic: str
    article_id: int
    view: StoryView
    is_new: bool
    wide: bool
    readers: int
    label: str


def show_today(visit: Visit) -> Response:
    """Show the stories on the topics in use, by topic and filtered as asked."""
    titles = visit.deps.topic_titles(visit.say.language)
    chosen, number = chosen_by(visit), visit.page_number()
    with visit.deps.reading() as session:
        look = _look(visit, latest_news_number(session))
        wanted = chosen.wanted(titles, now=visit.now, zone=visit.zone, seen=look.before)
        found = story_listing.list_stories(session, wanted, limit=_PAGE + 1, offset=_PAGE * (number - 1))
        shown = _shown(visit, session, found[:_PAGE], wanted, look)
        new = story_listing.count_stories(session, replace(wanted, news_after=look.before), at_most=_COUNTED + 1)
        outlets, languages = story_listing.seen_lately(session)
    _keep(visit, look)
    return show(
        visit, "today.html", sections=_by_topic(shown, titles), chosen=chosen, number=number, titles=titles,
        more=len(found) > _PAGE, new=new, counted=_COUNTED, outlets=outlets, bands=tuple(Band), periods=PERIODS,
        languages=[(code, visit.say.language_name(code)) for code in languages], looked=look.since,
        here=f"/desk{chosen.address(number)}", only_new=replace(chosen, new=True),
    )  # fmt: skip


def _look(visit: Visit, latest: int) -> Look:
    person = visit.person
    last = Look(person.news_before, person.looked_before, person.news_latest, person.looked_at)
    return look_again(last, latest=latest, now=visit.now)


def _keep(visit: Visit, look: Look) -> None:
    """Remember the look; a database that is busy writing keeps nobody from reading."""
    try:
        with visit.deps.transaction() as session:
            person_rows.save_look(
                session, visit.person.id, before=look.before, since=look.since, latest=look.latest, at=visit.now
            )
    except StorageError as error:
        log.warning("look not remembered", person=visit.person.id, reason=str(error))


def _shown(
    visit: Visit, session: Session, found: Iterable[PendingStory], wanted: StoryFilter, look: Look
) -> list[ShownStory]:
    language = visit.say.language
    bands = dict.fromkeys(wanted.topics, wanted.bands)
    told = [one for each in found if (one := _as_told(each, bands, language, look)) is not None]
    readers = story_listing.count_readers(session, [story.story_id for story, _ in told])
    articles = [story.articles[0].article_id for story, _ in told]
    said = labels.labels_by(session, visit.person.address, articles)
    return [_show_story(visit, story, is_new, readers, said) for story, is_new in told]


def _as_told(
    story: PendingStory, bands: Mapping[str, frozenset[str]], language: str, look: Look
) -> tuple[DigestStory, bool] | None:
    """The story as a digest would tell it to who has seen the news so far, and whether it is new as a whole."""
    had = {one.article_id: one.revision for one in story.reports if 0 < one.news_number <= look.before}
    seen = digests.select_story(replace(story, had=had), bands, language)
    told = seen or digests.select_story(story, bands, language)
    return (digests.brief(told, language), seen is not None and not seen.news) if told else None


def _show_story(
    visit: Visit, story: DigestStory, is_new: bool, readers: Mapping[int, int], said: Mapping[tuple[int, str], Label]
) -> ShownStory:
    lead = story.articles[0].article_id
    label = said.get((lead, story.topic))
    view = digests.view_story(story, language=visit.say.language, zone=visit.person.zone, now=visit.now)
    count = readers.get(story.story_id, 0)
    return ShownStory(story.story_id, story.topic, lead, view, is_new, story.wide, count, label or "")


def _by_topic(shown: Iterable[ShownStory], titles: Mapping[str, str]) -> list[tuple[str, str, list[ShownStory]]]:
    """Topic, title and stories, in the order of each topic's first story."""
    grouped: dict[str, list[ShownStory]] = {}
    for one in shown:
        grouped.setdefault(one.topic, []).append(one)
    return [(topic, titles.get(topic, topic), found) for topic, found in grouped.items()]
