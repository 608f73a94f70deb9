"""Four workers place the same articles at once and look again: one story for an event, no article lost."""

from __future__ import annotations

import multiprocessing
from collections import Counter, defaultdict
from datetime import timedelta

from sqlalchemy import select

from models import Article, Story
from tests.conftest import NOW
from worker import pages, topics
from worker.judging import judge, place
from worker.regrouping import regroup_next
from worker.storage import articles
from worker.storage.database import Database, serialize_stories

LEASE = timedelta(minutes=5)
WORKERS = 4
# Each event is told by three outlets in other words: where, who, what.
EVENTS = [
    ("Alder", "Holm", "ferry", "ran aground in fog", "herring boats"),
    ("Corvin", "Brandt", "brewery", "burned to the ground", "copper kettles"),
    ("Elmsund", "Farholt", "orchestra", "lost its subsidy", "cello concertos"),
    ("Gribsk", "Moreau", "observatory", "found a comet", "mirror telescopes"),
    ("Irsund", "Jelvik", "cathedral", "opened its crypt", "medieval frescoes"),
]
TELLINGS = [
    "The {2} of {0} {3} on Tuesday, said its director {1}. Neighbours in {0} spoke of the {4} they remember.",
    "On Tuesday the {2} {3}, and {0} talks of nothing else. Its {4} are known everywhere, the director {1} said.",
    "Director {1} wants to know why the {2} {3}. There will be a meeting in {0} on Friday about the {4}.",
]


def texts() -> dict[str, tuple[str, str]]:
    """By address: the event, and what is told of it."""
    return {
        f"https://outlet{number}.example/{where}": (where, telling.format(where, *rest))
        for where, *rest in EVENTS
        for number, telling in enumerate(TELLINGS)
    }


def work(url: str, start: int, failures: multiprocessing.Queue[str]) -> None:
    """Place every article that is still to be had, beginning elsewhere than the others; then look again."""
    database = Database(url)
    try:
        with database.reading() as session:
            known = dict(session.execute(select(Article.id, Article.url)).all())
        ids = sorted(known)
        for article_id in ids[start:] + ids[:start]:
            with database.transaction() as session:
                if not articles.claim_article(session, article_id, state="fetched", now=NOW, lease=LEASE):
                    continue
            _, text = texts()[known[article_id]]
            read = pages.ExtractedArticle(pages.PageKind.ARTICLE, "", text, language="en")
            judged = judge(read, published=NOW, outlet="Example", topic_set=topics.TopicSet(()))
            with database.transaction() as session:
                serialize_stories(session)
                place(session, article_id, judged, now=NOW)
        while regroup_next(database, now=NOW).waiting:
            pass
    except Exception as error:
        failures.put(repr(error))
        raise
    finally:
        database.close()


def test_four_workers_lose_nothing_and_open_no_story_twice(database: Database) -> None:
    new = [
        articles.NewArticle(key=url, url=url, entry_id=url, title="", body="", published=NOW, has_page=False)
        for url in texts()
    ]
    with database.transaction() as session:
        articles.discover(session, None, "Example", new, now=NOW)
    database.close()
    context = multiprocessing.get_context("spawn")
    failures: multiprocessing.Queue[str] = context.Queue()
    workers = [context.Process(target=work, args=(database.url, 4 * n, failures)) for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS, failures.get(timeout=1)
    with database.reading() as session:
        placed = session.execute(select(Article.url, Article.story_id, Article.state)).all()
        sizes = {story.id: story.size for story in session.scalars(select(Story).where(Story.merged_into.is_(None)))}
    assert {state for _, _, state in placed} == {"analyzed"}
    events = defaultdict(set)
    for url, story_id, _ in placed:
        events[texts()[url][0]].add(story_id)
    assert all(len(stories) == 1 for stories in events.values()), events
    assert len({story for stories in events.values() for story in stories}) == len(EVENTS)
    assert sizes == Counter(story_id for _, story_id, _ in placed)
