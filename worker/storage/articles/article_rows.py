"""Articles: discovered once, claimed step by step, and marked with what came of each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, undefer

from models import Article, Feed, Sighting
from worker.duplicates import DuplicateDecision
from worker.pages import ExtractedArticle, beginning_keys, plain_text
from worker.storage.articles.beginnings import keep_beginnings
from worker.storage.db.claims import claim, still_held, waiting
from worker.storage.db.hashes import string_hash
from worker.storage.db.inserts import insert_missing
from worker.storage.retention import gone_articles

_CHUNK = 500
_NO_LINK = "the entry has no link of its own"


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as its feed announces it. `key` is its canonical URL, or a stand-in where it has none.

    Where it shares its link with others, `link_key` is what that alone would give; else it is empty. `outlet` is what
    its outlet is called where that is not its feed's.
    """

    key: str
    url: str
    entry_id: str
    title: str
    body: str
    published: datetime | None
    language: str | None = None
    has_page: bool = True
    mailable: bool = True
    updated: datetime | None = None
    link_key: str = ""
    outlet: str = ""

    @property
    def own_keys(self) -> tuple[str, str]:
        """The keys by which it may be known among others that share its link: by its id, by its title."""
        link = self.link_key or self.key
        return f"{link}#{self.entry_id}", f"{link}#{self.title}"


@dataclass(frozen=True, slots=True)
class Discovered:
    """An article that was not known before."""

    id: int
    has_page: bool


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


@dataclass(frozen=True, slots=True)
class Discovery:
    """When an article was first seen in a feed, with the hash of which address, and whose it is.

    `is_excerpt` says that all that could be had of it is what the feed said.
    """

    at: datetime
    address: str
    outlet: str
    is_excerpt: bool


def discover(
    session: Session, feed_id: int | None, outlet: str, articles: Sequence[NewArticle], *, now: datetime
) -> list[Discovered]:
    """Store the articles that are not known yet; return those, in the order given.

    One without a page of its own counts as fetched: the feed's text is all there is.
    A known article only gains a sighting: its title or its GUID may have changed, it is the same one. One that was
    known and is not kept any more comes to nothing. Where an
    entry says something else than when its feed was last read, the article has its new words (`changed_entries`).
    """
    by_hash = {string_hash(article.key): article for article in articles}
    known = _ids_by_hash(session, list(by_hash))
    gone = gone_articles.sight_gone(session, by_hash.keys() - known.keys(), now=now)
    by_hash = {key: article for key, article in by_hash.items() if key not in gone}
    rows = [
        {
            "feed_id": feed_id, "url": article.url, "url_hash": key, "outlet": article.outlet or outlet,
            "entry_id": article.entry_id, "entry_title": article.title, "entry_body": article.body,
            "entry_published_at": article.published, "mailable": article.mailable, "discovered_at": now,
            "language": article.language, "has_page": article.has_page, "feed_only": not article.has_page,
            "state": "discovered" if article.has_page else "fetched",
            "reason": None if article.has_page else _NO_LINK,
        }
        for key, article in by_hash.items() if key not in known
    ]  # fmt: skip
    insert_missing(session, Article, rows, by=("url_hash",))
    stored = _ids_by_hash(session, list(by_hash))
    if feed_id is not None:
        _sight(session, feed_id, [(stored[key], article) for key, article in by_hash.items()], now)
    new = {key: article for key, article in by_hash.items() if key not in known}
    keep_beginnings(session, {stored[key]: _beginnings(article) for key, article in new.items()})
    return [Discovered(stored[key], article.has_page) for key, article in new.items()]


def known_keys(session: Session, keys: Sequence[str]) -> frozenset[str]:
    """Return those of the keys by which an article is known, whatever its state, or was until it was deleted."""
    by_hash = {string_hash(key): key for key in keys}
    known = _ids_by_hash(session, list(by_hash))
    gone = gone_articles.find_gone(session, by_hash.keys() - known.keys())
    return frozenset(by_hash[one] for one in (*known, *gone))


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


def name_outlet(session: Session, article_id: int, outlet: str) -> None:
    """Write down what the outlet is called, unless a person has said what its feed's is."""
    named = update(Article).where(*_unnamed(article_id)).values(outlet=outlet)
    session.execute(named.execution_options(synchronize_session=False))


def _unnamed(article_id: int) -> tuple[ColumnElement[bool], ...]:
    """The article, where its feed's outlet was not named by a person."""
    return Article.id == article_id, Article.feed_id.in_(select(Feed.id).where(Feed.outlet == ""))


def save_failed(session: Session, article_id: int, reason: str) -> None:
    """Nothing more can be done for this article; the reason is kept where a person sees it."""
    _advance(session, article_id, state="failed", reason=reason)


def save_retry(session: Session, article_id: int, *, at: datetime, reason: str | None) -> None:
    """Leave the article in its state, to be claimed again at that moment."""
    _update(session, article_id, next_try_at=at, lease_until=None, reason=reason)


def postpone(session: Session, article_id: int, *, until: datetime) -> None:
    """Give the article back untouched because its host is busy: no attempt was made, none is counted."""
    _update(session, article_id, next_try_at=until, lease_until=None, attempts=Article.attempts - 1)


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
    _advance(
        session, article_id, state="analyzed", analyzed_at=now, kind=extracted.kind.value,
        title=extracted.title, text=extracted.text, published_at=published, language=extracted.language,
        removed=[[line.line, line.rule] for line in extracted.removed], authors=list(extracted.authors),
        agency=agency, text_hash=text_hash, duplicate_of=duplicate.duplicate_of,
        duplicate_kind=duplicate.kind.value, similarity=duplicate.similarity,
        copied_from=copied_from, address_hash=address_of(extracted, discovery_of(session, article_id).address),
        shared_passage=duplicate.evidence or None,
        reason=extracted.reason or Article.reason,
    )  # fmt: skip


def discovery_of(session: Session, article_id: int) -> Discovery:
    """Return how the article was first seen in a feed."""
    columns = (Article.discovered_at, Article.url_hash, Article.outlet, Article.feed_only)
    return Discovery(*session.execute(select(*columns).where(Article.id == article_id)).one())


def discovery_as_read(session: Session, article_id: int, *, outlet: str, feed_only: bool) -> Discovery:
    """Return the same as it will be once `name_outlet`, and where `feed_only` also `mark_feed_only`, was called."""
    found = discovery_of(session, article_id)
    is_unnamed = session.scalar(select(Article.id).where(*_unnamed(article_id))) is not None
    return replace(found, outlet=outlet if is_unnamed else found.outlet, is_excerpt=found.is_excerpt or feed_only)


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
        agency=agency, text_hash=text_hash, reason=extracted.reason or Article.reason,
    )  # fmt: skip


def text_of(session: Session, article_id: int) -> str | None:
    """Return what the article says now; None where it is gone."""
    return session.scalar(select(Article.text).where(Article.id == article_id))


def waiting_articles(session: Session, *, state: str, now: datetime, limit: int) -> list[int]:
    """Return the articles that wait in `state` and could be claimed now."""
    return waiting(session, Article, states=(state,), now=now, limit=limit)


def _advance(session: Session, article_id: int, **values: object) -> None:
    """Write the result of a step and make the article free for the next one."""
    _update(session, article_id, lease_until=None, next_try_at=None, attempts=0, **values)


def _update(session: Session, article_id: int, **values: object) -> None:
    session.execute(
        update(Article).where(Article.id == article_id).values(**values).execution_options(synchronize_session=False)
    )


def _ids_by_hash(session: Session, hashes: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(hashes), _CHUNK):
        chunk = hashes[start : start + _CHUNK]
        rows = session.execute(select(Article.url_hash, Article.id).where(Article.url_hash.in_(chunk)))
        found.update(dict(rows.all()))
    return found


def changed_entries(session: Session, feed_id: int, articles: Sequence[NewArticle]) -> list[int]:
    """Return the articles that this feed tells otherwise than when it was last read, and note the new words.

    Two feeds that tell one article each in its own way do not take turns in changing it.
    """
    by_hash = {string_hash(article.key): article for article in articles}
    stored = _ids_by_hash(session, list(by_hash))
    told = {stored[key]: article for key, article in by_hash.items() if key in stored}
    statement = select(Sighting).where(Sighting.feed_id == feed_id, Sighting.article_id.in_(told))
    changed = []
    for sighting in session.scalars(statement.order_by(Sighting.article_id)):
        article = told[sighting.article_id]
        said = _entry_hash(article)
        if sighting.entry_hash not in (None, said):
            changed.append(sighting.article_id)
            body = {"entry_body": article.body} if article.body else {}
            _update(session, sighting.article_id, entry_title=article.title, **body)
            keep_beginnings(session, {sighting.article_id: _beginnings(article)})
        sighting.entry_hash = said
    session.flush()
    return changed


def _beginnings(article: NewArticle) -> frozenset[int]:
    return beginning_keys(plain_text(article.title), plain_text(article.body))


def _entry_hash(article: NewArticle) -> str:
    updated = article.updated.isoformat() if article.updated else ""
    return string_hash("\n".join((article.title, article.body, updated)))


def _sight(session: Session, feed_id: int, seen: Sequence[tuple[int, NewArticle]], now: datetime) -> None:
    rows = [
        {"article_id": article_id, "feed_id": feed_id, "entry_id": article.entry_id, "seen_at": now}
        for article_id, article in seen
    ]
    insert_missing(session, Sighting, rows, by=("article_id", "feed_id"))
