"""How SQLite looks for stories and their articles: by the story, never through all that were ever read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC
from worker.storage.articles.copies import origin_of
from worker.storage.db.database import Database
from worker.storage.digests.digest_reports import read_reports
from worker.storage.stories.story_articles import list_articles
from worker.storage.stories.story_listing import StoryFilter, count_stories, list_stories
from worker.storage.stories.story_lives import read_story
from worker.topics import Band

WANTED = StoryFilter((TOPIC,), frozenset(Band), NOW - DAY, NOW, outlet="x", language="en", unmailed=True, news_after=1)
LOOKS: dict[str, Callable[[Session], object]] = {
    "reports": lambda session: read_reports(session, list(range(1, 40))),
    "life": lambda session: read_story(session, 1),
    "articles": lambda session: list_articles(session, 1, limit=9),
    "origin": lambda session: origin_of(session, 1),
    "list": lambda session: list_stories(session, WANTED, limit=9),
    "count": lambda session: count_stories(session, WANTED, at_most=9),
}


@pytest.mark.parametrize("name", LOOKS)
def test_no_look_at_stories_goes_through_everything(sqlite: Database, name: str) -> None:
    plans = list[str]()

    def explain(connection, _cursor, statement, parameters, _context, _many):  # type: ignore[no-untyped-def]
        if statement.startswith("SELECT"):
            found = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in found)

    event.listen(sqlite.engine, "before_cursor_execute", explain)
    with sqlite.reading() as session:
        LOOKS[name](session)
    assert plans
    ways = [plan for plan in plans if "articles" in plan or "topic_matches" in plan or "stories" in plan]
    slow = [
        plan for plan in ways if plan.startswith("SCAN") or "ix_articles_waiting" in plan or "topic_matched_at" in plan
    ]
    assert slow == []
