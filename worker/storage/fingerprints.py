"""The index by which copies are found: text hashes, and sampled shingles in an inverted index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Article, TextSample
from worker.duplicates import COMPARED_CHARACTERS, MIN_SHARED_SAMPLES, Fingerprint
from worker.storage.inserts import insert_missing
from worker.storage.sample_months import month_of, months_around

_CANDIDATES = 20
_CANDIDATES_OF_LONG = 8  # comparing two long texts takes ten times as long
_LONG = 1_500  # words
_SAME_ADDRESS = 5
_CROWDED = 50  # a shingle in more documents than this is a set phrase and tells nothing


@dataclass(frozen=True, slots=True)
class Likely:
    """An article that may be a copy or the original of another one; `copied_from` is what it copies at present."""

    article_id: int
    copied_from: int | None
    published: datetime | None
    seen: datetime
    text_hash: str | None
    address: str | None


def save_samples(
    session: Session, article_id: int, fingerprint: Fingerprint, *, seen: datetime, known: Collection[int] = ()
) -> None:
    """Index the article's samples, but for those that are crowded already.

    Those of the article it copies (`known`) are left out: whoever shares them finds that one. So forty reprints
    do not make their own report's words a set phrase.
    """
    month = month_of(seen)
    crowded = _crowded(session, fingerprint.samples, [month])
    rows = [
        {"month": month, "sample": sample, "article_id": article_id}
        for sample in {*fingerprint.samples}.difference(crowded, known)
    ]
    insert_missing(session, TextSample, rows, by=("sample",))


def find_candidates(
    session: Session, article_id: int, fingerprint: Fingerprint, *, seen: datetime, window: timedelta, address: str = ""
) -> list[Likely]:
    """Return the articles that say the same, have the same address or share samples, never the article itself.

    Of those that share samples the nearest 20 are returned, of a long text the nearest 8, so that deciding takes
    less than 200 ms whatever is stored. Samples are compared only with what was seen within `window` of `seen`;
    the same words and the same address are found however old they are.
    """
    same = {*_same_text(session, article_id, fingerprint), *_same_address(session, article_id, address)}
    sharing = _sharing_samples(session, article_id, fingerprint, months_around(seen, window))
    found = read_likely(session, same.union(sharing))
    return [one for one in found if one.article_id in same or abs(one.seen - seen) <= window]


def read_likely(session: Session, ids: Collection[int]) -> list[Likely]:
    """Return those of the articles that have been read, by id."""
    if not ids:
        return []
    columns = (Article.copied_from, Article.published_at, Article.discovered_at, Article.text_hash)
    statement = (
        select(Article.id, *columns, Article.address_hash)
        .where(Article.id.in_(ids), Article.state == "analyzed")
        .order_by(Article.id)
    )
    return [Likely(*row) for row in session.execute(statement)]


def read_texts(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return what those articles say, as far as it is compared, by id."""
    if not ids:
        return {}
    said = func.substr(Article.text, 1, COMPARED_CHARACTERS)
    return dict(session.execute(select(Article.id, said).where(Article.id.in_(ids))).all())


def _same_text(session: Session, article_id: int, fingerprint: Fingerprint) -> list[int]:
    """The most senior article of the same words: whatever else has them is its copy already."""
    if not fingerprint.word_count:
        return []
    statement = (
        select(Article.id)
        .where(Article.text_hash == fingerprint.text_hash, Article.id != article_id)
        .order_by(Article.text_hash, Article.published_at)
        .limit(1)
    )
    return list(session.scalars(statement))


def _same_address(session: Session, article_id: int, address: str) -> list[int]:
    """The first articles of that address; many have it only where a site gives one address to all its pages."""
    if not address:
        return []
    statement = select(Article.id).where(Article.address_hash == address, Article.id != article_id)
    return list(session.scalars(statement.order_by(Article.id).limit(_SAME_ADDRESS)))


def _sharing_samples(session: Session, article_id: int, fingerprint: Fingerprint, months: Sequence[int]) -> list[int]:
    """The articles with the most shared samples. One statement that stays in the index.

    No sample has many more than 50 rows, since a crowded one is indexed no further: so the work is bounded by
    the number of samples, whatever is stored.
    """
    if len(fingerprint.samples) < MIN_SHARED_SAMPLES:
        return []
    found = (
        select(TextSample.article_id, func.count().over(partition_by=TextSample.sample).label("documents"))
        .where(TextSample.month.in_(months), TextSample.sample.in_(fingerprint.samples))
        .subquery()
    )
    statement = (
        select(found.c.article_id)
        .where(found.c.documents <= _CROWDED, found.c.article_id != article_id)
        .group_by(found.c.article_id)
        .having(func.count() >= MIN_SHARED_SAMPLES)
        .order_by(func.count().desc(), found.c.article_id)
        .limit(_CANDIDATES if fingerprint.word_count <= _LONG else _CANDIDATES_OF_LONG)
    )
    return list(session.scalars(statement))


def _crowded(session: Session, samples: Sequence[int], months: Sequence[int]) -> set[int]:
    statement = (
        select(TextSample.sample)
        .where(TextSample.month.in_(months), TextSample.sample.in_(samples))
        .group_by(TextSample.sample)
        .having(func.count() > _CROWDED)
    )
    return set(session.scalars(statement))
