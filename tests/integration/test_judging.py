"""Where articles end up among the others, on both databases, whatever order they are read in."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations

from sqlalchemy import select

from models import Article, Story
from tests.conftest import NOW
from worker import pages, topics
from worker.judging import Placement, judge, place
from worker.storage import articles
from worker.storage import topics as topic_rows
from worker.storage.articles import NewArticle
from worker.storage.database import Database

WINDOW = timedelta(days=3)
TOPICS = topics.TopicSet(topics.builtin_topics())
TEXT = (
    "TIJUANA, Mexico — Border agents counted fewer migrants at the San Ysidro crossing in October than in "
    "any month of the past four years, officials of both countries said on Tuesday, and shelters on the "
    "Mexican side stood half empty for the first time since the asylum appointments were cancelled.\n\n"
    "The director of the largest shelter, Marisela Quintanar, said that families who had waited for months "
    "were going home to Michoacán and Guerrero by bus. She keeps a list of those who left and telephones "
    "them a week later.\n\n"
    "A spokesman for the customs service gave the number of encounters as 4,180 and called it the result of "
    "patrols that the Mexican national guard has run along the canal since the spring."
)


def read(
    database: Database,
    name: str,
    text: str,
    *,
    published: datetime,
    title: str = "Fewer migrants at San Ysidro",
) -> tuple[int, Placement]:
    """Store and place one article."""
    url = f"https://{name}.example/story"
    with database.transaction() as session:
        new = NewArticle(key=url, url=url, entry_id=url, title=title, body="", published=published)
        (found,) = articles.discover(session, None, name, [new], now=NOW)
    clean = pages.strip_boilerplate(text, title=title)
    article = pages.ExtractedArticle(pages.PageKind.ARTICLE, title, clean.text, language="en")
    judgement = judge(article, published=published, outlet=name, topic_set=TOPICS)
    with database.transaction() as session:
        return found.id, place(session, found.id, judgement, window=WINDOW, now=NOW)


def originals(database: Database) -> dict[str, str | None]:
    """By outlet: the outlet of its original, None for the original itself."""
    with database.reading() as session:
        rows = {row.id: (row.outlet, row.duplicate_of) for row in session.scalars(select(Article))}
    return {outlet: rows[copy_of][0] if copy_of else None for outlet, copy_of in rows.values()}


def test_the_earliest_published_is_the_original_in_every_order(database: Database) -> None:
    for round_, order in enumerate(permutations(range(3))):
        names = [f"r{round_}n{hour}" for hour in range(3)]
        text = TEXT.replace("October", f"October of year {round_}").replace("4,180", f"{round_},180")
        text = " ".join(reversed(text.split())) if round_ % 2 else text
        for hour in order:
            read(database, names[hour], text, published=NOW - timedelta(days=7 * round_, hours=3 - hour))
        found = originals(database)
        assert [found[name] for name in names] == [None, names[0], names[0]], order


def test_an_original_read_late_takes_the_place_in_story_and_topics(database: Database) -> None:
    copy_id, first = read(database, "late", TEXT, published=NOW)
    original_id, second = read(database, "early", TEXT + " It was raining.", published=NOW - timedelta(hours=5))
    assert first.story_id == second.story_id
    with database.reading() as session:
        copy, original = session.get_one(Article, copy_id), session.get_one(Article, original_id)
        assert (copy.duplicate_of, copy.duplicate_kind, copy.story_revision) == (original_id, "near", None)
        assert (original.duplicate_of, original.duplicate_kind, original.story_revision) == (
            None,
            "unique",
            1,
        )
        assert original.story_id == copy.story_id
        assert session.get_one(Story, original.story_id).revision == 1
        assert topic_rows.matches_of(session, copy_id) == topic_rows.matches_of(session, original_id)


def test_a_copy_does_not_develop_its_story(database: Database) -> None:
    read(database, "one", TEXT, published=NOW)
    _, placed = read(database, "two", TEXT, published=NOW + timedelta(hours=1))
    assert placed.duplicate.kind == "exact"
    with database.reading() as session:
        (story,) = session.scalars(select(Story))
        assert (story.revision, story.size) == (1, 1)


def test_an_article_is_no_copy_of_itself(database: Database) -> None:
    article_id, _ = read(database, "one", TEXT, published=NOW)
    article = pages.ExtractedArticle(pages.PageKind.ARTICLE, "Fewer migrants", TEXT, language="en")
    judgement = judge(article, published=NOW, outlet="one", topic_set=TOPICS)
    with database.transaction() as session:
        again = place(session, article_id, judgement, window=WINDOW, now=NOW)
    assert again.duplicate.duplicate_of is None


def test_nothing_is_a_copy_of_nothing(database: Database) -> None:
    for name in ("one", "two", "three"):
        _, placed = read(database, name, "", published=NOW, title=f"Title {name}")
        assert placed.duplicate.kind == "unique"
