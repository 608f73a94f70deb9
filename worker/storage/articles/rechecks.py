"""Articles to be looked at again because their entry has changed, and what they said before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from models import Article, Recheck, Revision, Story, StoryEvent
from worker.duplicates import TextChange
from worker.storage.articles.article_rows import ArticleRecord, record_of
from worker.storage.db.claims import claim, still_held, waiting
from worker.storage.stories.news_numbers import next_news_number

MOST_LOOKS = 10
_FIRST_WAIT = timedelta(hours=1)
_TOO_OLD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class RecheckRecord:
    """A visit that was claimed, and its article as its feed has it now."""

    id: int
    article: ArticleRecord
    published: datetime
    attempts: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """What an article said until `replaced_at`; the rest is what the next version changed."""

    number: int
    replaced: datetime
    title: str
    text: str
    substantial: bool
    new_share: float
    numbers: tuple[tuple[str, str], ...]
    added: str


def ask_again(session: Session, article_ids: Collection[int], *, now: datetime) -> None:
    """Have those articles looked at again, politely.

    At once the first time, then an hour after the last visit, two, four and so on; ten times at most, and only
    within two days of an article's discovery: after that its changes are no news.
    """
    fresh = select(Article.id, Article.discovered_at).where(Article.id.in_(article_ids), Article.state == "analyzed")
    for article_id, discovered in session.execute(fresh.order_by(Article.id)).all():
        row = session.scalar(select(Recheck).where(Recheck.article_id == article_id))
        due = now if row is None else max(now, (row.next_try_at or now) + _FIRST_WAIT * 2 ** max(0, row.looks - 1))
        if due > discovered + _TOO_OLD:
            continue
        if row is None:
            session.add(Recheck(article_id=article_id, next_try_at=due))
        elif row.state == "done" and row.looks < MOST_LOOKS:
            row.state, row.attempts, row.reason, row.next_try_at = "due", 0, None, due
    session.flush()


def claim_recheck(
    session: Session, recheck_id: int, *, state: str, now: datetime, lease: timedelta
) -> RecheckRecord | None:
    """Lease a visit that waits in `state`, or return None when it is not to be had."""
    if not claim(session, Recheck, recheck_id, states=(state,), now=now, lease=lease):
        return None
    row = session.get_one(Recheck, recheck_id, populate_existing=True)
    article = session.get_one(Article, row.article_id, options=[undefer(Article.entry_body)])
    published = article.published_at or article.discovered_at
    return RecheckRecord(row.id, record_of(article, now + lease), published, row.attempts, now + lease)


def is_held(session: Session, recheck: RecheckRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return still_held(session, Recheck, recheck.id, recheck.lease_until)


def save_page_had(session: Session, recheck_id: int) -> None:
    """The page is there to be read again."""
    _update(session, recheck_id, state="fetched", lease_until=None, attempts=0, next_try_at=None)


def save_retry(session: Session, recheck_id: int, *, at: datetime, reason: str, counted: bool = True) -> None:
    """Leave the visit for that moment; one that was not `counted` was never made."""
    attempts = Recheck.attempts if counted else Recheck.attempts - 1
    _update(session, recheck_id, lease_until=None, next_try_at=at, reason=reason, attempts=attempts)


def finish(session: Session, recheck_id: int, *, now: datetime, reason: str | None = None) -> None:
    """The visit is over; `reason` says why it came to nothing. What the article said before stays."""
    _update(session, recheck_id, state="done", lease_until=None, next_try_at=now, reason=reason,
            looks=Recheck.looks + 1)  # fmt: skip


def waiting_rechecks(session: Session, *, state: str, now: datetime, limit: int) -> list[int]:
    """Return the visits that wait in `state` and could be claimed now."""
    return waiting(session, Recheck, states=(state,), now=now, limit=limit)


def read_version(session: Session, article_id: int) -> tuple[str, str]:
    """Return the headline and the text that the article has now."""
    row = session.execute(select(Article.title, Article.text).where(Article.id == article_id)).one()
    return row.title, row.text


def keep_version(session: Session, article_id: int, change: TextChange, *, title: str, now: datetime) -> None:
    """Keep what the article says as its past, before it is replaced; `title` is the headline to come."""
    before = read_version(session, article_id)
    last = session.scalar(select(func.max(Revision.number)).where(Revision.article_id == article_id)) or 0
    session.add(
        Revision(
            article_id=article_id, number=last + 1, replaced_at=now, title=before[0], text=before[1],
            substantial=change.substantial, new_share=change.new_share,
            numbers=[list(pair) for pair in change.numbers], added=change.added,
        )
    )  # fmt: skip
    session.execute(update(Article).where(Article.id == article_id).values(title=title))
    session.flush()


def mark_updated(session: Session, article_id: int, *, now: datetime) -> None:
    """Let the article's story develop by what it says now; a copy that says no more than its original does not."""
    row = session.get_one(Article, article_id, populate_existing=True)
    is_report = row.duplicate_of is None or row.updates_original
    story = session.get(Story, row.story_id) if row.story_id and is_report else None
    if story is None:
        return
    story.revision, story.developed_at, story.news_number = story.revision + 1, now, next_news_number()
    row.updated_at, row.revision = now, row.revision + 1
    session.add(StoryEvent(story_id=story.id, at=now, kind="updated", article_id=article_id))
    session.flush()
    row.news_number = story.news_number
    session.flush()


def revisions_of(session: Session, article_id: int) -> tuple[StoredRevision, ...]:
    """Return what the article said before, the oldest first."""
    rows = session.scalars(
        select(Revision).where(Revision.article_id == article_id).order_by(Revision.number)
        .options(undefer(Revision.text))
    )  # fmt: skip
    return tuple(
        StoredRevision(
            row.number, row.replaced_at, row.title, row.text, row.substantial, row.new_share,
            tuple((str(a), str(b)) for a, b in row.numbers or ()), row.added,
        )
        for row in rows
    )  # fmt: skip


def _update(session: Session, recheck_id: int, **values: object) -> None:
    session.execute(
        update(Recheck).where(Recheck.id == recheck_id).values(**values).execution_options(synchronize_session=False)
    )
