"""A wire text that another outlet prints with later news is told to who had the first one, on both databases.

Stands for the kind updated-wire-elsewhere-is-silent of the field cases.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.integration.stored import TOPIC, look_at, send, subscribe
from tests.integration.test_placing import TEXT, discover_and_judge, read
from worker import stories
from worker.analysis.updating import revise
from worker.delivery.choosing import decide
from worker.digests import Selection
from worker.duplicates import MEASURED, weigh_change
from worker.storage.articles import rechecks
from worker.storage.db.database import Database
from worker.storage.digests import subscribers
from worker.storage.digests.outbox import SentStory

HOUR = timedelta(hours=1)
TITLE = "Migrants: 4,180 counted at San Ysidro"
LATER = TEXT.replace("4,180", "4,630")


def told(database: Database, reader: int, end: int) -> Selection | None:
    """What the reader is told now, which is recorded as it would be."""
    with database.transaction() as session:
        asks = subscribers.read_subscription(session, reader)
        assert asks is not None
        found = look_at(session, reader, after=0)
        if not found:
            return None
        (story,) = found
        decided = decide(story, asks)
        if decided.story is not None:
            articles = tuple(sorted(decided.told))
            sent = SentStory(story.story_id, story.revision, TOPIC, articles, revisions=decided.told)
            send(session, reader, sent, end=NOW + end * HOUR)
        return decided


@pytest.mark.parametrize(
    ("text", "title", "is_told"),
    [(LATER, "Migrants: 4,630 counted at San Ysidro", True), (TEXT, "Quieter days at San Ysidro", False)],
)
def test_a_copy_is_told_where_it_says_something_new(database: Database, text: str, title: str, is_told: bool) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
    first, _ = read(database, "morning", TEXT, published=NOW - 9 * HOUR, title=TITLE)
    before = told(database, reader, 1)
    second, placement = read(database, "evening", text, published=NOW - HOUR, title=title)
    assert placement.duplicate.duplicate_of == first, "it is a copy all the same"
    after = told(database, reader, 2)
    third, _ = read(database, "night", text, published=NOW, title=title)
    again = told(database, reader, 3)
    with database.reading() as session:
        (story,) = look_at(session, reader)
    numbers = {one.article_id: one.news_number for one in story.reports}
    assert (numbers[first], numbers[second] > numbers[first]) == (1, is_told), "no digest before had looked at it"
    assert before is not None
    assert before.told == {first: 1}
    assert after is not None
    assert (set(after.told) == {first, second}) is is_told
    if after.story is not None:
        assert (after.story.news, [one.title for one in after.story.articles]) == (1, [title, TITLE])
    assert again is not None
    assert again.story is None, f"{third} is a reprint of the update"


def test_what_an_older_text_leads_though_it_is_read_late_is_told_all_the_same(database: Database) -> None:
    """Whatever the order, a reader is told what is new last; and who had it, is not told the old for it."""
    with database.transaction() as session:
        knows, hears_late = subscribe(session), subscribe(session, "second@news.example")
    newer, _ = read(database, "evening", LATER, published=NOW - HOUR, title="Migrants: 4,630 counted at San Ysidro")
    before = told(database, knows, 1)
    older, placement = read(database, "morning", TEXT, published=NOW - 9 * HOUR, title=TITLE)
    with database.reading() as session:
        (story,) = look_at(session, knows)
    assert {one.article_id: (one.copy_of, one.updates) for one in story.reports} == {
        newer: (older, True), older: (None, False),
    }  # fmt: skip
    assert placement.story_id == story.story_id
    assert before is not None
    assert before.told == {newer: 1}
    (again, first) = told(database, knows, 2), told(database, hears_late, 2)
    assert again is not None
    assert again.story is None
    assert first is not None
    assert first.told == {newer: 1, older: 1}


@pytest.mark.parametrize(("text", "is_told"), [(LATER, True), (TEXT + " It rained in the afternoon.", False)])
def test_a_reprint_whose_page_changes_is_told_where_it_says_something_new(
    database: Database, text: str, is_told: bool
) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
    read(database, "morning", TEXT, published=NOW - 9 * HOUR, title=TITLE)
    copy, _ = read(database, "noon", TEXT, published=NOW - 5 * HOUR, title=TITLE)
    assert told(database, reader, 1) is not None
    title = TITLE.replace("4,180", "4,630") if is_told else TITLE
    _, judgement = discover_and_judge(database, "of no account", text, published=NOW - 5 * HOUR, title=title)
    change = weigh_change(TEXT, text, title_before=TITLE, title_after=title)
    with database.transaction() as session:
        rechecks.keep_version(session, copy, change, title=title, now=NOW)
        revise(session, copy, judgement, rules=MEASURED, story_rules=stories.MEASURED, now=NOW)
        if change.substantial:
            rechecks.mark_updated(session, copy, now=NOW)
    after = told(database, reader, 2)
    assert after is not None
    assert (after.story is not None) is is_told
    assert [one.title for one in after.story.articles if one.updated] == [title] if after.story else not is_told
