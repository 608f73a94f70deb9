"""Everything the database knows of one article: where it came from, what became of it, and where it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, undefer

from models import Article, Document, Feed, Sighting, Story
from worker.duplicates import Origin
from worker.storage.articles import copies, rechecks
from worker.storage.articles.rechecks import StoredRevision
from worker.storage.db.hashes import string_hash
from worker.storage.reports.mentions import Mention, Passing, mentions_of, passings_of
from worker.storage.stories.story_lives import read_story
from worker.storage.topics.topic_rows import matches_of
from worker.stories import StoryLife
from worker.topics import TopicMatch

_MEMBERS = 100


@dataclass(frozen=True, slots=True)
class SeenIn:
    """A feed listed the article."""

    feed: str
    url: str
    entry_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that was fetched for the article and is still kept. `size` is in bytes, uncompressed."""

    url: str
    content_type: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OtherArticle:
    """An article this one has to do with. `copy_of` and `similarity` are set where it is a copy."""

    id: int
    title: str
    url: str
    outlet: str
    published: datetime | None
    copy_of: int | None
    similarity: float | None


@dataclass(frozen=True, slots=True)
class JoinedStory:
    """The article's story; `score` and `evidence` say why it joined, `others` are its first members.

    Where it `opened` the story, they are about the story it came nearest to. Without a score it came there later.
    `added` are the first sentences it brought that no report before it had; None for a copy, or where there are none.
    By `news_number` digests know whether the story has changed since they looked at it.
    """

    id: int
    size: int
    revision: int
    life: StoryLife | None
    added: tuple[str, ...] | None
    opened: bool
    score: float | None
    evidence: tuple[tuple[str, float], ...]
    others: tuple[OtherArticle, ...]
    news_number: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """One article's way, in its order."""

    id: int
    url: str
    outlet: str
    entry_title: str
    seen_in: tuple[SeenIn, ...]
    state: str
    attempts: int
    reason: str | None
    discovered: datetime
    fetched: datetime | None
    analyzed: datetime | None
    next_try: datetime | None
    pages: tuple[KeptPage, ...]
    feed_only: bool
    mailable: bool
    kind: str | None
    title: str
    text: str
    published: datetime | None
    language: str | None
    authors: tuple[str, ...]
    agency: str | None
    removed: tuple[tuple[str, str], ...]
    duplicate_kind: str | None
    original: OtherArticle | None
    similarity: float | None
    shared_passage: str | None
    copies: tuple[OtherArticle, ...]
    origin: Origin | None
    revisions: tuple[StoredRevision, ...]
    story: JoinedStory | None
    matches: tuple[TopicMatch, ...]
    mentions: tuple[Mention, ...]
    passings: tuple[Passing, ...] = ()
    updates_original: bool = False
    text_gone: datetime | None = None


def find_article(session: Session, *, key: str, url: str) -> int | None:
    """Return the article with that canonical URL (`key`), or with exactly that URL."""
    found = session.scalar(select(Article.id).where(Article.url_hash == string_hash(key)))
    return found or session.scalar(select(Article.id).where(Article.url == url).order_by(Article.id).limit(1))


def explain_article(session: Session, article_id: int) -> Explanation | None:
    """Return everything known of the article, or None when there is none with this id."""
    row = session.get(Article, article_id, options=[undefer(Article.text), undefer(Article.removed)])
    if row is None:
        return None
    original = session.get(Article, row.duplicate_of) if row.duplicate_of else None
    original_id = None if row.updates_original else row.duplicate_of
    return Explanation(
        id=row.id, url=row.url, outlet=row.outlet, entry_title=row.entry_title,
        seen_in=_seen_in(session, row.id), state=row.state, attempts=row.attempts, reason=row.reason,
        discovered=row.discovered_at, fetched=row.fetched_at, analyzed=row.analyzed_at,
        next_try=row.next_try_at, pages=_pages(session, row.id), feed_only=row.feed_only,
        mailable=row.mailable, kind=row.kind, title=row.title, text=row.text, published=row.published_at,
        language=row.language, authors=tuple(row.authors or ()), agency=row.agency,
        removed=tuple((line, rule) for line, rule in row.removed or ()),
        duplicate_kind=row.duplicate_kind, original=_other(original) if original else None,
        similarity=row.similarity, shared_passage=row.shared_passage,
        copies=_others(session, Article.duplicate_of == row.id), origin=copies.origin_of(session, row.id),
        revisions=rechecks.revisions_of(session, row.id),
        story=_story(session, row),
        matches=matches_of(session, row.id), mentions=mentions_of(session, row.id, original_id),
        passings=passings_of(session, row.id, original_id), updates_original=row.updates_original,
        text_gone=row.text_gone_at,
    )  # fmt: skip


def _seen_in(session: Session, article_id: int) -> tuple[SeenIn, ...]:
    statement = (
        select(Sighting, Feed)
        .join(Feed, Feed.id == Sighting.feed_id)
        .where(Sighting.article_id == article_id)
        .order_by(Sighting.seen_at, Sighting.id)
    )
    return tuple(
        SeenIn(feed.outlet or feed.title or feed.url, feed.url, sighting.entry_id, sighting.seen_at)
        for sighting, feed in session.execute(statement)
    )


def _pages(session: Session, article_id: int) -> tuple[KeptPage, ...]:
    rows = session.scalars(select(Document).where(Document.article_id == article_id).order_by(Document.id))
    return tuple(KeptPage(row.url, row.content_type, row.size, row.fetched_at) for row in rows)


def _story(session: Session, row: Article) -> JoinedStory | None:
    story = session.get(Story, row.story_id) if row.story_id else None
    if story is None:
        return None
    record = read_story(session, story.id)
    life = record.life if record else None
    reports = {report.article_id: report for report in life.reports} if life else {}
    return JoinedStory(
        id=story.id, size=story.size, revision=story.revision, life=life,
        added=reports[row.id].added if row.id in reports else None,
        opened=row.story_revision == 1 and row.story_score is not None, score=row.story_score,
        evidence=tuple((str(term), float(part)) for term, part in row.story_evidence or ()),
        others=_others(session, Article.story_id == story.id, Article.id != row.id),
        news_number=story.news_number,
    )  # fmt: skip


def _others(session: Session, *where: ColumnElement[bool]) -> tuple[OtherArticle, ...]:
    rows = session.scalars(select(Article).where(*where).order_by(Article.published_at, Article.id).limit(_MEMBERS))
    return tuple(_other(row) for row in rows)


def _other(row: Article) -> OtherArticle:
    return OtherArticle(
        id=row.id, title=row.title or row.entry_title, url=row.url, outlet=row.outlet,
        published=row.published_at, copy_of=row.duplicate_of, similarity=row.similarity,
    )  # fmt: skip
