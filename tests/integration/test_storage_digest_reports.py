"""Which stories a subscriber has not been told yet, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Story
from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, follow, look_at, match, send, subscribe, tell
from worker import duplicates
from worker.delivery.choosing import decide
from worker.storage.db.database import Database
from worker.storage.digests import subscribers
from worker.storage.digests.outbox import SentStory
from worker.storage.digests.pending import SubscriptionWindow, latest_stories, pending_for_each
from worker.storage.stories.news_numbers import latest_news_number
from worker.topics import MatchedSpan

MINUTE = timedelta(minutes=1)


def told(session: Session, url: str, *, now: datetime = NOW, published: datetime = NOW, mailable: bool = True) -> int:
    """Store a story of one article about the topic."""
    article_id = analyze(session, url, published=published, mailable=mailable)
    match(session, article_id)
    return tell(session, article_id, url, published=published, now=now)


def test_what_has_changed_since_is_known_by_its_number_whatever_clocks_said(database: Database) -> None:
    moments = [NOW + 40 * DAY, NOW - 9 * DAY, NOW, NOW + MINUTE]
    with database.transaction() as session:
        reader = subscribe(session)
        ids, numbers = [], []
        for n, moment in enumerate(moments):
            ids.append(told(session, f"https://n.example/{n}", now=moment))
            numbers.append(latest_news_number(session))
        assert numbers == [1, 2, 3, 4]
        for seen in range(5):
            found = {story.story_id for story in look_at(session, reader, after=seen)}
            assert found == set(ids[seen:]), "those that came later, and none of the others"
        assert [story.story_id for story in look_at(session, reader)] == [ids[0], ids[3], ids[2], ids[1]]
        assert look_at(session, reader, "another-topic") == ()


def test_what_is_not_mailable_or_does_not_match_stays_out(database: Database) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
        told(session, "https://n.example/first-sight", mailable=False)
        tell(session, analyze(session, "https://n.example/off-topic"), "trams")
        assert look_at(session, reader) == ()


def test_only_a_story_with_something_too_old_asks_where_the_period_begins(database: Database) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
        told(session, "https://n.example/fresh")
        told(session, "https://n.example/old", published=NOW - 3 * DAY)
        came = latest_news_number(session)
        session.execute(update(Story).values(news_number=Story.news_number + 5))  # they are to be looked at again
        bounds = {
            after: [(one.since, one.seen) for one in look_at(session, reader, after=after, since=NOW - DAY / 2)]
            for after in (came - 1, came, came + 1)
        }
        assert bounds[came - 1] == [(None, 0)] * 2, "they have looked at nothing that is old"
        assert bounds[came] == bounds[came + 1] == [(None, 0), (NOW - DAY / 2, came)]


def test_the_latest_stories_have_room_and_the_articles_of_the_others_are_named(database: Database) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
        ids = [told(session, f"https://n.example/{n}", now=NOW + n * MINUTE) for n in range(5)]
        windows = [SubscriptionWindow(reader, (TOPIC,), after) for after in (0, 3)]
        crowded, roomy = pending_for_each(session, windows, limit=2)
        assert [story.story_id for story in crowded.stories] == [ids[4], ids[3]] == [s.story_id for s in roomy.stories]
        assert (sorted(crowded.crowded), roomy.crowded) == ([1, 2, 3], ())


def test_what_a_reader_had_is_known_by_article_and_revision(database: Database) -> None:
    with database.transaction() as session:
        reader, other = subscribe(session), subscribe(session, "other@news.example")
        story_id = told(session, "https://n.example/a")
        send(session, reader, SentStory(story_id, 1, TOPIC, (1,)))
        assert [story.had for story in look_at(session, reader)] == [{1: 1}]
        assert [story.had for story in look_at(session, other)] == [{}]

        copy = analyze(
            session, "https://copy.example/a",
            duplicate=duplicates.DuplicateDecision(duplicates.DuplicateKind.NEAR, 1, 0.9, "the same words"),
        )  # fmt: skip
        number = latest_news_number(session)
        follow(session, copy, 1)
        assert look_at(session, reader, after=number) == (), "a copy is no news"

        second = analyze(session, "https://b.example/a")
        match(session, second)
        assert tell(session, second, "https://n.example/a", story_id=story_id) == story_id
        (story,) = look_at(session, reader, after=number)
        assert (story.story_id, story.revision, story.had) == (story_id, 2, {1: 1})
        by_id = {report.article_id: report for report in story.reports}
        assert [by_id[number].joined for number in (1, copy, second)] == [1, 0, 2]
        assert (by_id[copy].copy_of, by_id[copy].excerpt, by_id[copy].text) == (1, "", "")

        send(session, reader, SentStory(story_id, 2, TOPIC, (1, second), revisions={1: 3}), end=NOW + DAY)
        assert [story.had for story in look_at(session, reader)] == [{1: 3, second: 1}]


def test_nobody_has_been_told_anything(database: Database) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
        story_id = told(session, "https://n.example/a")
        send(session, reader, SentStory(story_id, 1, TOPIC, (1,)))
        (story,) = look_at(session, None)
        assert (story.story_id, story.had) == (story_id, {})
        assert latest_stories(session, TOPIC, since=NOW - DAY, limit=9) == (story,)
        assert latest_stories(session, TOPIC, since=NOW, limit=9) == ()
        assert latest_stories(session, "another", since=NOW - DAY, limit=9) == ()


def test_a_telling_shows_the_articles_own_words(database: Database) -> None:
    title, text = "Read https://n.example/a", "The migrants, 40 MIGRANTS, crossed at night."
    with database.transaction() as session:
        reader = subscribe(session)
        article_id = analyze(session, "https://n.example/a", text=text)
        spans = [("title", 0, 4), ("text", 4, 12), ("text", 17, 25), ("text", 27, 34), ("text", 900, 905)]
        match(session, article_id, *(MatchedSpan(field, start, end, "term*") for field, start, end in spans))
        tell(session, article_id, "ferry")
        ((report,),) = [story.reports for story in look_at(session, reader)]
    assert (report.title, report.excerpt, report.outlet) == (title, text, "Example")
    assert report.matches[TOPIC].terms == ("Read", "migrants", "crossed"), "each once, none that is not there"


def test_an_update_counts_only_reports_that_add_something_to_what_the_reader_had(database: Database) -> None:
    ferries = "Ferries with migrants will leave from the fish market while the old terminal is repaired."
    reworded = "While the old terminal is repaired, ferries with migrants leave from the fish market."
    news = "The engineer Ada Moreau resigned over the cost of the granite pilings."
    with database.transaction() as session:
        reader, other = subscribe(session), subscribe(session, "other@news.example")
        ids = [analyze(session, "https://a.example/", text=ferries)]
        story_id = tell(session, ids[0], "ferry")
        match(session, ids[0])
        send(session, reader, SentStory(story_id, 1, TOPIC, (ids[0],)))
        wants = [subscribers.read_subscription(session, one) for one in (reader, other)]
        for name, text in [("b", reworded), ("c", f"{reworded} {news}"), ("d", news)]:
            ids.append(analyze(session, f"https://{name}.example/", text=text))
            if name != "c":  # which matches nothing, and is told to nobody
                match(session, ids[-1])
            tell(session, ids[-1], "ferry", "gale", story_id=story_id)
            (story,) = look_at(session, reader)
            decided = decide(story, wants[0])  # type: ignore[arg-type]
            assert (decided.story.news if decided.story else None) == (1 if name == "d" else None), name
            assert decided.passed_over == (() if name == "d" else (ids[1],))
        (story,) = look_at(session, other)
        chosen = decide(story, wants[1]).story  # type: ignore[arg-type]
        assert chosen is not None
        assert (chosen.news, len(chosen.articles)) == (0, 3)
        assert chosen.articles[0].url == "https://b.example/", "the most central one leads"
