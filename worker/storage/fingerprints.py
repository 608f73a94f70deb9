"""The index by which copies are found: text hashes, and sampled shingles in an inverted index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, undefer

from models import Article, TextSample
from worker.duplicates import MIN_SHARED_SAMPLES, Fingerprint
from worker.storage.inserts import insert_missing

_CANDIDATES = 20
_CROWDED = 50  # a shingle in more documents than this is a set phrase and tells nothing
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class StoredText:
    """The text of an article that may be the original; `original_id` names the original of its group."""

    original_id: int
    text: str
    published: datetime | None
    seen: datetime


def save_samples(session: Session, article_id: int, fingerprint: Fingerprint) -> None:
    """Index the article's samples, but for those that are crowded already."""
    counts = _count_documents(session, fingerprint.samples)
    rows = [
        {"sample": sample, "article_id": article_id}
        for sample in sorted(set(fingerprint.samples))
        if counts.get(sample, 0) <= _CROWDED
    ]
    insert_missing(session, TextSample, rows, by=("sample",))


def find_candidates(session: Session, article_id: int, fingerprint: Fingerprint) -> list[StoredText]:
    """Return the stored texts that may be the original of this one, never the article itself."""
    ids = _same_text(session, article_id, fingerprint) + _sharing_samples(session, article_id, fingerprint)
    if not ids:
        return []
    rows = session.scalars(select(Article).where(Article.id.in_(ids)).options(undefer(Article.text)))
    return [
        StoredText(
            original_id=row.duplicate_of or row.id,
            text=row.text,
            published=row.published_at,
            seen=row.discovered_at,
        )
        for row in rows
    ]


def prune_samples(session: Session, *, before: datetime) -> int:
    """Take articles read before that moment out of the index; exact copies of them are still found."""
    old = select(Article.id).where(Article.analyzed_at < before)
    return session.connection().execute(delete(TextSample).where(TextSample.article_id.in_(old))).rowcount


def _same_text(session: Session, article_id: int, fingerprint: Fingerprint) -> list[int]:
    statement = (
        select(Article.id)
        .where(Article.text_hash == fingerprint.text_hash, Article.id != article_id, Article.state == "analyzed")
        .order_by(Article.duplicate_of.is_not(None), Article.id)
        .limit(1)
    )
    return list(session.scalars(statement))


def _sharing_samples(session: Session, article_id: int, fingerprint: Fingerprint) -> list[int]:
    shared: dict[int, int] = {}
    crowded = {sample for sample, n in _count_documents(session, fingerprint.samples).items() if n > _CROWDED}
    telling = [sample for sample in fingerprint.samples if sample not in crowded]
    for chunk in _chunks(telling):
        statement = (
            select(TextSample.article_id, func.count())
            .where(TextSample.sample.in_(chunk), TextSample.article_id != article_id)
            .group_by(TextSample.article_id)
        )
        for found, count in session.execute(statement):
            shared[found] = shared.get(found, 0) + count
    enough = [found for found, count in shared.items() if count >= MIN_SHARED_SAMPLES]
    return sorted(enough, key=lambda found: (-shared[found], found))[:_CANDIDATES]


def _count_documents(session: Session, samples: Sequence[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for chunk in _chunks(samples):
        statement = (
            select(TextSample.sample, func.count()).where(TextSample.sample.in_(chunk)).group_by(TextSample.sample)
        )
        counts.update(dict(session.execute(statement).all()))
    return counts


def _chunks(samples: Sequence[int]) -> list[Sequence[int]]:
    return [samples[start : start + _CHUNK] for start in range(0, len(samples), _CHUNK)]
