"""Where articles end up among the others, on both databases, whatever order they are read in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from models import Article, Feed, Story
from tests.conftest import NOW
from worker import pages, topics
from worker.analysis.copy_candidates import compare, find_candidates
from worker.analysis.judgement import Judgement, judge
from worker.analysis.placing import place
from worker.analysis.recluster_stories import recluster_next
from worker.duplicates import MEASURED
from worker.storage.articles import article_rows, discoveries
from worker.storage.articles.discoveries import NewArticle
from worker.storage.db import migrations
from worker.storage.db.database import Database, serialize_stories
from worker.storage.db.hashes import string_hash
from worker.storage.reports.placements import Placement
from worker.storage.topics import topic_rows

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
    article_id, judgement = discover_and_judge(database, name, text, published=published, title=title)
    with database.transaction() as session:
        return article_id, place(session, article_id, judgement, now=NOW)


def discover_and_judge(
    database: Database, name: str, text: str, *, published: datetime, title: str = "Fewer migrants at San Ysidro"
) -> tuple[int, Judgement]:
    url = f"https://{name}.example/story"
    with database.transaction() as session:
        new = NewArticle(key=url, url=url, entry_id=url, title=title, body="", published=published)
        (found,) = discoveries.discover(session, None, name, [new], now=NOW)
    clean = pages.strip_boilerplate(text, title=title)
    article = pages.ExtractedArticle(pages.PageKind.ARTICLE, title, clean.text, language="en")
    return found.id, judge(article, published=published, outlet=name, topic_set=TOPICS)


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


def test_a_page_that_is_read_takes_the_place_of_a_feeds_excerpt_that_appeared_before_it(database: Database) -> None:
    excerpt_id, judged = discover_and_judge(database, "walled", " ".join(TEXT.split()[4:32]), published=NOW)
    with database.transaction() as session:
        article_rows.mark_feed_only(session, excerpt_id)
        first = place(session, excerpt_id, judged, now=NOW)
    whole_id, second = read(database, "open", TEXT, published=NOW + timedelta(hours=5))
    assert originals(database) == {"walled": "open", "open": None}
    assert first.story_id == second.story_id
    with database.reading() as session:
        assert session.get_one(Story, first.story_id).size == 1
        assert [match.topic for match in topic_rows.matches_of(session, excerpt_id)] == [
            match.topic for match in topic_rows.matches_of(session, whole_id)
        ]


def test_an_original_read_late_is_in_its_story_by_its_own_words(database: Database) -> None:
    read(database, "late", TEXT + " The weather was fine in Zacatecas.", published=NOW)
    original_id, judged = discover_and_judge(database, "early", TEXT, published=NOW - timedelta(hours=5))
    with database.transaction() as session:
        place(session, original_id, judged, now=NOW)
    with database.reading() as session:
        original = session.get_one(Article, original_id, options=[undefer(Article.vector)])
        story = session.get_one(Story, original.story_id)
        assert original.vector == judged.features.vector
        assert (story.first_published_at, story.unsettled_at) == (NOW - timedelta(hours=5), NOW)
        assert (story.revision, story.size) == (1, 1)


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
        again = place(session, article_id, judgement, now=NOW)
    assert again.duplicate.duplicate_of is None


def test_two_addresses_of_one_page_are_one_article(database: Database) -> None:
    """The pages say so themselves; what each of them says differs by more than a copy may."""
    said = [TEXT, " ".join(PARAGRAPHS[:1]) + " " + " ".join(f"word{number}" for number in range(60))]
    placed = []
    for number, text in enumerate(said):
        article_id, judgement = discover_and_judge(database, f"n{number}", text, published=NOW)
        own = replace(judgement.article, canonical_url="https://paper.example/story")
        with database.transaction() as session:
            found = place(session, article_id, replace(judgement, article=own), now=NOW)
        placed.append((article_id, found.duplicate))
    (first, _), (_, copy) = placed
    assert (copy.kind, copy.duplicate_of) == ("exact", first)


def test_nothing_is_a_copy_of_nothing(database: Database) -> None:
    for name in ("one", "two", "three"):
        _, placed = read(database, name, "", published=NOW, title=f"Title {name}")
        assert placed.duplicate.kind == "unique"


PARAGRAPHS = TEXT.split("\n\n")
OTHER = (
    "OTTAWA — The museum of clocks in the capital reopened on Friday after four years of repairs, with a tower clock "
    "from a demolished church in its hall and a night clock that throws the hour on the ceiling.\n\n"
    "Volunteers need most of a morning to wind them all. Entrance is free on the days when they do, the curator, "
    "Edith Castell, said, and school classes may build a pendulum of their own in the workshop on the second floor."
)
FAMILY = {
    "original": (TEXT, 0),
    "reprint": (TEXT.upper(), 1),
    "longer": (TEXT + " It had rained in the night, and the river stood high.", 2),
    "digest": (TEXT + "\n\n" + OTHER, 3),
    "cut": ("\n\n".join(PARAGRAPHS[:2]), 4),
    "museum": (OTHER, 1),
    "museum copy": (OTHER + " The ticket costs four dollars.", 5),
}


def title_of(name: str) -> str:
    return "Clock museum reopens in Ottawa" if "museum" in name else "Fewer migrants at San Ysidro"


def assert_settled(database: Database) -> None:
    """Each group of copies has one original, the earliest, and counts once in one story."""
    with database.reading() as session:
        rows = {row.outlet: row for row in session.scalars(select(Article))}
        leader = {name: rows[name].duplicate_of for name in FAMILY}
        migrants, museum = rows["original"].id, rows["museum"].id
        assert {name: one for name, one in leader.items() if one is not None} == {
            "reprint": migrants, "longer": migrants, "digest": migrants, "cut": migrants, "museum copy": museum,
        }  # fmt: skip
        originals = {row.id: row for row in rows.values() if row.duplicate_of is None}
        for row in rows.values():
            assert row.story_id == originals[row.duplicate_of or row.id].story_id
            assert (row.story_revision is None) == (row.duplicate_of is not None)
        for story in session.scalars(select(Story)):
            assert story.size == sum(row.story_id == story.id for row in originals.values())
            assert (story.size == 0) == (story.merged_into is not None)


@pytest.mark.parametrize("seed", range(6))
def test_groups_are_the_same_in_every_order(sqlite: Database, seed: int) -> None:
    names = list(FAMILY)
    Random(seed).shuffle(names)
    if seed == 0:
        names = ["digest", "museum copy", "longer", "cut", "reprint", "museum", "original"]
    for name in names:
        text, hour = FAMILY[name]
        read(sqlite, name, text, published=NOW + timedelta(hours=hour), title=title_of(name))
    assert_settled(sqlite)


def test_four_workers_at_once_lose_and_double_nothing(postgres_url: str) -> None:
    database = Database(postgres_url)
    migrations.upgrade(database)
    ids: dict[str, tuple[int, Judgement]] = {}
    for name, (text, hour) in FAMILY.items():
        when = NOW + timedelta(hours=hour)
        ids[name] = discover_and_judge(database, name, text, published=when, title=title_of(name))

    def work(name: str) -> None:
        article_id, judgement = ids[name]
        with database.reading() as session:
            around = find_candidates(session, article_id, judgement, rules=MEASURED)
        before = compare(around, rules=MEASURED)
        with database.transaction() as session:
            serialize_stories(session)
            place(session, article_id, judgement, now=NOW, before=before)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, reversed(FAMILY)))
    assert_settled(database)
    database.close()


def test_under_the_lock_only_what_is_new_is_compared(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    read(sqlite, "one", TEXT, published=NOW)
    article_id, judgement = discover_and_judge(sqlite, "two", TEXT.upper(), published=NOW + timedelta(hours=2))
    with sqlite.reading() as session:
        around = find_candidates(session, article_id, judgement, rules=MEASURED)
    before = compare(around, rules=MEASURED)
    assert len(around.texts) == 1
    with sqlite.reading() as session:
        again = find_candidates(session, article_id, judgement, rules=MEASURED, before=before)
    assert again.texts == {}
    assert compare(again, rules=MEASURED, before=before) is before
    read(sqlite, "three", TEXT + " It was raining.", published=NOW + timedelta(hours=1))
    with sqlite.reading() as session:
        newer = find_candidates(session, article_id, judgement, rules=MEASURED, before=before)
    assert len(newer.texts) <= 1, "the one that came since"
    with sqlite.transaction() as session:
        placed = place(session, article_id, judgement, now=NOW, before=before)
    assert placed.duplicate.kind == "exact"


@pytest.mark.parametrize("named", ["", "As I say"])
def test_what_reading_found_out_is_compared_before_the_lock(database: Database, named: str) -> None:
    """An article that turns out to be an excerpt, or another outlet's, is not compared again when that is written."""
    read(database, "one", TEXT, published=NOW)
    article_id, judged = discover_and_judge(database, "two", TEXT, published=NOW)
    with database.transaction() as session:
        url = "https://two.example/feed"
        feed = Feed(url=url, url_hash=string_hash(url), outlet=named, added_at=NOW, next_poll_at=NOW)
        session.add(feed)
        session.flush()
        session.get_one(Article, article_id).feed_id = feed.id
    with database.reading() as session:
        seen = discoveries.discovery_as_read(session, article_id, outlet="The Two", feed_only=True)
        around = find_candidates(session, article_id, judged, rules=MEASURED, found_as=seen)
        before = compare(around, rules=MEASURED)
    assert before.relation.decision.duplicate_of is not None
    with database.transaction() as session:
        article_rows.mark_feed_only(session, article_id)
        discoveries.name_outlet(session, article_id, "The Two")
        again = find_candidates(session, article_id, judged, rules=MEASURED, before=before)
        assert compare(again, rules=MEASURED, before=before) is before
    assert seen.outlet == ("two" if named else "The Two")


@pytest.mark.parametrize("is_first", [True, False])
def test_a_page_made_to_glue_all_stories_together_gathers_none(sqlite: Database, is_first: bool) -> None:
    """It is dated before them, holds them all, and begins with one that it may be taken for the original of."""
    rng = Random(7)
    words = ["".join(rng.choices("abdefgilmnoprstu", k=8)) for _ in range(900)]
    texts = {f"n{number}": " ".join(words[90 * number : 90 * number + 90]).capitalize() + "." for number in range(10)}
    glue = ("glue", "\n\n".join(texts.values()), NOW - timedelta(days=1))
    arriving = [(name, text, NOW) for name, text in texts.items()]
    for name, text, published in [glue, *arriving] if is_first else [*arriving, glue]:
        read(sqlite, name, text, published=published, title=" ".join(text.split()[:6]))
    while recluster_next(sqlite, now=NOW + timedelta(minutes=5)).waiting:
        pass
    assert {name for name, original in originals(sqlite).items() if original} <= {"n0"}
    with sqlite.reading() as session:
        placed = session.execute(select(Article.outlet, Article.story_id).where(Article.outlet != "glue")).all()
    assert len({story for _, story in placed}) == len(texts), "each is still a story of its own"
