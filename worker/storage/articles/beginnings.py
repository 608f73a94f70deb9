"""How articles begin, and by that the articles of a site of which a page of it tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Article, Beginning
from worker.pages import Neighbour, plain_text, site_key
from worker.storage.db.inserts import insert_missing

_MOST = 300  # of all sites: agencies' first words stand on many
_CHUNK = 500
_LONGEST = 6_000  # characters of a text


def keep_beginnings(session: Session, keys: Mapping[int, Collection[int]]) -> None:
    """Note ways in which these articles begin, beside those that are noted already."""
    rows = [{"key": key, "article_id": article_id} for article_id, found in keys.items() for key in found]
    insert_missing(session, Beginning, rows, by=("key", "article_id"))


def neighbours(session: Session, host: str, keys: Collection[int], *, besides: int) -> list[Neighbour]:
    """Return the site's articles, but for one, that begin in one of these ways; of very many, the latest."""
    found: dict[int, Neighbour] = {}
    wanted, said = sorted(keys) if host else [], func.substr(Article.text, 1, _LONGEST)
    for start in range(0, len(wanted), _CHUNK):
        told = select(Beginning.article_id).where(Beginning.key.in_(wanted[start : start + _CHUNK]))
        rows = session.execute(
            select(Article.id, Article.url, Article.entry_title, Article.entry_body, said)
            .where(Article.id.in_(told), Article.id != besides)
            .order_by(Article.id.desc())
            .limit(_MOST)
        )
        for article_id, url, title, body, text in rows:
            if site_key(url) == host:
                paragraphs = tuple(text.split("\n\n"))
                found[article_id] = Neighbour(plain_text(title), plain_text(body), paragraphs)
    return list(found.values())
