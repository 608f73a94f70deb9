"""Stories found by rare terms, and the index of copies, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Article, Story, StoryEvent, StoryKey, TextSample
from tests.conftest import NOW
from tests.integration.stored import DAY, analyze, features, match, tell
from worker import duplicates
from worker.duplicates import DuplicateDecision, DuplicateKind, Fingerprint
from worker.storage import copies, fingerprints, stories
from worker.storage import topics as topic_rows
from worker.storage.database import Database

WINDOW = timedelta(days=3)


def test_a_story_is_opened_joined_and_found_by_its_terms(database: Database) -> None:
    with database.transaction() as session:
        first, second = analyze(session, "https://a.example/"), analyze(session, "https://b.example/")
        story_id = tell(session, first, "ferry", "strike")
        assert tell(session, second, "ferry", "harbour", story_id=story_id, published=NOW + DAY) == story_id
        session.flush()
        (found,) = stories.find_stories(session, features("harbour"), window=WINDOW)
        assert (found.story_id, found.size, found.languages) == (story_id, 2, ("en",))
        assert dict(found.total) == {"ferry": 1.0, "strike": 0.5, "harbour": 0.5}
        assert (found.first_published, found.last_published) == (NOW, NOW + DAY)
        assert stories.find_stories(session, features("tram"), window=WINDOW) == []
        assert stories.find_stories(session, features(), window=WINDOW) == []
        row = session.get_one(Article, second, populate_existing=True)
        assert (row.story_id, row.story_revision, row.story_score) == (story_id, 2, 0.4)
        assert row.story_evidence == [["ferry", 0.3]]
        events = session.scalars(select(StoryEvent).order_by(StoryEvent.id))
        assert [event.kind for event in events] == ["opened", "joined"]


def test_a_story_is_near_in_time_and_not_merged_away(database: Database) -> None:
    with database.transaction() as session:
        old = tell(session, analyze(session, "https://a.example/"), "ferry", published=NOW - WINDOW - DAY)
        to_come = tell(session, analyze(session, "https://b.example/"), "ferry", published=NOW + WINDOW + DAY)
        merged = tell(session, analyze(session, "https://c.example/"), "ferry")
        near = tell(session, analyze(session, "https://d.example/"), "ferry", published=NOW - WINDOW)
        session.get_one(Story, merged).merged_into = near
        session.flush()
        found = [story.story_id for story in stories.find_stories(session, features("ferry"), window=WINDOW)]
        assert found == [near]
        wide = [story.story_id for story in stories.find_stories(session, features("ferry"), window=2 * WINDOW)]
        assert wide == [old, to_come, near]


def test_stories_that_are_over_leave_the_index_but_stay(database: Database) -> None:
    with database.transaction() as session:
        over = tell(session, analyze(session, "https://a.example/"), "ferry", "strike", published=NOW - 9 * DAY)
        tell(session, analyze(session, "https://b.example/"), "ferry")
        assert stories.prune_keys(session, before=NOW - DAY) == 2
        assert len(stories.find_stories(session, features("ferry"), window=99 * DAY)) == 1
        assert session.get(Story, over) is not None
        assert len(session.scalars(select(StoryKey.story_id)).all()) == 1


def test_a_copy_follows_its_original(database: Database) -> None:
    with database.transaction() as session:
        original, copy = analyze(session, "https://a.example/"), analyze(session, "https://b.example/")
        assert stories.follow_original(session, copy, original) is None
        story_id = tell(session, original, "ferry")
        assert stories.follow_original(session, copy, original) == story_id
        assert session.get_one(Story, story_id).revision == 1


def fingerprint(*samples: int, text_hash: str = "") -> Fingerprint:
    return Fingerprint(text_hash or f"{samples}"[:40], 100, samples)


def test_texts_that_share_samples_are_candidates(database: Database) -> None:
    with database.transaction() as session:
        known = [analyze(session, f"https://{n}.example/", text=f"Text {n}.") for n in range(3)]
        fingerprints.save_samples(session, known[0], fingerprint(1, 2, 3, -(2**63)))
        fingerprints.save_samples(session, known[1], fingerprint(3, 4, 2**63 - 1))
        fingerprints.save_samples(session, known[2], fingerprint(1, 2, 9))
        fingerprints.save_samples(session, known[2], fingerprint(1, 2, 9))
        found = fingerprints.find_candidates(session, known[2], fingerprint(1, 2, 3, 4, -(2**63)))
        assert {text.original_id for text in found} == {known[0], known[1]}, "not oneself"
        assert {text.text for text in found} == {"Text 0.", "Text 1."}
        assert fingerprints.find_candidates(session, known[0], fingerprint(3)) == [], "one sample is not enough"
        assert fingerprints.find_candidates(session, known[0], fingerprint()) == []


def test_the_same_text_is_a_candidate_and_leads_to_its_original(database: Database) -> None:
    text = "The same words."
    same = fingerprint(text_hash=duplicates.fingerprint(text).text_hash)
    with database.transaction() as session:
        original = analyze(session, "https://a.example/", text=text + " And more.")
        copied = DuplicateDecision(DuplicateKind.NEAR, original, 0.9, "words")
        copy = analyze(session, "https://b.example/", text=text, duplicate=copied)
        (found,) = fingerprints.find_candidates(session, original, same)
        assert (found.original_id, found.text, found.seen) == (original, text, NOW)
        assert fingerprints.find_candidates(session, copy, same) == []


def test_a_set_phrase_is_no_sign_of_a_copy(database: Database) -> None:
    crowded, rare = fingerprint(10, 11), fingerprint(10, 11, 20, 21)
    with database.transaction() as session:
        ids = [analyze(session, f"https://{n}.example/", text=f"{n}") for n in range(60)]
        for article_id in ids[:-1]:
            fingerprints.save_samples(session, article_id, crowded)
        fingerprints.save_samples(session, ids[-1], rare)
        stored = session.scalars(select(TextSample.article_id).where(TextSample.sample == 10)).all()
        assert len(stored) == 51, "once it is crowded, it is no longer indexed"
        assert fingerprints.find_candidates(session, ids[-1], crowded) == []
        (found,) = fingerprints.find_candidates(session, ids[0], rare)
        assert found.original_id == ids[-1]


@pytest.mark.parametrize("published", [NOW - DAY, NOW, NOW + DAY])
def test_the_earlier_article_takes_over_its_group(database: Database, published: object) -> None:
    near = DuplicateDecision(DuplicateKind.NEAR, 1, 0.8, "shared words")
    with database.transaction() as session:
        former = analyze(session, "https://a.example/")
        story_id = tell(session, former, "ferry")
        match(session, former)
        copy = analyze(session, "https://b.example/", duplicate=near)
        stories.follow_original(session, copy, former)
        new = analyze(session, "https://c.example/", published=published, duplicate=near)  # type: ignore[arg-type]
        assert (copies.seniority(session, new) < copies.seniority(session, former)) is (published == NOW - DAY)
        assert copies.seniority(session, new, published=NOW - 9 * DAY) < copies.seniority(session, former)
        group, told = copies.take_over(session, new, former, near)
        assert (sorted(group), told) == ([former, copy], story_id)
        session.expire_all()
        rows = [session.get_one(Article, one) for one in (former, copy, new)]
        assert [row.duplicate_of for row in rows] == [new, new, None]
        assert [row.story_id for row in rows] == [story_id] * 3
        assert [row.story_revision for row in rows] == [None, None, 1]
        assert rows[2].duplicate_kind == "unique"
        assert topic_rows.matches_of(session, former)
