"""Whom an article resembles among the stored ones: looked up, compared, and looked up again under the lock.

Comparing takes milliseconds and needs no lock: it is done before. Under the lock only what has changed since is
compared again; where nothing has, the decision stands, because it depends on nothing but what was compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from worker import duplicates
from worker.pages import ExtractedArticle
from worker.storage.articles import article_rows, fingerprints
from worker.storage.articles.fingerprints import Likely


@dataclass(frozen=True, slots=True)
class Subject:
    """The article that is looked for, as far as its copies are concerned."""

    article_id: int
    fingerprint: duplicates.Fingerprint
    published: datetime
    seen: datetime
    address: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The stored articles that may be copies or originals of the subject, what those copy now, and what they say."""

    subject: Subject
    candidates: tuple[Likely, ...]
    parents: tuple[Likely, ...]
    texts: Mapping[int, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What the surroundings came to. `fingerprints` are those of everything in them, by id."""

    surroundings: Surroundings
    relation: duplicates.Relation
    fingerprints: Mapping[int, duplicates.Fingerprint] = field(repr=False)


def survey(
    session: Session, article_id: int, article: ExtractedArticle, fingerprint: duplicates.Fingerprint, *,
    published: datetime, window: timedelta, before: Resemblance | None = None,
) -> Surroundings:  # fmt: skip
    """Look up what is like the article. Texts that were compared `before` and are still the same are not read again."""
    seen, seen_with = article_rows.seen_at(session, article_id)
    address = article_rows.address_of(article, seen_with)
    found = fingerprints.find_candidates(session, article_id, fingerprint, seen=seen, window=window, address=address)
    ids = {one.article_id for one in found}
    parents = fingerprints.read_likely(session, {one.copied_from for one in found if one.copied_from} - ids)
    known = before.fingerprints if before else {}
    unread = [
        one.article_id for one in (*found, *parents)
        if one.article_id not in known or known[one.article_id].text_hash != one.text_hash
    ]  # fmt: skip
    subject = Subject(article_id, fingerprint, published, seen, address)
    return Surroundings(subject, tuple(found), tuple(parents), fingerprints.read_texts(session, unread))


def compare(
    surroundings: Surroundings, *, settings: duplicates.DuplicateSettings, before: Resemblance | None = None
) -> Resemblance:
    """Decide what the article is to those around it; needs no session."""
    if before is not None and _same(before.surroundings, surroundings):
        return before
    subject = surroundings.subject
    known = dict(before.fingerprints) if before else {}
    for one in (*surroundings.candidates, *surroundings.parents):
        if one.article_id in surroundings.texts:
            known[one.article_id] = _fingerprint(surroundings.texts[one.article_id], one)
    relation = duplicates.relate(
        duplicates.Candidate(
            subject.article_id, subject.fingerprint, subject.published, subject.seen, address=subject.address
        ),
        [_candidate(one, known) for one in surroundings.candidates],
        parents=[_candidate(one, known) for one in surroundings.parents],
        settings=settings,
    )
    return Resemblance(surroundings, relation, known)


def _fingerprint(text: str, one: Likely) -> duplicates.Fingerprint:
    """That of the text's beginning, with the hash of all of it, as it was when it was fetched."""
    return replace(duplicates.fingerprint(text), text_hash=one.text_hash or "")


def _same(before: Surroundings, now: Surroundings) -> bool:
    return (before.candidates, before.parents) == (now.candidates, now.parents)


def _candidate(one: Likely, known: Mapping[int, duplicates.Fingerprint]) -> duplicates.Candidate:
    return duplicates.Candidate(
        one.article_id, known[one.article_id], one.published, one.seen, one.copied_from, one.address or ""
    )
