"""Rows for tests of what is built on them: an analyzed article, a subscription, a digest in the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.conftest import NOW
from worker import duplicates, pages, stories, topics
from worker.digests import PendingStory, Period
from worker.storage.articles import article_rows, copies, discoveries
from worker.storage.digests import outbox, pending, subscribers
from worker.storage.stories import membership, story_rows
from worker.storage.topics import topic_rows

TOPIC = "us-mexico-migration"
DAY = timedelta(days=1)
UNIQUE = duplicates.DuplicateDecision(duplicates.DuplicateKind.UNIQUE)


def announced(url: str, **values: Any) -> discoveries.NewArticle:
    given = {"entry_id": url, "title": f"Title of {url}", "body": "Text.", "published": NOW, **values}
    return discoveries.NewArticle(key=url, url=url, **given)


def discover(session: Session, url: str, *, feed_id: int | None = None, **values: Any) -> int:
    (found,) = discoveries.discover(session, feed_id, "Example", [announced(url, **values)], now=NOW)
    return found.id


def analyze(
    session: Session,
    url: str,
    *,
    text: str = "Migrants crossed.",
    published: datetime = NOW,
    duplicate: duplicates.DuplicateDecision = UNIQUE,
    **values: Any,
) -> int:
    """Store an article that has been read; `values` are those its feed announced."""
    article_id = discover(session, url, published=published, **values)
    read = pages.ExtractedArticle(pages.PageKind.ARTICLE, f"Read {url}", text, language="en", authors=("A. Writer",))
    article_rows.save_analysis(
        session, article_id, read, published=published, agency=None,
        text_hash=duplicates.fingerprint(text).text_hash, duplicate=duplicate, now=NOW,
    )  # fmt: skip
    return article_id


def features(*keys: str, published: datetime = NOW) -> stories.StoryFeatures:
    return stories.StoryFeatures(dict.fromkeys(keys, 0.5), keys, "en", published)


def tell(
    session: Session, article_id: int, *keys: str, story_id: int | None = None,
    published: datetime = NOW, now: datetime = NOW,
) -> int:  # fmt: skip
    """Put the article into that story, or into a new one."""
    said = features(*keys, published=published)
    known = story_rows.find_stories(session, said, window=timedelta(days=365)) if story_id else []
    members = next((story.members for story in known if story.story_id == story_id), ())
    assignment = stories.StoryAssignment(story_id, 0.4, (("ferry", 0.3),) if story_id else ())
    joined = stories.StoryChange(story_id, stories.sum_up([*members, said]), joined=True)
    change = stories.MembershipChange(article_id, story_id, said, joined=assignment, stories=(joined,))
    found = membership.write_membership(session, change, now=now)
    assert found is not None
    return found


def follow(session: Session, copy_id: int, original_id: int) -> None:
    """Let the article be a copy in that original's group and story."""
    story_id = story_rows.stories_of(session, [original_id])[original_id]
    copies.update_articles(session, [copy_id], duplicate_of=original_id, story_id=story_id)


def match(session: Session, article_id: int, *spans: topics.MatchedSpan, score: float = 0.9) -> None:
    found = topics.TopicMatch(TOPIC, score, topics.Band.STRICT, spans, ("said in the title",))
    topic_rows.save_matches(session, article_id, [found], now=NOW)


def asked(address: str = "reader@news.example", **values: Any) -> subscribers.SubscriptionRequest:
    given: dict[str, Any] = {
        "name": "", "language": "en", "zone": "UTC", "topics": (TOPIC,), "band": "balanced",
        "schedule": "daily at 07:00", "story_limit": 25, "send_empty": False, "since": NOW - DAY, "first_due": NOW,
    }  # fmt: skip
    return subscribers.SubscriptionRequest(address=address, **{**given, **values})


def subscribe(session: Session, address: str = "reader@news.example", **values: Any) -> int:
    return subscribers.save_request(session, asked(address, **values), now=NOW)


def look_at(
    session: Session, subscription_id: int | None, *about: str, after: int = 0, since: datetime | None = None
) -> tuple[PendingStory, ...]:
    """What a digest of that subscription is to look at, of the news later than that number."""
    window = pending.SubscriptionWindow(subscription_id, about or (TOPIC,), after, since)
    (found,) = pending.pending_for_each(session, [window])
    return found.stories


def send(
    session: Session,
    subscription_id: int,
    *told: outbox.SentStory,
    end: datetime = NOW,
    html: str = "<p>Digest</p>",
    kind: str = "scheduled",
) -> int:
    """Put a digest into the outbox; return its delivery's id."""
    delivery = outbox.NewDelivery(
        "email", "from@news.example", "to@news.example", f"<{end}>", b"Subject: x\r\n\r\n\x00"
    )
    return outbox.save_digest(
        session, subscription_id, kind, Period(end - DAY, end), html=html, stories=told, delivery=delivery, now=end
    )
