"""Many digests planned together: the same as one by one, once each, whole or not at all, on both databases."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update
from structlog.testing import capture_logs

from models import Delivery, Digest, DigestStory, PassedOver, Subscriber, Subscription, ToldArticle
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, match, send, subscribe, tell
from worker import topics
from worker.analysis.recluster_stories import recluster_stories
from worker.delivery.plan_digests import plan_digests
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.setup.settings import load_settings
from worker.storage.db.database import Database
from worker.storage.db.packing import unpack
from worker.storage.db.session import Session
from worker.storage.digests import due_times
from worker.storage.digests.outbox import SentStory
from worker.storage.stories import reclusterings
from worker.storage.topics import topic_rows

HOUR = timedelta(hours=1)
OTHER = "us-immigration-policy"
NONE = "nothing-is-about-this"


@pytest.fixture
def deps(database: Database, tmp_path: Path) -> Iterator[Deps]:
    deps = Deps(load_settings(folder=tmp_path, database_url=database.url), now=lambda: NOW)
    yield deps
    deps.database.close()


def write_stories(deps: Deps, count: int) -> list[tuple[int, int]]:
    """So many stories over three days, of both topics and all bands; returns them with their articles."""
    bands = tuple(topics.Band)
    found = []
    with deps.transaction() as session:
        for number in range(count):
            at = NOW - number * 7 * HOUR
            text = f"Migrants crossed river number {number}."
            article_id = analyze(session, f"https://news.example/{number}", published=at, text=text)
            about = [TOPIC, OTHER][: 1 + number % 2] if number % 3 else [OTHER]
            matches = [topics.TopicMatch(name, 0.9, bands[number % 3], (), ("said",)) for name in about]
            topic_rows.save_matches(session, article_id, matches, now=at)
            found.append((tell(session, article_id, f"key{number}", published=at, now=at), article_id))
    return found


def subscribe_all_kinds(deps: Deps, told: list[tuple[int, int]]) -> list[int]:
    """Readers who differ in all that decides what they get, some of whom were told some of it before."""
    kinds = product([(TOPIC,), (OTHER, TOPIC), (NONE,)], ["strict", "wide"], [5, 24, 70], ["en", "es"])
    with deps.transaction() as session:
        readers = [
            subscribe(
                session, f"reader{number}@news.example", topics=about, band=band, language=language,
                since=NOW - hours * HOUR, send_empty=number % 5 == 0, story_limit=3 + number % 4,
                schedule="instant every 30 minutes" if number % 7 == 3 else "daily at 07:00",
            )
            for number, (about, band, hours, language) in enumerate(kinds)
        ]  # fmt: skip
        for number, reader in enumerate(readers[::3]):
            story_id, article_id = told[number % len(told)]
            send(session, reader, SentStory(story_id, 1, TOPIC, (article_id,)), end=NOW - DAY)
        session.execute(update(Subscriber).where(Subscriber.id == readers[1]).values(paused_until=NOW + DAY))
        session.execute(update(Subscription).where(Subscription.id == readers[2]).values(next_due_at=NOW + HOUR))
    return readers


def state(deps: Deps) -> dict[str, Any]:
    """All that planning leaves behind, without numbers that depend on the order."""
    due = (Subscription.id, Subscription.next_due_at, Subscription.window_start, Subscription.news_seen)
    told = (ToldArticle.subscription_id, ToldArticle.article_id, ToldArticle.revision)
    with deps.reading() as session:
        return {
            "due": session.execute(select(*due).order_by(Subscription.id)).all(),
            "told": session.execute(select(*told).order_by(*told)).all(),
            "stories": session.execute(
                select(
                    DigestStory.subscription_id, DigestStory.story_id, DigestStory.revision, DigestStory.topic,
                    DigestStory.article_ids,
                ).order_by(DigestStory.subscription_id, DigestStory.story_id)
            ).all(),
            "mails": sorted(unpack(message) for message in session.scalars(select(Delivery.message))),
            "pages": sorted(
                (subscription, end, unpack(html))
                for subscription, end, html in session.execute(
                    select(Digest.subscription_id, Digest.window_end, Digest.html)
                )
            ),
        }  # fmt: skip


def test_planned_together_all_get_what_they_would_get_alone(deps: Deps) -> None:
    readers = subscribe_all_kinds(deps, write_stories(deps, 11))
    before = state(deps)
    with deps.reading() as session:
        old = session.scalars(select(Digest.id)).all()
    for reader in readers:
        plan_digests(deps, reader)
    alone = state(deps)
    with deps.transaction() as session:
        session.execute(delete(DigestStory).where(DigestStory.digest_id.not_in(old)))
        session.execute(delete(Delivery).where(Delivery.digest_id.not_in(old)))
        session.execute(delete(Digest).where(Digest.id.not_in(old)))
        for reader, due, since, seen in before["due"]:
            values = {"next_due_at": due, "window_start": since, "news_seen": seen}
            session.execute(update(Subscription).where(Subscription.id == reader).values(values))
    assert state(deps) == before
    woken = plan_digests(deps, *readers)
    assert state(deps) == alone
    assert len({wakeup.row_id for wakeup in woken}) == len(alone["mails"]) - len(before["mails"])
    told = {frozenset(row.story_id for row in alone["stories"] if row.subscription_id == one) for one in readers}
    assert len(told) > 8, "they do differ"
    assert 10 < len(woken) < len(readers), "some have nothing to be told"


def test_of_beats_that_plan_at_once_each_digest_is_made_by_one(deps: Deps) -> None:
    readers = subscribe_all_kinds(deps, write_stories(deps, 5))
    due = [*readers[3:], *readers[:1]]
    with deps.reading() as session:
        known = session.scalars(select(Delivery.id)).all()
    with ThreadPoolExecutor(4) as pool:
        woken = [
            wakeup for some in pool.map(lambda ids: plan_digests(deps, *ids), [due, due[::-1]] * 2) for wakeup in some
        ]
    after = state(deps)
    with deps.reading() as session:
        made = set(session.scalars(select(Delivery.id).where(Delivery.id.not_in(known))))
        told = session.execute(select(Digest.subscription_id, Digest.window_end)).all()
    assert sorted(wakeup.row_id for wakeup in woken) == sorted(made), "each is handed on once"
    assert made
    assert len(told) == len(set(told))
    assert all(moved > NOW for one, moved, *_ in after["due"] if one in due)
    assert plan_digests(deps, *due) == ()
    assert state(deps) == after


def test_killed_on_the_way_what_is_saved_is_whole_and_the_others_are_still_due(deps: Deps, tmp_path: Path) -> None:
    with deps.transaction() as session:
        article_id = analyze(session, "https://news.example/a", published=NOW)
        match(session, article_id)
        tell(session, article_id, "ferry", published=NOW, now=NOW - HOUR)
        topic = {3: (NONE,)}  # the third is to be told nothing
        readers = [subscribe(session, f"r{n}@news.example", topics=topic.get(n, (TOPIC,))) for n in range(1, 6)]
    script = f"""
        import os, signal
        from datetime import datetime
        from pathlib import Path
        from worker.delivery import plan_digests
        from worker.setup.deps import Deps
        from worker.setup.settings import load_settings

        settings = load_settings(folder=Path({str(tmp_path)!r}), database_url={deps.database.url!r})
        deps = Deps(settings, now=lambda: datetime.fromisoformat({NOW.isoformat()!r}))
        save, saved = plan_digests.outbox.save_digest, []

        def save_and_die(session, *arguments, **values):
            saved.append(save(session, *arguments, **values))
            if len(saved) == 3:
                os.kill(os.getpid(), signal.SIGKILL)  # written, and not committed
            return saved[-1]

        plan_digests.outbox.save_digest = save_and_die
        plan_digests.plan_digests(deps, *{readers!r})
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, timeout=120)
    assert ended.returncode == -9
    with deps.reading() as session:
        assert set(session.scalars(select(Digest.subscription_id))) == set(readers[:2])
        assert len(session.scalars(select(Delivery.id)).all()) == 2
        assert set(due_times.due_subscriptions(session, now=NOW, limit=9)) == set(readers[2:])
    plan_digests(deps, *readers)
    with deps.reading() as session:
        told = session.scalars(select(Digest.subscription_id)).all()
        assert sorted(told) == [reader for reader in readers if reader != readers[2]], "each once"
        assert due_times.due_subscriptions(session, now=NOW, limit=9) == []


def test_one_that_cannot_be_made_keeps_no_other_waiting(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    write_stories(deps, 3)
    with deps.transaction() as session:
        readers = [subscribe(session, f"r{n}@news.example", topics=(OTHER,), band="wide") for n in range(4)]
        session.execute(update(Subscriber).where(Subscriber.id == readers[0]).values(zone="Mars/Olympus"))
        session.execute(update(Subscription).where(Subscription.id == readers[1]).values(story_limit=0))
    monkeypatch.setattr("worker.delivery.plan_digests.log", get_log("test"))
    with capture_logs() as events:
        woken = plan_digests(deps, *readers)
    assert len(woken) == 2
    assert [event["subscription"] for event in events if event["event"] == "digest not made"] == [readers[1]]
    with deps.reading() as session:
        assert set(session.scalars(select(Digest.subscription_id))) == set(readers[2:])
        assert set(due_times.due_subscriptions(session, now=NOW, limit=9)) == set(readers[:2]), "tried again"


@pytest.mark.parametrize("news", [False, True])
def test_those_with_nothing_to_be_told_cost_the_same_few_statements_however_many(deps: Deps, news: bool) -> None:
    stories = write_stories(deps, 4) if news else []
    with deps.transaction() as session:
        readers = [subscribe(session, f"r{n}@news.example", topics=(TOPIC,), band="wide") for n in range(44)]
        for reader in readers:  # there is something, and all of it was told
            send(
                session, reader, *(SentStory(story, 1, TOPIC, (article,)) for story, article in stories), end=NOW - DAY
            )
    recluster_stories(deps)
    statements: list[str] = []
    event.listen(deps.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    counts = []
    for some in (readers[:4], readers[4:]):
        statements.clear()
        assert plan_digests(deps, *some) == ()
        counts.append(len([one for one in statements if not one.startswith("BEGIN")]))
    assert counts == ([11, 11] if news else [6, 6]), statements
    with deps.reading() as session:
        assert due_times.due_subscriptions(session, now=NOW, limit=99) == []


def test_stories_that_have_changed_are_looked_at_again_before_they_are_told(deps: Deps) -> None:
    write_stories(deps, 3)
    with deps.transaction() as session:
        reader = subscribe(session, "r@news.example", topics=(TOPIC,), band="wide")
    with deps.reading() as session:
        assert reclusterings.next_unsettled(session) is not None
    assert [wakeup.step for wakeup in plan_digests(deps, reader)] == ["deliver"]
    with deps.reading() as session:
        assert reclusterings.next_unsettled(session) is None


def test_who_was_planned_by_another_meanwhile_has_nothing_written_of_what_was_passed_over(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_stories(deps, 1)
    with deps.transaction() as session:
        readers = [subscribe(session, f"r{n}@news.example", topics=(OTHER,), band="wide") for n in range(2)]
        session.execute(update(Subscription).values(muted_outlets=["Example"]))

    def overtaken(session: Session, moves: Sequence[due_times.DueMove]) -> set[int]:
        session.execute(update(Subscription).where(Subscription.id == readers[0]).values(plannings=99))
        return move_dues(session, moves)

    move_dues = due_times.move_dues
    monkeypatch.setattr(due_times, "move_dues", overtaken)
    assert plan_digests(deps, *readers) == ()
    with deps.reading() as session:
        assert set(session.scalars(select(PassedOver.subscription_id))) == {readers[1]}
        due = {one.id: one.next_due_at > NOW for one in session.scalars(select(Subscription))}
    assert due == {readers[0]: False, readers[1]: True}
