"""The index by which copies are found: text hashes, and sampled shingles in an inverted index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Article
from worker.duplicates import COMPARED_CHARACTERS, MIN_SHARED_SAMPLES, Fingerprint
from worker.storage.articles import sample_pages
from worker.storage.articles.sample_months import month_of, months_around

_CANDIDATES = 20
_CANDIDATES_OF_LONG = 8  # comparing two long texts takes ten times as long
_LONG = 1_500  # words
_SAME_ADDRESS = 5
_CROWDED = 50  # a shingle in more documents than this is a set phrase and tells nothing


@dataclass(frozen=True, slots=True)
class CandidateRecord:
    """An article that may be a copy or the original of another one; `copied_from` is what it copies at present.

    `is_excerpt` says that all that could be had of it is what its feed said.
    """

    article_id: int
    copied_from: int | None
    published: datetime | None
    seen: datetime
    text_hash: str | None
    address: str | None
    title: str | None = None
    outlet: str = ""
    is_excerpt: bool = False


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """What the index is to hold of an article: its samples, but for those of the article it copies (`known`)."""

    article_id: int
    fingerprint: Fingerprint
    seen: datetime
    known: tuple[int, ...] = ()


def save_samples(
    session: Session, article_id: int, fingerprint: Fingerprint, *, seen: datetime, known: Collection[int] = ()
) -> None:
    """Index the article's samples, but for those that are crowded already.

    Those of the article it copies (`known`) are left out: whoever shares them finds that one. So forty reprints
    do not make their own report's words a set phrase. The caller holds the story lock (`serialize_stories`).
    """
    beyond = {*fingerprint.samples}.difference(known)
    sample_pages.add_entries(session, article_id, beyond, month=month_of(seen), crowd=_CROWDED)


def find_candidates(
    session: Session, article_id: int, fingerprint: Fingerprint, *, seen: datetime, window: timedelta, address: str = ""
) -> list[CandidateRecord]:
    """Return the articles that say the same, have the same address or share samples, never the article itself.

    Of those that share samples the nearest 20 are returned, of a long text the nearest 8, so that deciding takes
    less than 200 ms whatever is stored. Samples are compared only with what was seen within `window` of `seen`;
    the same words and the same address are found however old they are.
    """
    same = {*_same_text(session, article_id, fingerprint), *_same_address(session, article_id, address)}
    sharing = _sharing_samples(session, article_id, fingerprint, months_around(seen, window))
    found = read_candidates(session, same.union(sharing))
    return [one for one in found if one.article_id in same or abs(one.seen - seen) <= window]


def read_candidates(session: Session, ids: Collection[int]) -> list[CandidateRecord]:
    """Return those of the articles that have been read, by id."""
    if not ids:
        return []
    columns = (Article.copied_from, Article.published_at, Article.discovered_at, Article.text_hash)
    more = (Article.address_hash, Article.title, Article.outlet, Article.feed_only)
    statement = select(Article.state, Article.id, *columns, *more).where(Article.id.in_(ids)).order_by(Article.id)
    # The state is no condition: of a dozen ids SQLite would rather read all articles of that state.
    return [CandidateRecord(*row) for state, *row in session.execute(statement) if state == "analyzed"]


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
        .order_by(Article.text_hash, Article.feed_only, Article.published_at, Article.id)
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
    """The articles with the most shared samples, without those of more than 50 articles.

    No sample has many more than 50 entries a month, since a crowded one is indexed no further: so the work is
    bounded by the number of samples, whatever is stored.
    """
    if len(fingerprint.samples) < MIN_SHARED_SAMPLES:
        return []
    found = sample_pages.read_articles(session, fingerprint.samples, months)
    shared = Counter(one for articles in found.values() if len(articles) <= _CROWDED for one in articles)
    nearest = sorted(
        (-count, one) for one, count in shared.items() if count >= MIN_SHARED_SAMPLES and one != article_id
    )
    most = _CANDIDATES if fingerprint.word_count <= _LONG else _CANDIDATES_OF_LONG
    return [one for _, one in nearest[:most]]
