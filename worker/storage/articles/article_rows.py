"""Articles: claimed step by step, and marked with what came of each step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, undefer

from models import Article
from worker.duplicates import DuplicateDecision
from worker.pages import ExtractedArticle
from worker.storage.articles.discoveries import discovery_of
from worker.storage.db.claims import claim, still_held, waiting
from worker.storage.db.hashes import string_hash

# What is set besides is given as parameters: building a statement takes longer than the database does.
_UPDATE = update(Article).where(Article.id == bindparam("row"))
_POSTPONE = _UPDATE.values(lease_until=None, attempts=Article.attempts - 1, next_try_at=bindparam("at"))


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """An article that was claimed, with what its feed said of it."""

    id: int
    feed_id: int | None
    url: str
    outlet: str
    entry_title: str
    entry_body: str
    entry_published: datetime | None
    language: str | None
    discovered_at: datetime
    attempts: int
    reason: str | None
    has_page: bool
    feed_only: bool
    lease_until: datetime


def mark_read(session: Session, article_id: int, *, now: datetime) -> None:
    """Record when the article was really read, where it was placed as of an earlier time."""
    _update(session, article_id, analyzed_at=now)


def claim_article(
    session: Session, article_id: int, *, state: str, now: datetime, lease: timedelta
) -> ArticleRecord | None:
    """Lease an article that waits in `state`, or return None when it is not to be had."""
    if not claim(session, Article, article_id, states=(state,), now=now, lease=lease):
        return None
    row = session.get_one(Article, article_id, options=[undefer(Article.entry_body)])
    return record_of(row, now + lease)


def record_of(row: Article, lease_until: datetime) -> ArticleRecord:
    """Return the row as a step sees it, whose lease ends then; for storage alone."""
    return ArticleRecord(
        id=row.id, feed_id=row.feed_id, url=row.url, outlet=row.outlet, entry_title=row.entry_title,
        entry_body=row.entry_body, entry_published=row.entry_published_at,
        language=row.language, discovered_at=row.discovered_at,
        attempts=row.attempts, reason=row.reason, has_page=row.has_page, feed_only=row.feed_only,
        lease_until=lease_until,
    )  # fmt: skip


def is_held(session: Session, article: ArticleRecord) -> bool:
    """Whether the claim still stands; a step asks this before it writes."""
    return still_held(session, Article, article.id, article.lease_until)


def save_fetched(
    session: Session, article_id: int, *, now: datetime, feed_only: bool = False, reason: str | None = None
) -> None:
    """The page was had, or the feed's own text will have to do (`feed_only`, with the reason)."""
    _advance(session, article_id, state="fetched", fetched_at=now, feed_only=feed_only, reason=reason)


def mark_feed_only(session: Session, article_id: int) -> None:
    """The page held no article: what is stored is the feed's own text."""
    _update(session, article_id, feed_only=True)


def save_failed(session: Session, article_id: int, reason: str) -> None:
    """Nothing more can be done for this article; the reason is kept where a person sees it."""
    _advance(session, article_id, state="failed", reason=reason)


def save_retry(session: Session, article_id: int, *, at: datetime, reason: str | None) -> None:
    """Leave the article in its state, to be claimed again at that moment."""
    _update(session, article_id, next_try_at=at, lease_until=None, reason=reason)


def postpone(session: Session, article_id: int, *, until: datetime) -> None:
    """Give the article back untouched because its host is busy: no attempt was made, none is counted."""
    session.connection().execute(_POSTPONE, {"row": article_id, "at": until})


def save_analysis(
    session: Session,
    article_id: int,
    extracted: ExtractedArticle,
    *,
    published: datetime,
    agency: str | None,
    text_hash: str,
    duplicate: DuplicateDecision,
    copied_from: int | None = None,
    now: datetime,
) -> None:
    """Record what the article says and whether it is a copy, and mark it analyzed.

    `copied_from` is the article that it was found to be a copy of, in the group that `duplicate` names.
    """
    seen_with = "" if extracted.canonical_url else discovery_of(session, article_id).address
    address_hash = address_of(extracted, seen_with)
    _advance(
        session, article_id, state="analyzed", analyzed_at=now, kind=extracted.kind.value,
        title=extracted.title, text=extracted.text, published_at=published, language=extracted.language,
        removed=[[line.line, line.rule] for line in extracted.removed], authors=list(extracted.authors),
        agency=agency, text_hash=text_hash, duplicate_of=duplicate.duplicate_of,
        duplicate_kind=duplicate.kind.value, similarity=duplicate.similarity,
        copied_from=copied_from, address_hash=address_hash,
        shared_passage=duplicate.evidence or None,
        **_reason(extracted),
    )  # fmt: skip


def address_of(extracted: ExtractedArticle, seen_with: str) -> str:
    """Return the hash of the address that the page calls its own, or of the one it was seen with."""
    return string_hash(extracted.canonical_url) if extracted.canonical_url else seen_with


def revise_analysis(
    session: Session, article_id: int, extracted: ExtractedArticle, *, agency: str | None, text_hash: str
) -> None:
    """Replace what the article says, now that it was read better; when it was read, and as what copy, stays."""
    _update(
        session, article_id, kind=extracted.kind.value, text=extracted.text, language=extracted.language,
        removed=[[line.line, line.rule] for line in extracted.removed], authors=list(extracted.authors),
        agency=agency, text_hash=text_hash, **_reason(extracted),
    )  # fmt: skip


def text_of(session: Session, article_id: int) -> str | None:
    """Return what the article says now; None where it is gone."""
    return session.scalar(select(Article.text).where(Article.id == article_id))


def waiting_articles(session: Session, *, state: str, now: datetime, limit: int) -> list[int]:
    """Return the articles that wait in `state` and could be claimed now."""
    return waiting(session, Article, states=(state,), now=now, limit=limit)


def _reason(extracted: ExtractedArticle) -> dict[str, object]:
    """What the page gives as the reason; without one, what fetching it gave stays."""
    return {"reason": extracted.reason} if extracted.reason else {}


def _advance(session: Session, article_id: int, **values: object) -> None:
    """Write the result of a step and make the article free for the next one."""
    _update(session, article_id, lease_until=None, next_try_at=None, attempts=0, **values)


def _update(session: Session, article_id: int, **values: object) -> None:
    session.connection().execute(_UPDATE, {"row": article_id, **values})
