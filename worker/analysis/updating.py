"""An article that was read better, put right where it stands: its text, index and topics, and nothing told twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from worker import duplicates, stories
from worker.analysis.copy_candidates import compare, find_candidates
from worker.analysis.judgement import Judgement
from worker.duplicates import DuplicateRules
from worker.storage.articles.fingerprints import SampleEntry
from worker.storage.db.session import Session
from worker.storage.stories.placement_snapshots import UpdateSnapshot, read_update
from worker.storage.stories.placement_writes import UpdateDecision, apply_update
from worker.storage.stories.story_rows import find_stories

_LOOSE = "only boilerplate tied it to the others"


def revise(
    session: Session, article_id: int, judgement: Judgement, *,
    rules: DuplicateRules, story_rules: stories.StorySettings, now: datetime,
) -> None:  # fmt: skip
    """Replace what a placed article says and is about, now that it was read better, in this transaction.

    It stays where it is, and its story does not develop by it: so nothing is told again. One exception: what was
    a copy, or in a story that nobody has been told, only by the lines it has lost, is placed anew as a report of
    its own. What stays a copy is asked again whether it says more than its group had, now that lines of its site are
    gone or its page has changed (which `recheck_page` then tells). The caller sees to it that no other worker decides
    at the same time (`serialize_stories`).
    """
    stored = read_update(session, article_id)
    moves = _is_freed(session, judgement, stored, rules) or _is_loose(judgement, stored)
    candidates = find_stories(session, judgement.features, window=story_rules.window) if moves else ()
    decision = decide_update(judgement, stored, candidates, moves=moves, now=now, story_rules=story_rules)
    apply_update(session, decision, now=now)


def decide_update(
    judgement: Judgement, stored: UpdateSnapshot, candidates: Sequence[stories.StoryCandidate] = (), *,
    moves: bool, now: datetime, story_rules: stories.StorySettings = stories.MEASURED,
) -> UpdateDecision:  # fmt: skip
    """Decide what changes by what the article says now; nothing but what is given counts.

    Where it `moves`, it leaves its original or its story, and joins one of the `candidates` or opens one.
    """
    is_copy = stored.copied_from is not None
    known = duplicates.fingerprint(stored.original_text).samples if stored.original_text is not None else ()
    stays_copy = is_copy and not moves
    return UpdateDecision(
        stored.article_id, judgement.article, judgement.agency, judgement.fingerprint.text_hash,
        forgotten=duplicates.fingerprint(stored.text).samples,
        samples=SampleEntry(stored.article_id, judgement.fingerprint, stored.seen, known),
        freed=is_copy and moves,
        copies=duplicates.branch_of(stored.article_id, stored.group)[1:],
        updates_original=duplicates.is_update(
            duplicates.Printed(judgement.article.title, judgement.article.text), stored.printed
        ) if stays_copy else None,
        membership=None if stays_copy else _decide_membership(
            judgement, stored, candidates, moves=moves, now=now, story_rules=story_rules
        ),
        matches=None if stays_copy else judgement.matches,
    )  # fmt: skip


def _decide_membership(
    judgement: Judgement, stored: UpdateSnapshot, candidates: Sequence[stories.StoryCandidate], *,
    moves: bool, now: datetime, story_rules: stories.StorySettings,
) -> stories.MembershipChange | None:  # fmt: skip
    if stored.copied_from is not None:
        return stories.join_story(stored.article_id, judgement.features, candidates, now=now, settings=story_rules)
    if stored.story_id is None:
        return None
    report = stories.PlacedArticle(stored.article_id, stored.story_id, judgement.features)
    if moves:
        return stories.move_report(report, stored.members, candidates, _LOOSE, now=now, settings=story_rules)
    return stories.revise_report(report, stored.members)


def _is_freed(session: Session, judgement: Judgement, stored: UpdateSnapshot, rules: DuplicateRules) -> bool:
    """Whether it was a copy, and copies nothing any more."""
    if stored.copied_from is None:
        return False
    comparison = compare(find_candidates(session, stored.article_id, judgement, rules=rules), rules=rules)
    return comparison.relation.decision.duplicate_of is None


def _is_loose(judgement: Judgement, stored: UpdateSnapshot) -> bool:
    """Whether it is a report that nothing ties to its story, and nobody was told it with that."""
    is_report = stored.copied_from is None and not stored.told
    return is_report and stories.is_loose(stored.article_id, judgement.features, stored.members)
