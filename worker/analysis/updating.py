"""An article that was read better, put right where it stands: its text, index and topics, and nothing told twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from worker import stories
from worker.analysis.copy_candidates import compare
from worker.analysis.placing import Judgement, look_around, tell
from worker.duplicates import DuplicateRules
from worker.storage.articles import article_rows, copies
from worker.storage.stories import membership
from worker.storage.topics import topic_rows

# Half of what it takes to join a story: the other members may still have the furniture that thins their terms.
_TIED = stories.StorySettings().threshold / 2


def revise(
    session: Session, article_id: int, judgement: Judgement, *,
    rules: DuplicateRules, story_rules: stories.StorySettings, now: datetime,
) -> None:  # fmt: skip
    """Replace what a placed article says and is about, now that it was read better, in this transaction.

    It stays where it is, and its story does not develop by it: so nothing is told again. One exception: what was
    a copy, or in a story that nobody has been told, only by the lines it has lost, is placed anew as a report of
    its own. The caller sees to it that no other worker decides at the same time (`serialize_stories`).
    """
    placed = membership.read_placed(session, article_id)
    article_rows.revise_analysis(
        session, article_id, judgement.article, agency=judgement.agency, text_hash=judgement.fingerprint.text_hash
    )
    membership.replace_samples(session, article_id, placed, judgement.fingerprint)
    if placed.copied_from is None:
        _revise_report(session, article_id, judgement, rules=story_rules, now=now)
    elif _is_still_copy(session, article_id, judgement, rules):
        return
    else:
        followers = membership.release_copy(session, article_id)
        tell(session, article_id, judgement.features, story_rules, now)
        copies.follow(session, followers, article_id)
    topic_rows.revise_matches(session, article_id, judgement.matches, now=now)


def _revise_report(
    session: Session, article_id: int, judgement: Judgement, *, rules: stories.StorySettings, now: datetime
) -> None:
    nearness = membership.revise_member(session, article_id, judgement.features)
    if nearness is None or nearness >= _TIED:
        return
    membership.leave_story(session, article_id, "only page furniture tied it to the others", now=now)
    tell(session, article_id, judgement.features, rules, now)
    copies.follow(session, membership.copies_of(session, article_id), article_id)


def _is_still_copy(session: Session, article_id: int, judgement: Judgement, rules: DuplicateRules) -> bool:
    found = compare(look_around(session, article_id, judgement, rules=rules), settings=rules.thresholds)
    return found.relation.decision.duplicate_of is not None
