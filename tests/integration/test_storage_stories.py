"""Stories found by rare terms, on both databases."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, text

from models import Article, Story, StoryEvent, StoryKey
from tests.conftest import NOW
from tests.integration.stored import DAY, analyze, features, tell
from worker.storage.db.database import Database
from worker.storage.stories import membership, story_keys, story_rows
from worker.stories import StoryFeatures

WINDOW = timedelta(days=3)


def test_a_story_is_opened_joined_and_found_by_its_terms(database: Database) -> None:
    with database.transaction() as session:
        first, second = analyze(session, "https://a.example/"), analyze(session, "https://b.example/")
        story_id = tell(session, first, "ferry", "strike")
        assert tell(session, second, "ferry", "harbour", story_id=story_id, published=NOW + DAY) == story_id
        session.flush()
        (found,) = story_rows.find_stories(session, features("harbour"), window=WINDOW)
        assert (found.story_id, len(found.members)) == (story_id, 2)
        assert [set(member.vector) for member in found.members] == [{"ferry", "strike"}, {"ferry", "harbour"}]
        assert story_rows.find_stories(session, features("tram"), window=WINDOW) == []
        assert story_rows.find_stories(session, features(), window=WINDOW) == []
        row = session.get_one(Article, second, populate_existing=True)
        assert (row.story_id, row.story_revision, row.story_score) == (story_id, 2, 0.4)
        assert row.story_evidence == [["ferry", 0.3]]
        events = session.scalars(select(StoryEvent).order_by(StoryEvent.id))
        assert [event.kind for event in events] == ["opened", "joined"]


def test_a_story_is_near_in_time(database: Database) -> None:
    with database.transaction() as session:
        old = tell(session, analyze(session, "https://a.example/"), "ferry", published=NOW - WINDOW - DAY)
        to_come = tell(session, analyze(session, "https://b.example/"), "ferry", published=NOW + WINDOW + DAY)
        near = tell(session, analyze(session, "https://d.example/"), "ferry", published=NOW - WINDOW)
        found = [story.story_id for story in story_rows.find_stories(session, features("ferry"), window=WINDOW)]
        assert found == [near]
        wide = [story.story_id for story in story_rows.find_stories(session, features("ferry"), window=2 * WINDOW)]
        assert wide == [old, to_come, near]


def test_stories_that_are_over_leave_the_index_but_stay(database: Database) -> None:
    with database.transaction() as session:
        over = tell(session, analyze(session, "https://a.example/"), "ferry", "strike", published=NOW - 9 * DAY)
        tell(session, analyze(session, "https://b.example/"), "ferry")
        assert story_keys.prune_keys(session, before=NOW - DAY) == 2
        assert len(story_rows.find_stories(session, features("ferry"), window=99 * DAY)) == 1
        assert session.get(Story, over) is not None
        assert len(session.scalars(select(StoryKey.article_id)).all()) == 1


def test_what_a_crowd_says_finds_nothing_and_what_is_rarer_does(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_keys, "_CROWD", 3)
    with database.transaction() as session:
        ids = [analyze(session, f"https://{number}.example/") for number in range(4)]
        for number, article_id in enumerate(ids):
            tell(session, article_id, "border", f"ferry{number // 2}")
        assert story_keys.find_holders(session, features("border", "tram"), window=WINDOW) == {}
        assert story_keys.find_holders(session, features("border", "ferry0"), window=WINDOW) == {ids[0]: 1, ids[1]: 1}
        tell(session, analyze(session, "https://later.example/"), "border", published=NOW + WINDOW + DAY)
        story_keys.drop_keys(session, ids[:3])
        later = features("border", published=NOW + WINDOW)
        assert set(story_keys.find_holders(session, later, window=WINDOW)) == {ids[3], 5}


def test_neighbours_share_a_term_that_few_say_or_two_that_no_crowd_says(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_keys, "_FEW", 2)
    monkeypatch.setattr(story_keys, "_CROWD", 4)
    said = {
        1: ("border", "ferry"), 2: ("border", "ferry"), 3: ("border", "gale", "harbour"),
        4: ("border", "gale", "harbour"), 5: ("border", "gale", "strike"), 6: ("tram",),
    }  # fmt: skip
    found = _neighbours(database, {number: features(*keys) for number, keys in said.items()}, WINDOW)
    assert found == {1: {2}, 2: {1}, 3: {4}, 4: {3}, 5: set(), 6: set()}


def test_each_is_a_neighbour_of_its_neighbours_however_many_are_asked_together(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over many windows, with terms that are a crowd's in one and hardly said in the next."""
    monkeypatch.setattr(story_keys, "_FEW", 2)
    monkeypatch.setattr(story_keys, "_CROWD", 5)
    rng = Random(8)
    said = {
        number: features(
            *rng.sample(["border", "ferry", "gale", "tram"], 3), published=NOW + rng.random() ** 2 * 20 * DAY
        )
        for number in range(1, 80)
    }
    found = _neighbours(database, said, WINDOW)
    assert 0 < sum(map(len, found.values())) < 79 * 20
    assert all(number in found[other] for number, neighbours in found.items() for other in neighbours)
    assert all(abs(said[one].published - said[other].published) <= WINDOW for one in found for other in found[one])


def test_the_reports_of_stories_are_read_without_those_of_all_others(database: Database) -> None:
    """What SQLite knows of its tables is nothing: it takes the index that seems to hold ten rows of each value."""
    if not database.is_sqlite:
        return
    wanted = str(membership.reports_in(list(range(15))).compile(compile_kwargs={"literal_binds": True}))
    with database.reading() as session:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {wanted}")).all()
    assert [row.detail for row in plan] == ["SEARCH articles USING INDEX ix_articles_story_id (story_id=?)"]


def _neighbours(database: Database, said: dict[int, StoryFeatures], window: timedelta) -> dict[int, set[int]]:
    """The neighbours of each, which are the same for one asked alone, and one asked after others."""
    with database.transaction() as session:
        for number in said:
            article_id = analyze(session, f"https://n{number}.example/")
            assert article_id == number
            story_keys.write_keys(session, number, said[number])
        together = story_keys.Neighbourhood(session, window=window).neighbours(said)
        one_by_one = story_keys.Neighbourhood(session, window=window)
        for number in sorted(said, reverse=True):
            assert one_by_one.neighbours({number: said[number]}) == {number: together[number]}
    return together
