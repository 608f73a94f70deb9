"""Near-duplicate candidates: the stored articles that may be copies or originals of one, looked up and compared.

Comparing takes milliseconds and needs no lock: it is done before. Under the lock only what has changed since is
compared again; where nothing has, the comparison stands, because it depends on nothing but what was compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from worker import duplicates
from worker.analysis.judgement import Judgement
from worker.duplicates import DuplicateRules
from worker.storage.articles import article_rows, discoveries, fingerprints
from worker.storage.articles.discoveries import Discovery
from worker.storage.articles.fingerprints import CandidateRecord
from worker.storage.db.session import Session


@dataclass(frozen=True, slots=True)
class CopyCandidates:
    """The candidates for copies and originals of an article, what those copy at present, and texts by their ids."""

    article: duplicates.Candidate
    stored: tuple[CandidateRecord, ...]
    parents: tuple[CandidateRecord, ...]
    texts: Mapping[int, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an article is to its candidates. `fingerprints`, by id, are of all that was compared, without samples."""

    candidates: CopyCandidates
    relation: duplicates.Relation
    fingerprints: Mapping[int, duplicates.Fingerprint] = field(repr=False)


def find_candidates(
    session: Session, article_id: int, judgement: Judgement, *, rules: DuplicateRules,
    found_as: Discovery | None = None, before: Comparison | None = None,
) -> CopyCandidates:  # fmt: skip
    """Look up what the article may copy, or be copied by.

    Where its row does not say yet how it was found, `found_as` does. Texts that were compared `before` and are still
    the same are not read again.
    """
    found_as = found_as or discoveries.discovery_of(session, article_id)
    address = article_rows.address_of(judgement.article, found_as.address)
    said = judgement.fingerprint
    found = fingerprints.find_candidates(
        session, article_id, said, seen=found_as.at, window=rules.window, address=address
    )
    ids = {one.article_id for one in found}
    parents = fingerprints.read_candidates(session, {one.copied_from for one in found if one.copied_from} - ids)
    known = before.fingerprints if before else {}
    unread = [
        one.article_id for one in (*found, *parents)
        if one.article_id not in known or known[one.article_id].text_hash != one.text_hash
    ]  # fmt: skip
    article = duplicates.Candidate(
        article_id, said, judgement.published, found_as.at,
        address=address, outlet=found_as.outlet, is_excerpt=found_as.is_excerpt,
    )  # fmt: skip
    return CopyCandidates(article, tuple(found), tuple(parents), fingerprints.read_texts(session, unread))


def compare(candidates: CopyCandidates, *, rules: DuplicateRules, before: Comparison | None = None) -> Comparison:
    """Decide what the article is to its candidates; needs no session."""
    if before is not None and _same(before.candidates, candidates):
        return before
    known = dict(before.fingerprints) if before else {}
    for one in (*candidates.stored, *candidates.parents):
        if one.article_id in candidates.texts:
            known[one.article_id] = duplicates.reread(
                candidates.texts[one.article_id], title=one.title or "", text_hash=one.text_hash or ""
            )
    relation = duplicates.relate(
        candidates.article,
        [_candidate(one, known) for one in candidates.stored],
        parents=[_candidate(one, known) for one in candidates.parents],
        settings=rules.thresholds,
    )
    return Comparison(candidates, relation, known)


def _same(before: CopyCandidates, now: CopyCandidates) -> bool:
    return (before.article, before.stored, before.parents) == (now.article, now.stored, now.parents)


def _candidate(one: CandidateRecord, known: Mapping[int, duplicates.Fingerprint]) -> duplicates.Candidate:
    return duplicates.Candidate(
        one.article_id, known[one.article_id], one.published, one.seen, one.copied_from, one.address or "",
        outlet=one.outlet, is_excerpt=one.is_excerpt,
    )  # fmt: skip
