"""Entries that share a link, and the keys by which such an entry is known from one document to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, Sighting
from worker.storage.articles.discoveries import NewArticle, known_keys
from worker.storage.db.hashes import string_hash

_Entry: TypeAlias = tuple[str, str]  # link and id


def keep_keys(session: Session, feed_id: int, articles: Sequence[NewArticle]) -> list[NewArticle]:
    """Give each article the key by which its feed's entry is known already, also where it stood alone with its link.

    Which entries share a link is seen in one document, and the next may list fewer or more of them.
    """
    own = [key for article in articles if article.has_page for key in article.own_keys]
    shared = known_keys(session, own) if own else frozenset()
    alone = _known_alone(session, feed_id, [article for article in articles if article.link_key])
    times = Counter((article.link_key, article.entry_id) for article in articles)
    return [_known_as(article, shared, alone, times) for article in articles]


def _known_as(
    article: NewArticle,
    shared: frozenset[str],
    alone: Mapping[tuple[str, str], str],
    times: Mapping[tuple[str, str], int],
) -> NewArticle:
    key = next((key for key in article.own_keys if key in shared), None) if article.has_page else None
    if key is not None:
        return replace(article, key=key, has_page=False)
    # Of several with one id, as entries without a guid have that share a link, the headline tells which it was.
    entry = (article.link_key, article.entry_id)
    if entry in alone and (times[entry] == 1 or alone[entry] == article.title):
        return replace(article, key=article.link_key, has_page=True)
    return article


def _known_alone(session: Session, feed_id: int, articles: Sequence[NewArticle]) -> dict[_Entry, str]:
    """The titles, by link and id, of those that this feed listed when nothing shared their link."""
    links = {string_hash(article.link_key): article.link_key for article in articles}
    if not links:
        return {}
    listed = (
        select(Article.url_hash, Sighting.entry_id, Article.entry_title)
        .join(Sighting, Sighting.article_id == Article.id)
        .where(Sighting.feed_id == feed_id, Article.url_hash.in_(list(links)))
    )
    return {(links[link], entry_id): title for link, entry_id, title in session.execute(listed)}
