"""What was decided of articles' places, written and read again, on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Article, Story, StoryEvent, StoryKey
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, UNIQUE, analyze, features, look_at, match, send, subscribe, tell
from worker import duplicates, pages, stories
from worker.analysis.copy_candidates import Comparison, CopyCandidates
from worker.analysis.judgement import Judgement
from worker.analysis.placing import decide_placement
from worker.analysis.updating import revise
from worker.digests import select_story
from worker.duplicates import MEASURED, DuplicateDecision, DuplicateKind, Follower, Relation
from worker.storage.articles import copies
from worker.storage.db.database import Database
from worker.storage.digests.outbox import SentStory
from worker.storage.stories.membership import read_members
from worker.storage.stories.placement_snapshots import read_placement
from worker.storage.stories.placement_writes import apply_placement
from worker.storage.topics import topic_rows
from worker.topics import Band

LATER = NOW + DAY
NEAR = DuplicateDecision(DuplicateKind.NEAR, 1, 0.8, "shared words")


def judgement(*terms: str, published: datetime = NOW, language: str = "en", text: str = "Text.") -> Judgement:
    article = pages.ExtractedArticle(pages.PageKind.ARTICLE, "Title", text, language=language)
    said = stories.StoryFeatures(dict.fromkeys(terms, 0.5), terms, language, published)
    return Judgement(article, published, None, duplicates.fingerprint(text), said, ())


def place(session: Session, article_id: int, judged: Judgement, relation: Relation) -> int | None:
    """Place an article that is so related to the stored ones."""
    subject = duplicates.Candidate(article_id, judged.fingerprint, judged.published, NOW)
    parent = relation.decision.duplicate_of
    compared = Comparison(CopyCandidates(subject, (), (), {}), relation, {parent or 0: judged.fingerprint})
    snapshot = read_placement(session, relation, judged.features, window=3 * DAY)
    return apply_placement(session, decide_placement(judged, compared, snapshot, now=LATER), now=LATER)


def keys_of_story(story_id: int) -> Select[str]:
    return select(StoryKey.key).join(Article, Article.id == StoryKey.article_id).where(Article.story_id == story_id)


def stored(session: Session, story_id: int) -> tuple[Story, set[str]]:
    session.expire_all()
    keys = session.scalars(keys_of_story(story_id))
    return session.get_one(Story, story_id), set(keys)


def assert_counted(session: Session) -> None:
    """Every story is what its members come to."""
    for story in session.scalars(select(Story)):
        members = [one.features for one in read_members(session, [story.id])]
        keys = set(session.scalars(keys_of_story(story.id)))
        if not members:
            assert (story.size, story.merged_into is None, keys) == (0, False, set())
            continue
        sums = stories.sum_up(members)
        assert (story.size, story.first_published_at) == (sums.size, sums.first_published)
        assert story.last_published_at == sums.last_published
        assert keys == {key for member in members for key in member.keys}


def test_a_branch_comes_over_with_its_copies(database: Database) -> None:
    with database.transaction() as session:
        ids = {
            name: analyze(session, f"https://{name}.example/") for name in ("first", "branch", "twig", "other", "new")
        }
        first = tell(session, ids["first"], "ferry")
        for name, parent in (("branch", "first"), ("twig", "branch"), ("other", "first")):
            copies.update_articles(
                session, [ids[name]], duplicate_of=ids["first"], copied_from=ids[parent], story_id=first
            )
        match(session, ids["first"])
        new = place(session, ids["new"], judgement("strike"), Relation(UNIQUE, (Follower(ids["branch"], NEAR),)))
        session.expire_all()
        rows = {name: session.get_one(Article, one) for name, one in ids.items()}
        assert (rows["branch"].copied_from, rows["branch"].duplicate_of) == (ids["new"], ids["new"])
        assert (rows["twig"].copied_from, rows["twig"].duplicate_of) == (ids["branch"], ids["new"])
        assert (rows["other"].duplicate_of, rows["other"].story_id) == (ids["first"], first)
        assert (rows["branch"].similarity, rows["branch"].shared_passage) == (0.8, "shared words")
        assert {rows[name].story_id for name in ("branch", "twig", "new")} == {new} != {first}
        assert_counted(session)


def test_a_leader_hands_over_its_place_and_another_leaves_it(database: Database) -> None:
    with database.transaction() as session:
        one, two, new = (analyze(session, f"https://{n}.example/") for n in range(3))
        stay = analyze(session, "https://stay.example/", published=NOW - DAY)
        first, second = tell(session, one, "ferry"), tell(session, two, "strike", published=NOW + DAY)
        tell(session, stay, "strike", "port", story_id=second, published=NOW - DAY)
        relation = Relation(UNIQUE, (Follower(one, NEAR), Follower(two, NEAR)))
        assert place(session, new, judgement("ferry", "gale", language="es"), relation) == first
        over, keys = stored(session, first)
        assert (over.revision, over.size, keys) == (1, 1, {"ferry", "gale"})
        assert (over.developed_at, over.unsettled_at) == (NOW, LATER), "nothing new is told by it"
        left, keys = stored(session, second)
        assert (left.size, keys) == (1, {"strike", "port"})
        assert (left.first_published_at, left.last_published_at) == (NOW - DAY, NOW - DAY)
        assert left.unsettled_at == LATER, "what is left may belong elsewhere"
        rows = [session.get_one(Article, each) for each in (one, two, new)]
        assert [row.duplicate_of for row in rows] == [new, new, None]
        assert [row.story_id for row in rows] == [first] * 3
        assert [row.story_revision for row in rows] == [None, None, 1]
        events = session.execute(select(StoryEvent.kind, StoryEvent.story_id, StoryEvent.article_id, StoryEvent.detail))
        assert ("left", second, two, "it is a copy") in {tuple(event) for event in events}
        assert_counted(session)


def test_a_story_without_reports_goes_on_as_that_of_the_original(database: Database) -> None:
    """And so do the stories that went on as it: nobody is sent to a story that is no more."""
    with database.transaction() as session:
        ids = [analyze(session, f"https://{n}.example/") for n in range(4)]
        original, last, earlier = tell(session, ids[0], "ferry"), tell(session, ids[1], "gale"), tell(session, ids[2])
        session.get_one(Story, earlier).merged_into = last
        copies.update_articles(session, [ids[2]], duplicate_of=ids[0], vector=None, story_revision=None)
        session.flush()
        copy = DuplicateDecision(DuplicateKind.NEAR, ids[0], 0.9, "words")
        match(session, ids[0])
        assert place(session, ids[3], judgement("gale"), Relation(copy, (Follower(ids[1], NEAR),))) == original
        gone, keys = stored(session, last)
        assert (gone.size, gone.merged_into, gone.unsettled_at, keys) == (0, original, None, set())
        assert session.get_one(Story, earlier).merged_into == original
        assert stored(session, original)[0].revision == 1, "a copy develops nothing"
        found = [topic_rows.matches_of(session, each) for each in (ids[0], ids[3], ids[1])]
        assert found[0]
        assert found == [found[0]] * 3


@pytest.mark.parametrize("is_told", [False, True])
def test_a_report_read_better_stays_or_leaves_by_what_it_says(database: Database, is_told: bool) -> None:
    """It leaves where nothing ties it to the others, unless it was told with them. Either way the sums are true."""
    with database.transaction() as session:
        stay, goes = analyze(session, "https://a.example/"), analyze(session, "https://b.example/")
        copy = analyze(session, "https://copy.example/")
        story_id = tell(session, stay, "ferry", "gale", published=NOW)
        tell(session, goes, "ferry", "footer", story_id=story_id, published=NOW + DAY)
        copies.update_articles(session, [goes], published_at=NOW + DAY)
        copies.update_articles(session, [copy], duplicate_of=goes, copied_from=goes, story_id=story_id)
        if is_told:
            send(session, subscribe(session), SentStory(story_id, 2, "topic", (stay, goes)))
        judged = judgement("tram", published=NOW + DAY, language="es")
        revise(session, goes, judged, rules=MEASURED, story_rules=stories.MEASURED, now=LATER)
        story, keys = stored(session, story_id)
        rows = [session.get_one(Article, each) for each in (stay, goes, copy)]
        assert (rows[0].story_id, rows[1].story_id == story_id) == (story_id, is_told)
        assert rows[1].story_id == rows[2].story_id
        assert story.size == (2 if is_told else 1)
        assert keys == {"ferry", "gale", "tram"} if is_told else {"ferry", "gale"}
        assert (story.last_published_at, story.unsettled_at) == (NOW + DAY if is_told else NOW, LATER)
        assert (story.revision, rows[1].story_revision) == (2, 2 if is_told else 1), "nothing is told again"
        assert_counted(session)


def test_a_story_that_a_report_has_left_is_told_nobody_again(database: Database) -> None:
    """Its revision stays where the report had brought it, but no report of it is new."""
    with database.transaction() as session:
        reader = subscribe(session)
        stay, goes = (analyze(session, f"https://{n}.example/", text=f"Migrants and {n} crossed.") for n in "ab")
        match(session, stay)
        story_id = tell(session, stay, "ferry", "gale")
        send(session, reader, SentStory(story_id, 1, TOPIC, (stay,)))
        match(session, goes)
        tell(session, goes, "ferry", "footer", story_id=story_id)
        assert news(session, reader, story_id) == 1
        revise(session, goes, judgement("tram"), rules=MEASURED, story_rules=stories.MEASURED, now=LATER)
        assert news(session, reader, story_id) == 0


def news(session: Session, reader: int, story_id: int) -> int:
    """How many reports of that story a digest would tell them as new."""
    found = look_at(session, reader)
    chosen = [select_story(one, {TOPIC: Band.BALANCED.included}, "en") for one in found if one.story_id == story_id]
    return sum(one.news for one in chosen if one)


def test_a_copy_read_better_may_be_none_and_its_copies_come_along(database: Database) -> None:
    with database.transaction() as session:
        original, freed, twig = (analyze(session, f"https://{n}.example/", text=f"Text {n}.") for n in range(3))
        story_id = tell(session, original, "ferry")
        for one, parent in ((freed, original), (twig, freed)):
            copies.update_articles(session, [one], duplicate_of=original, copied_from=parent, story_id=story_id)
        said = judgement("tram", text="The tram was late.")
        revise(session, freed, said, rules=MEASURED, story_rules=stories.MEASURED, now=LATER)
        session.expire_all()
        rows = [session.get_one(Article, each) for each in (original, freed, twig)]
        assert [(row.duplicate_of, row.copied_from) for row in rows] == [(None, None), (None, None), (freed, freed)]
        assert rows[0].story_id != rows[1].story_id == rows[2].story_id
        assert (rows[1].duplicate_kind, rows[1].similarity, rows[1].story_revision) == ("unique", None, 1)
        assert_counted(session)


def test_a_vector_is_read_as_it_was_written(database: Database) -> None:
    with database.transaction() as session:
        article_id = analyze(session, "https://a.example/")
        story_id = tell(session, article_id, "ferry", "gale")
        (member,) = read_members(session, [story_id])
        assert (member.article_id, member.story_id, member.features) == (
            article_id,
            story_id,
            features("ferry", "gale"),
        )
        assert read_members(session, []) == []
