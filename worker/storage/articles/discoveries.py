"""Articles as feeds announce them: stored once, known again by their keys, and how each was first seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models import Article, Feed, Sighting
from worker.pages import beginning_keys, plain_text
from worker.storage.articles.beginnings import keep_beginnings
from worker.storage.articles.copies import update_articles
from worker.storage.db.hashes import string_hash
from worker.storage.db.inserts import insert_missing
from worker.storage.retention import gone_articles

_CHUNK = 500
_NO_LINK = "the entry has no link of its own"
_DISCOVERY = select(Article.discovered_at, Article.url_hash, Article.outlet, Article.feed_only).where(
    Article.id == bindparam("article")
)
# The article, where its feed's outlet was not named by a person.
_IS_UNNAMED = Article.id == bindparam("article"), Article.feed_id.in_(select(Feed.id).where(Feed.outlet == ""))
_UNNAMED = select(Article.id).where(*_IS_UNNAMED)
_NAME = update(Article).where(*_IS_UNNAMED)


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


def discovery_of(session: Session, article_id: int) -> Discovery:
    """Return how the article was first seen in a feed."""
    return Discovery(*session.execute(_DISCOVERY, {"article": article_id}).one())


def discovery_as_read(session: Session, article_id: int, *, outlet: str, feed_only: bool) -> Discovery:
    """Return the same as it will be once `name_outlet`, and where `feed_only` also `mark_feed_only`, was called."""
    found = discovery_of(session, article_id)
    is_unnamed = session.scalar(_UNNAMED, {"article": article_id}) is not None
    return replace(found, outlet=outlet if is_unnamed else found.outlet, is_excerpt=found.is_excerpt or feed_only)


def name_outlet(session: Session, article_id: int, outlet: str) -> None:
    """Write down what the outlet is called, unless a person has said what its feed's is."""
    session.connection().execute(_NAME, {"article": article_id, "outlet": outlet})


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
            update_articles(session, [sighting.article_id], entry_title=article.title, **body)
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
