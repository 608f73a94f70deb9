"""An article's place among the others: copy or original, story, topics.

The pipeline and `storywatch replay` both go through here, so a rule that is tried on an archive is the
rule that runs.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from worker import duplicates, stories
from worker.analysis.copy_candidates import Comparison, compare, find_candidates
from worker.analysis.judgement import Judgement
from worker.duplicates import MEASURED, DuplicateRules
from worker.storage.articles.fingerprints import SampleEntry
from worker.storage.db.session import Session
from worker.storage.reports.placements import Placement
from worker.storage.stories.placement_snapshots import PlacementSnapshot, read_placement
from worker.storage.stories.placement_writes import PlacementDecision, apply_placement


def place(
    session: Session, article_id: int, judgement: Judgement, *, now: datetime, rules: DuplicateRules = MEASURED,
    story_rules: stories.StorySettings = stories.MEASURED, before: Comparison | None = None,
) -> Placement:  # fmt: skip
    """Decide what the article is among the stored ones, and save all of it in this transaction.

    The caller sees to it that no other worker decides at the same time (`serialize_stories`), and hands in what
    was compared `before` that, so that under the lock only what is new since is compared.
    """
    candidates = find_candidates(session, article_id, judgement, rules=rules, before=before)
    comparison = compare(candidates, rules=rules, before=before)
    snapshot = read_placement(session, comparison.relation, judgement.features, window=story_rules.window)
    decision = decide_placement(judgement, comparison, snapshot, now=now, story_rules=story_rules)
    story_id = apply_placement(session, decision, now=now)
    return Placement(decision.group.decision, story_id, decision.matches)


def decide_placement(
    judgement: Judgement, comparison: Comparison, snapshot: PlacementSnapshot, *, now: datetime,
    story_rules: stories.StorySettings = stories.MEASURED,
) -> PlacementDecision:  # fmt: skip
    """Decide an article's place; nothing but what is given counts.

    A copy carries its original's story and topics; the original of a group is its earliest article.
    """
    group = duplicates.change_groups(comparison.candidates.article.article_id, comparison.relation, snapshot.groups)
    return PlacementDecision(
        judgement.article, judgement.published, judgement.agency, judgement.fingerprint.text_hash,
        group=group,
        samples=_samples(comparison),
        membership=_decide_membership(group, judgement.features, snapshot, now=now, story_rules=story_rules),
        matches=judgement.matches if group.copied_from is None else snapshot.matches,
        updates=_find_updates(group, judgement, snapshot),
    )  # fmt: skip


def _find_updates(group: duplicates.GroupChange, judgement: Judgement, snapshot: PlacementSnapshot) -> tuple[int, ...]:
    """Which of the article and its followers say something new: an original that is read late hides no later news."""
    own, known = duplicates.Printed(judgement.article.title, judgement.article.text), snapshot.printed
    updates = [group.article_id] if group.copied_from is not None and duplicates.is_update(own, known) else []
    told = [*known, own] if updates or group.copied_from is None else [*known]
    for follower, said in snapshot.followers:
        if duplicates.is_update(said, told):
            updates.append(follower)
            told.append(said)
    return tuple(updates)


def _decide_membership(
    group: duplicates.GroupChange, features: stories.StoryFeatures, snapshot: PlacementSnapshot,
    *, now: datetime, story_rules: stories.StorySettings,
) -> stories.MembershipChange:  # fmt: skip
    """An article that is the original of reports takes the place of one; it opens no story of its own."""
    reports = {member.article_id for member in snapshot.members}
    former = [one for one in group.former_originals if one in reports]
    if group.copied_from is not None:
        return stories.follow_original(group.article_id, snapshot.story_id, former, snapshot.members)
    if former:
        return stories.take_over(group.article_id, features, former, snapshot.members)
    return stories.join_story(group.article_id, features, snapshot.candidates, now=now, settings=story_rules)


def _samples(comparison: Comparison) -> tuple[SampleEntry, ...]:
    """What the article says beyond its original, and what those say beyond it that are its copies from now on."""
    article, relation, known = comparison.candidates.article, comparison.relation, comparison.fingerprints
    parent_id = relation.decision.duplicate_of
    copied = duplicates.sample(known[parent_id].words) if parent_id is not None else ()
    own = SampleEntry(article.article_id, article.fingerprint, article.seen, copied)
    followers = {follower.article_id for follower in relation.followers}
    theirs = (
        SampleEntry(one.article_id, _sampled(known[one.article_id]), one.seen, article.fingerprint.samples)
        for one in comparison.candidates.stored
        if one.article_id in followers
    )
    return (own, *theirs)


def _sampled(known: duplicates.Fingerprint) -> duplicates.Fingerprint:
    return replace(known, samples=duplicates.sample(known.words))
