"""The first page: what is told, what is new to who looks, and what it is filtered by."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.integration.desk.desk_client import DeskClient
from tests.integration.stored import DAY, TOPIC, analyze, follow, match, send, subscribe, tell
from worker import topics
from worker.errors import StorageError
from worker.setup.deps import Deps
from worker.storage.db.database import Database
from worker.storage.digests import outbox
from worker.storage.stories import story_listing
from worker.storage.stories.story_listing import StoryFilter
from worker.storage.topics import labels, topic_rows
from worker.topics import Band, Label

ALL = StoryFilter((TOPIC,), frozenset(Band.BALANCED.included), NOW - 9 * DAY, NOW + DAY)


def story(session: Session, name: str, *, band: Band = Band.STRICT, **values: object) -> tuple[int, int]:
    """A story with one report that matches; its id, and the report's."""
    article = analyze(session, f"https://news.example/{name}", text=f"Migrants crossed {name}.")
    found = tell(session, article, name, now=values.pop("now", NOW))  # type: ignore[arg-type]
    told = topics.TopicMatch(TOPIC, 0.9, band, (), ("said in the title",))
    topic_rows.save_matches(session, article, [told], now=NOW)
    return found, article


def listed(session: Session, wanted: StoryFilter, **page: int) -> list[int]:
    return [one.story_id for one in story_listing.list_stories(session, wanted, **{"limit": 9, **page})]


def test_stories_are_filtered_and_turned_over(database: Database) -> None:
    with database.transaction() as session:
        first, article = story(session, "ferry", now=NOW - 3 * DAY)
        second, other = story(session, "bridge", now=NOW - DAY)
        wide, _ = story(session, "market", band=Band.WIDE)
        follow(session, analyze(session, "https://copy.example/ferry"), article)
        reader = subscribe(session)
        told = outbox.SentStory(second, 1, TOPIC, (other,), "Bridge", revisions={other: 1})
        send(session, reader, told)
    with database.reading() as session:
        assert listed(session, ALL) == [second, first]
        assert listed(session, ALL, limit=1, offset=1) == [first]
        assert listed(session, replace(ALL, bands=frozenset(Band.WIDE.included))) == [wide, second, first]
        assert listed(session, replace(ALL, since=NOW - 2 * DAY)) == [second]
        assert listed(session, replace(ALL, until=NOW - 2 * DAY)) == [first]
        assert listed(session, replace(ALL, unmailed=True)) == [first]
        assert listed(session, replace(ALL, updated=True)) == []
        assert listed(session, replace(ALL, topics=("another",))) == []
        assert listed(session, replace(ALL, outlet="EXAMPLE", language="en")) == [second, first]
        assert listed(session, replace(ALL, outlet="Else")) == []
        assert listed(session, replace(ALL, language="e")) == listed(session, replace(ALL, language="%")) == []
        assert listed(session, replace(ALL, news_after=1)) == [second]
        assert story_listing.count_stories(session, ALL, at_most=9) == 2
        assert story_listing.count_stories(session, ALL, at_most=1) == 1
        assert story_listing.count_readers(session, [first, second]) == {second: 1}
        assert story_listing.seen_lately(session) == (("Example",), ("en",))


def test_what_is_new_since_the_last_look_is_marked_until_the_next(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        first, article = story(session, "ferry")
    page = editor.get("/desk").text
    assert "Read https://news.example/ferry" in page
    assert 'class="news">new' not in page
    with deps.transaction() as session:
        story(session, "bridge")
        second = analyze(session, "https://news.example/ferry-2", text="The ferry was raised on Monday.")
        tell(session, second, "ferry", story_id=first)
        match(session, second)
    deps.now = lambda: NOW + 2 * DAY  # type: ignore[method-assign]
    for _ in range(2):
        page = editor.get("/desk").text
        assert "2 stories with news" in page
        assert page.count('<p class="news">new</p>') == 1
        assert "updated: 1 new report" in page
    assert editor.get("/desk?new=yes&days=30").text.count("<article") == 2
    deps.now = lambda: NOW + 3 * DAY  # type: ignore[method-assign]
    assert "nothing new since" in editor.get("/desk").text
    assert article < second


def test_relevant_or_not_is_said_in_place_and_may_be_said_again(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        number, article = story(session, "ferry")
    for word in ("yes", "no"):
        fields = {"article": article, "topic": TOPIC, "word": word, "back": "/desk?days=3", "at": f"story-{number}"}
        answer = editor.send("/desk", "/desk/label", **fields)
        assert answer.headers["location"] == f"/desk?days=3&said=labelled#story-{number}"
    page = editor.get("/desk").text
    assert re.findall(r'value="(\w+)" aria-pressed="true"', page) == ["no"]
    with deps.reading() as session:
        (given,) = labels.labels_of(session, TOPIC)
    assert (given.label, given.who, given.via) == (Label.NO, "editor@desk.example", "desk")


@pytest.mark.parametrize(
    "wrong",
    [{"article": "999"}, {"article": "9" * 5_000}, {"topic": "another"}, {"word": "perhaps"}, {"article": "x"}],
)
def test_a_label_for_what_there_is_not_is_none(deps: Deps, editor: DeskClient, wrong: dict[str, str]) -> None:
    with deps.transaction() as session:
        _, article = story(session, "ferry")
    fields = {"article": article, "topic": TOPIC, "word": "yes", **wrong}
    assert editor.send("/desk", "/desk/label", **fields).status == 404
    with deps.reading() as session:
        assert labels.labels_of(session, TOPIC) == []


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/desk//evil", "/deskevil", "/\\evil", "x"]
)
def test_the_way_back_stays_at_the_desk(deps: Deps, editor: DeskClient, back: str) -> None:
    with deps.transaction() as session:
        _, article = story(session, "ferry")
    answer = editor.send("/desk", "/desk/label", article=article, topic=TOPIC, word="yes", back=back)
    assert answer.headers["location"] == "/desk?said=labelled"


def test_whatever_stands_in_the_address_there_is_a_page(deps: Deps, editor: DeskClient) -> None:
    with deps.transaction() as session:
        story(session, "ferry")
    endless = "x" * 200_000
    for asked in (
        f"topic={endless}", f"outlet={endless}&language=%00%ff", "page=0", "page=99999999999999999999", "days=-1",
        "day=0000-01-01", "day=9999-12-31", "day=2026-02-30", "band=sure", f"page={'9' * 5_000}", "said=%3Cscript%3E",
        "topic=%3Cscript%3Ealert(1)%3C/script%3E", "day=2026-03-02", "outlet=%F0%9F%92%A9", "&".join(["a=b"] * 999),
    ):  # fmt: skip
        answer = editor.get(f"/desk?{asked}")
        assert answer.status == 200, asked[:40]
        assert "<script" not in answer.text
        assert len(answer.text) < 100_000, asked[:40]
    deps.now = lambda: NOW + timedelta(days=1)  # type: ignore[method-assign]
    assert "No story is like that" in editor.get("/desk?day=2026-03-01").text
    assert "<article" in editor.get("/desk?day=2026-03-02").text


def test_a_database_that_is_being_written_keeps_nobody_from_reading(
    deps: Deps, editor: DeskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise StorageError("the database cannot be used: database is locked")

    monkeypatch.setattr(deps, "transaction", busy)
    deps.now = lambda: NOW + timedelta(hours=1)  # type: ignore[method-assign]
    assert editor.get("/desk").status == 200
    assert editor.send("/desk/account", "/desk/account", zone="UTC").status == 503
