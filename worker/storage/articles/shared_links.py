"""Entries that share a link, and the keys by which such an entry is known from one document to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, Sighting
from worker.storage.articles.article_rows import NewArticle, known_keys
from worker.storage.db.hashes import string_hash


def keep_keys(session: Session, feed_id: int, articles: Sequence[NewArticle]) -> list[NewArticle]:
    """Give each article the key by which its feed's entry is known already, also where it stood alone with its link.

    Which entries share a link is seen in one document, and the next may list fewer or more of them.
    """
    own = {article.own_key: article for article in articles if article.has_page}
    shared = known_keys(session, list(own)) if own else frozenset()
    alone = _known_alone(session, feed_id, [article for article in articles if article.link_key])
    return [_known_as(article, shared, alone) for article in articles]


def _known_as(article: NewArticle, shared: frozenset[str], alone: frozenset[tuple[str, str]]) -> NewArticle:
    if article.has_page and article.own_key in shared:
        return replace(article, key=article.own_key, has_page=False)
    if (article.link_key, article.entry_id) in alone:
        return replace(article, key=article.link_key, has_page=True)
    return article


def _known_alone(session: Session, feed_id: int, articles: Sequence[NewArticle]) -> frozenset[tuple[str, str]]:
    """The links and ids of those that this feed listed when nothing shared their link."""
    links = {string_hash(article.link_key): article.link_key for article in articles}
    if not links:
        return frozenset()
    listed = (
        select(Article.url_hash, Sighting.entry_id).join(Sighting, Sighting.article_id == Article.id)
        .where(Sighting.feed_id == feed_id, Article.url_hash.in_(list(links)))
    )  # fmt: skip
    return frozenset((links[link], entry_id) for link, entry_id in session.execute(listed))
