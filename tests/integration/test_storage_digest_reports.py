"""Which stories a subscriber has not been told yet, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.integration.stored import DAY, TOPIC, analyze, follow, match, send, subscribe, tell
from worker import duplicates
from worker.digests import PendingStory, select_story
from worker.storage.db.database import Database
from worker.storage.digests.outbox import SentStory
from worker.storage.digests.pending import SubscriptionWindow, pending_for_each, pending_stories
from worker.topics import MatchedSpan

MINUTE = timedelta(minutes=1)


def pending(
    session: Session, subscription_id: int | None, *topics: str, since: datetime = NOW - DAY, until: datetime = NOW
) -> list[PendingStory]:
    return pending_stories(session, subscription_id, topics or (TOPIC,), since=since, until=until)


def told(session: Session, url: str, *, now: datetime = NOW, published: datetime = NOW, mailable: bool = True) -> int:
    """Store a story of one article about the topic."""
    article_id = analyze(session, url, published=published, mailable=mailable)
    match(session, article_id)
    return tell(session, article_id, url, published=published, now=now)


def test_the_window_and_its_overlap(database: Database) -> None:
    since, until = NOW - DAY, NOW
    moments = [since - 11 * MINUTE, since - 9 * MINUTE, since, until, until + MINUTE]
    with database.transaction() as session:
        reader = subscribe(session)
        ids = [told(session, f"https://n.example/{n}", now=moment) for n, moment in enumerate(moments)]
        found = [story.story_id for story in pending(session, reader, since=since, until=until)]
        assert found == [ids[3], ids[2], ids[1]], "newest first; ten minutes early, and none from after"
        assert pending(session, reader, "another-topic") == []


def test_old_stories_and_what_is_not_mailable_stay_out(database: Database) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
        told(session, "https://n.example/old", published=NOW - 3 * DAY - MINUTE)
        told(session, "https://n.example/first-sight", mailable=False)
        unmatched = analyze(session, "https://n.example/off-topic")
        tell(session, unmatched, "trams")
        assert pending(session, reader) == []
        late = told(session, "https://n.example/late", published=NOW - 3 * DAY + MINUTE)
        assert [story.story_id for story in pending(session, reader)] == [late]


def test_a_story_comes_back_only_with_news(database: Database) -> None:
    with database.transaction() as session:
        reader, other = subscribe(session), subscribe(session, "other@news.example")
        story_id = told(session, "https://n.example/a")
        send(session, reader, SentStory(story_id, 1, TOPIC, (1,)))
        assert pending(session, reader) == []
        assert [story.told for story in pending(session, other)] == [0]

        copy = analyze(
            session, "https://copy.example/a",
            duplicate=duplicates.DuplicateDecision(duplicates.DuplicateKind.NEAR, 1, 0.9, "the same words"),
        )  # fmt: skip
        follow(session, copy, 1)
        assert pending(session, reader) == [], "a copy is no news"

        second = analyze(session, "https://b.example/a")
        match(session, second)
        assert tell(session, second, "https://n.example/a", story_id=story_id) == story_id
        (story,) = pending(session, reader)
        assert (story.story_id, story.revision, story.told) == (story_id, 2, 1)
        by_id = {report.article_id: report for report in story.reports}
        assert [by_id[number].revision for number in (1, copy, second)] == [1, 0, 2]
        assert (by_id[copy].copy_of, by_id[copy].excerpt) == (1, "")


def test_nobody_has_been_told_anything(database: Database) -> None:
    with database.transaction() as session:
        reader = subscribe(session)
        story_id = told(session, "https://n.example/a")
        send(session, reader, SentStory(story_id, 1, TOPIC, (1,)))
        (story,) = pending(session, None)
        assert (story.story_id, story.told, story.seen) == (story_id, 0, frozenset())
        together = [SubscriptionWindow(whose, (TOPIC,), NOW - DAY, NOW) for whose in (reader, None)]
        assert pending_for_each(session, together) == [[], [story]], "whoever is looked up with them"


def test_a_telling_shows_the_articles_own_words(database: Database) -> None:
    title, text = "Read https://n.example/a", "The migrants, 40 MIGRANTS, crossed at night."
    with database.transaction() as session:
        reader = subscribe(session)
        article_id = analyze(session, "https://n.example/a", text=text)
        spans = [("title", 0, 4), ("text", 4, 12), ("text", 17, 25), ("text", 27, 34), ("text", 900, 905)]
        match(session, article_id, *(MatchedSpan(field, start, end, "term*") for field, start, end in spans))
        tell(session, article_id, "ferry")
        ((report,),) = [story.reports for story in pending(session, reader)]
    assert (report.title, report.excerpt, report.outlet) == (title, text, "Example")
    assert report.matches[TOPIC].terms == ("Read", "migrants", "crossed"), "each once, none that is not there"


def test_an_update_counts_only_reports_that_add_something(database: Database) -> None:
    ferries = "Ferries with migrants will leave from the fish market while the old terminal is repaired."
    reworded = "While the old terminal is repaired, ferries with migrants leave from the fish market."
    news = "The engineer Ada Moreau resigned over the cost of the granite pilings."
    bands = {TOPIC: {"strict", "balanced"}}
    with database.transaction() as session:
        reader, other = subscribe(session), subscribe(session, "other@news.example")
        ids = [analyze(session, "https://a.example/", text=ferries)]
        story_id = tell(session, ids[0], "ferry")
        match(session, ids[0])
        send(session, reader, SentStory(story_id, 1, TOPIC, (ids[0],)))
        for name, text in [("b", reworded), ("c", f"{reworded} {news}")]:
            ids.append(analyze(session, f"https://{name}.example/", text=text))
            match(session, ids[-1])
            tell(session, ids[-1], "ferry", "gale", story_id=story_id)
            (story,) = pending(session, reader)
            chosen = select_story(story, bands, "en")
            assert (chosen.news if chosen else None) == (None if name == "b" else 1)
        assert [report.adds for report in story.reports] == [True, False, True]
        (story,) = pending(session, other)
        chosen = select_story(story, bands, "en")
        assert chosen is not None
        assert (chosen.news, len(chosen.articles)) == (0, 3)
        assert chosen.articles[0].url == "https://b.example/", "the most central one leads"
