"""What a new article is to those already stored: a copy of an earlier one, the original of later ones, or neither."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.duplicates.decision import Candidate, DuplicateDecision, decide
from worker.duplicates.settings import MEASURED, DuplicateSettings


@dataclass(frozen=True, slots=True)
class Follower:
    """A stored article that is a copy of the new one rather than of what it was taken for so far."""

    article_id: int
    decision: DuplicateDecision


@dataclass(frozen=True, slots=True)
class Relation:
    """What the new article copies (`decision` names the article itself, not its group's original), and its copies."""

    decision: DuplicateDecision
    followers: tuple[Follower, ...] = ()


def relate(
    newcomer: Candidate,
    candidates: Sequence[Candidate],
    *,
    parents: Iterable[Candidate] = (),
    settings: DuplicateSettings = MEASURED.thresholds,
) -> Relation:
    """Relate an article to the stored ones, in whatever order they were read.

    An article copies only one that is senior to it. So which articles are copies, and of what, depends on what they
    say and when they appeared, and not on which of them was read first: one that comes late is decided by its
    seniors, and its juniors among `candidates` change over to it where it is the better match. `parents` are the
    articles that candidates are copies of at present, as far as they are no candidates themselves.
    """
    seniors = [known for known in candidates if known.seniority < newcomer.seniority]
    known = {candidate.article_id: candidate for candidate in (*parents, *candidates)}
    followers = []
    for junior in candidates:
        if junior.seniority > newcomer.seniority:
            parent = known.get(junior.copied_from) if junior.copied_from is not None else None
            rivals = [newcomer] if parent is None else [newcomer, parent]
            decision = _decide(junior, rivals, settings)
            if decision.duplicate_of == newcomer.article_id:
                followers.append((junior.seniority, Follower(junior.article_id, decision)))
    return Relation(
        _decide(newcomer, seniors, settings),
        tuple(follower for _, follower in sorted(followers, key=lambda pair: pair[0])),
    )


def _decide(article: Candidate, seniors: Sequence[Candidate], settings: DuplicateSettings) -> DuplicateDecision:
    return decide(
        article.fingerprint, seniors,
        address=article.address, published=article.published or article.seen, outlet=article.outlet, settings=settings,
    )  # fmt: skip
