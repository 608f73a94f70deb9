"""What `explain` expects of the next digest is what that digest makes of it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Story
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, match, send, subscribe, tell
from worker.delivery.composing import compose
from worker.delivery.due_plan import plan_due
from worker.delivery.outlook import Outlook, outlooks
from worker.digests import Choice
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.storage.db.database import Database
from worker.storage.digests import subscribers
from worker.storage.digests.outbox import SentStory

HOUR = timedelta(hours=1)
FIRST = "Ferries with migrants will leave from the fish market while the old terminal is repaired."
SAME = "While the old terminal is repaired, ferries with migrants leave from the fish market."
MORE = f"{SAME} The engineer Ada Moreau resigned over the cost of the granite pilings."


@pytest.fixture
def deps(database: Database, tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, database_url=database.url), now=lambda: NOW)
    yield deps
    deps.database.close()


def expected(deps: Deps, session: Session, reader: int, story_id: int) -> Outlook:
    """The outlook, which the digest that is made then must bear out."""
    found = subscribers.read_subscription(session, reader)
    assert found is not None
    seen = outlooks(session, story_id, [found], now=NOW)[reader]
    plan = plan_due(found, now=found.next_due_at)
    assert plan is not None
    composed = compose(deps, session, found, plan.period)
    told = [story.story_id for story in composed.stories] if composed else []
    waits = seen.choice is Choice.TOLD and seen.has_developed and seen.is_fresh
    assert (story_id in told) == waits
    return seen


def story(session: Session, *texts: str, about: int, **values: object) -> int:
    """A story of these reports, of which so many match the topic."""
    story_id = 0
    for number, text in enumerate(texts):
        article_id = analyze(session, f"https://n{number}.example/", text=text)
        if number < about:
            match(session, article_id)
        story_id = tell(session, article_id, "ferry", story_id=story_id or None)
    if values:
        session.execute(update(Story).where(Story.id == story_id).values(**values))
    return story_id


def test_one_stray_report_does_not_wait_for_a_digest(deps: Deps) -> None:
    with deps.transaction() as session:
        reader, told = subscribe(session), story(session, FIRST, MORE, "It rained.", about=1)
        assert expected(deps, session, reader, told) == Outlook(Choice.STRAY)


def test_a_report_without_a_match_waits_with_its_story(deps: Deps) -> None:
    with deps.transaction() as session:
        reader, told = subscribe(session), story(session, FIRST, MORE, about=1)
        assert expected(deps, session, reader, told) == Outlook(Choice.TOLD)


@pytest.mark.parametrize(("text", "choice"), [(SAME, Choice.NO_NEWS), (MORE, Choice.TOLD)])
def test_a_story_that_was_told_waits_only_with_something_to_add(deps: Deps, text: str, choice: Choice) -> None:
    with deps.transaction() as session:
        reader, told = subscribe(session), story(session, FIRST, about=1)
        send(session, reader, SentStory(told, 1, TOPIC, (1,)), end=NOW - HOUR)
        second = analyze(session, "https://other.example/", text=text)
        match(session, second)
        tell(session, second, "ferry", story_id=told)
        assert expected(deps, session, reader, told) == Outlook(choice)


def test_what_was_told_and_has_not_developed_is_not_looked_at(deps: Deps) -> None:
    with deps.transaction() as session:
        reader, told = subscribe(session), story(session, FIRST, about=1)
        send(session, reader, SentStory(told, 1, TOPIC, (1,)), end=NOW - HOUR)
        assert not expected(deps, session, reader, told).has_developed


def test_what_developed_before_the_window_was_left_out(deps: Deps) -> None:
    with deps.transaction() as session:
        reader, told = subscribe(session), story(session, FIRST, about=1, developed_at=NOW - 9 * DAY)
        assert not expected(deps, session, reader, told).has_developed


def test_old_news_is_none(deps: Deps) -> None:
    with deps.transaction() as session:
        reader, told = subscribe(session), story(session, FIRST, about=1, last_published_at=NOW - 9 * DAY)
        assert expected(deps, session, reader, told) == Outlook(Choice.TOLD, is_fresh=False)


def test_nobody_else_has_been_told(deps: Deps) -> None:
    with deps.transaction() as session:
        reader, other = subscribe(session), subscribe(session, "other@news.example")
        told = story(session, FIRST, about=1)
        send(session, other, SentStory(told, 1, TOPIC, (1,)), end=NOW - HOUR)
        assert expected(deps, session, reader, told) == Outlook(Choice.TOLD)
        assert outlooks(session, told, [], now=NOW) == {}
