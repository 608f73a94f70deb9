"""Stories looked at again: merged, split, left alone when they changed meanwhile; what was told stays told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, Story, StoryEvent, StoryKey
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, features, follow, look_at, match, send, subscribe, tell
from tests.unit.stories.conftest import recluster
from worker.analysis.recluster_stories import recluster_next, recluster_stories
from worker.digests import select_story
from worker.duplicates import DuplicateDecision, DuplicateKind
from worker.pipeline import STEPS
from worker.setup.deps import Deps
from worker.setup.settings import load_settings
from worker.step import Wakeup
from worker.storage.articles import copies
from worker.storage.db.database import Database
from worker.storage.digests.outbox import SentStory
from worker.storage.stories import membership, moves, reclusterings
from worker.stories import Reclustering, revise_report, take_over

COPY = DuplicateDecision(DuplicateKind.NEAR, 1, 0.9, "the same words")


def report(session: Session, name: str, *keys: str, story_id: int | None = None) -> tuple[int, int]:
    """Store a matching article of these terms, in that story or a new one; return its id and its story's."""
    article_id = analyze(session, f"https://{name}.example/", text=f"Migrants and {name} crossed.")
    match(session, article_id)
    return article_id, tell(session, article_id, *keys, story_id=story_id)


def recluster_all(database: Database) -> int:
    """Recluster all stories that wait; return how many articles moved."""
    moved, waiting = 0, True
    while waiting:
        done = recluster_next(database, now=NOW + DAY)
        moved, waiting = moved + done.moved, done.waiting
    return moved


def updates(session: Session, reader: int) -> list[tuple[int, int, int]]:
    """The stories a digest would tell, with how many of their reports are new, and how many there are."""
    found = look_at(session, reader)
    chosen = [(story, select_story(story, {TOPIC: {"strict", "balanced"}}, "en")) for story in found]
    return [(story.story_id, seen.news, len(seen.articles)) for story, seen in chosen if seen]


def send_all(session: Session, reader: int) -> None:
    found = look_at(session, reader)
    ids = {story.story_id: tuple(report.article_id for report in story.reports) for story in found}
    send(session, reader, *(SentStory(s.story_id, s.revision, TOPIC, ids[s.story_id]) for s in found))


def test_two_stories_of_one_event_become_one_and_copies_come_along(database: Database) -> None:
    with database.transaction() as session:
        first, kept = report(session, "a", "ferry", "gale")
        report(session, "b", "ferry", "gale", story_id=kept)
        alone, gone = report(session, "c", "ferry", "gale")
        copy = analyze(session, "https://copy.example/", duplicate=COPY)
        follow(session, copy, alone)
        other, apart = report(session, "d", "trams", "strike")
    assert recluster_all(database) == 1
    assert recluster_all(database) == 0
    with database.reading() as session:
        stories = dict(session.execute(select(Article.id, Article.story_id)).all())
        assert stories == {first: kept, first + 1: kept, alone: kept, copy: kept, other: apart}
        row, merged = session.get_one(Story, kept), session.get_one(Story, gone)
        assert (row.size, row.revision, row.developed_at, merged.merged_into) == (3, 3, NOW, kept)
        assert set(session.scalars(select(StoryKey.article_id))) == {first, first + 1, alone, other}
        events = session.execute(select(StoryEvent.kind, StoryEvent.article_id, StoryEvent.other_story_id)).all()
        assert [tuple(event) for event in events if event.other_story_id] == [
            ("moved", alone, gone), ("merged", None, kept),
        ]  # fmt: skip
        assert reclusterings.next_unsettled(session) is None


def test_a_story_of_two_events_is_parted_and_keeps_its_bigger_part(database: Database) -> None:
    with database.transaction() as session:
        _, kept = report(session, "a", "ferry", "gale")
        report(session, "b", "ferry", "gale", story_id=kept)
        stray, _ = report(session, "c", "trams", "strike", story_id=kept)
    assert recluster_all(database) == 1
    assert recluster_all(database) == 0
    with database.reading() as session:
        row = session.get_one(Article, stray)
        assert row.story_id not in (None, kept)
        assert row.story_revision == 1
        assert session.get_one(Story, kept).size == 2


def test_stories_told_before_they_merged_are_no_news(database: Database) -> None:
    with database.transaction() as session:
        both, one, none = (subscribe(session, f"{name}@news.example") for name in ("both", "one", "none"))
        _, kept = report(session, "a", "ferry", "gale")
        report(session, "b", "ferry", "gale", story_id=kept)
        send_all(session, one)
        _, gone = report(session, "c", "ferry", "gale")
        send_all(session, both)
    assert recluster_all(database) == 1
    with database.transaction() as session:
        assert session.get_one(Story, gone).merged_into == kept
        assert updates(session, both) == []
        assert updates(session, one) == [(kept, 1, 3)], "the report that came with the other story"
        assert updates(session, none) == [(kept, 0, 3)]


def test_only_the_merged_away_story_was_told(database: Database) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
        _, gone = report(session, "a", "ferry", "gale")
        send_all(session, reader)
        second, kept = report(session, "b", "ferry", "gale")
        report(session, "c", "ferry", "gale", story_id=kept)
        assert updates(session, reader) == [(kept, 0, 2)]
    assert recluster_all(database) == 1
    with database.transaction() as session:
        assert session.get_one(Story, gone).merged_into == kept
        assert updates(session, reader) == [(kept, 2, 3)], "an update of what they know, not a new story"
        assert session.get_one(Article, second).story_revision == 1


def test_the_part_of_a_told_story_is_no_news(database: Database) -> None:
    with database.transaction() as session:
        reader, other = subscribe(session), subscribe(session, "other@news.example")
        _, kept = report(session, "a", "ferry", "gale")
        report(session, "b", "ferry", "gale", story_id=kept)
        stray, _ = report(session, "c", "trams", "strike", story_id=kept)
        send_all(session, reader)
    assert recluster_all(database) == 1
    with database.transaction() as session:
        part = session.get_one(Article, stray).story_id
        assert updates(session, reader) == []
        assert {story for story, _, _ in updates(session, other)} == {kept, part}
        # An older copy leads the part's report from now on: nothing new is told by it.
        members = membership.read_members(session, [part])
        copy = analyze(session, "https://earlier.example/", duplicate=COPY)
        copies.update_articles(session, [stray], duplicate_of=copy)
        copies.update_articles(session, [copy], duplicate_of=None)
        match(session, copy)
        membership.write_membership(session, take_over(copy, features("trams"), [stray], members), now=NOW)
        assert updates(session, reader) == []


def read_and_recluster(database: Database, *story_ids: int) -> tuple[list[Reclustering], dict[int, datetime | None]]:
    """What becomes of these stories, and since when each of them waits."""
    with database.reading() as session:
        members = membership.read_members(session, story_ids)
        return [recluster(members)], reclusterings.unsettled_since(session, story_ids)


def test_what_changed_meanwhile_is_left_alone_and_the_rest_is_not(database: Database) -> None:
    with database.transaction() as session:
        _, kept = report(session, "a", "ferry", "gale")
        _, gone = report(session, "b", "ferry", "gale")
        _, tram = report(session, "t", "trams", "strike")
    (found,), since = read_and_recluster(database, kept, gone)
    (apart,), of_apart = read_and_recluster(database, tram)
    assert found.moving == 1
    with database.transaction() as session:
        report(session, "c", "ferry", "gale", story_id=kept)
    with database.transaction() as session:
        assert moves.apply_reclusterings(session, [found, apart], since | of_apart, now=NOW) == [apart]
        assert reclusterings.unsettled_stories(session) == [kept, gone]
        assert session.get_one(Story, kept).size == 2


def test_what_says_something_else_meanwhile_is_left_alone(database: Database) -> None:
    with database.transaction() as session:
        changing, story_id = report(session, "a", "ferry", "gale")
        _, other = report(session, "b", "ferry", "gale")
    found, since = read_and_recluster(database, story_id, other)
    with database.transaction() as session:
        members = membership.read_members(session, [story_id])
        revised = revise_report(replace(members[0], features=features("trams", "strike")), members)
        membership.write_membership(session, revised, now=NOW + DAY)
    with database.transaction() as session:
        assert moves.apply_reclusterings(session, found, since, now=NOW) == []
        assert session.get_one(Story, story_id).unsettled_at == NOW + DAY, "it still waits"
        assert session.get_one(Article, changing).story_id == story_id


def test_a_crowd_is_reclustered_in_slices(database: Database) -> None:
    """Each ends when its time is over, and the last leaves nothing; what one slice could do alone is what they do."""
    with database.transaction() as session:
        for number in range(120):
            report(session, f"n{number}", f"ferry{number // 2}", f"gale{number // 2}")
    moved, slices, waiting = 0, 0, True
    while waiting:
        clock = iter(timedelta(seconds=seconds) for seconds in range(99))
        done = recluster_next(database, now=NOW + DAY, spent=lambda clock=clock: next(clock))
        moved, slices, waiting = moved + done.moved, slices + 1, done.waiting
    assert (moved, slices > 1) == (60, True)
    with database.reading() as session:
        left = session.scalars(select(Story).where(Story.merged_into.is_(None))).all()
        assert {(story.size, story.unsettled_at) for story in left} == {(2, None)}


def test_a_story_that_depends_on_more_than_can_be_read_is_left_as_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each report of a row is likelier with the next than with the one before: the first depends on the last."""
    words = [[f"link{link}x{word}" for word in range(link)] for link in range(5)]
    with database.transaction() as session:
        row = [report(session, "n1", *words[2])[1]]
        row += [report(session, f"n{link}", *words[link], *words[link + 1])[1] for link in (2, 3)]
        report(session, "n4", *words[4])
        _, pair = report(session, "a", "ferry", "gale")
        report(session, "b", "ferry", "gale", story_id=pair)
    read, clock = list[int](), _Clock()
    monkeypatch.setattr(
        reclusterings.NeighbourReader, "read", _reading_slowly(reclusterings.NeighbourReader.read, read, clock)
    )
    done = recluster_next(database, now=NOW + DAY, spent=clock.spent)
    assert (len(read), done.moved, done.waiting) == (3, 0, True), "it was begun and not ended"
    with database.reading() as session:
        assert reclusterings.unsettled_stories(session)[0] == row[1], "and the next has its turn"
    while done.waiting:
        clock.seconds = 0
        done = recluster_next(database, now=NOW + DAY, spent=clock.spent)
    with database.reading() as session:
        assert reclusterings.unsettled_stories(session) == [], "each has had it"
        assert session.get_one(Story, pair).size == 2


class _Clock:
    """Time that passes by what is read: three seconds an article, so that three are more than a look may take."""

    def __init__(self) -> None:
        self.seconds = 0

    def spent(self) -> timedelta:
        return timedelta(seconds=self.seconds)


def _reading_slowly(
    reads: Callable[..., Iterator[object]], read: list[int], clock: _Clock
) -> Callable[..., Iterator[object]]:
    def slowly(self: object, article_ids: list[int], *, but: Callable[[int], bool]) -> Iterator[object]:
        read.extend(article_ids)
        clock.seconds += 3 * len(article_ids)
        yield from reads(self, article_ids, but=but)

    return slowly


def test_a_story_whose_reports_became_copies_is_settled(database: Database) -> None:
    with database.transaction() as session:
        article_id, story_id = report(session, "a", "ferry", "gale")
        copies.update_articles(session, [article_id], duplicate_of=article_id)
    assert recluster_all(database) == 0
    with database.reading() as session:
        assert session.get_one(Story, story_id).unsettled_at is None


def test_the_clock_wakes_a_look_at_what_changed_and_it_goes_on_by_itself(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count()
    monkeypatch.setattr("worker.analysis.recluster_stories.monotonic", lambda: next(seconds))
    settings = load_settings(folder=tmp_path, database_url=f"sqlite:///{tmp_path / 'test.db'}")
    deps = Deps(settings, now=lambda: NOW)
    assert STEPS["recluster_stories"].find_due(deps, 1) == ()
    with deps.transaction() as session:
        for number in range(60):
            report(session, f"n{number}", f"ferry{number}", f"gale{number}")
    (first,) = STEPS["recluster_stories"].find_due(deps, 1)
    assert first == 1
    assert recluster_stories(deps, first) == (Wakeup("recluster_stories", first),), (
        "three seconds are over, stories still wait"
    )
    while recluster_stories(deps, 1):
        pass
    assert STEPS["recluster_stories"].find_due(deps, 1) == ()
    deps.database.close()
