"""Which articles of a group of copies are news of their own: in any order they come in, and as they change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from worker import duplicates, pages
from worker.analysis.copy_candidates import Comparison, CopyCandidates
from worker.analysis.judgement import Judgement
from worker.analysis.placing import decide_placement
from worker.analysis.updating import decide_update
from worker.duplicates import DuplicateDecision, DuplicateKind, Follower, GroupMember, Printed, Relation
from worker.storage.stories.placement_snapshots import PlacementSnapshot, UpdateSnapshot
from worker.stories import PlacedArticle, StoryFeatures

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
NEAR, UNIQUE = DuplicateDecision(DuplicateKind.NEAR, 1, 0.9), DuplicateDecision(DuplicateKind.UNIQUE)
TEXT = (
    "A mill in Ojinaga that made tortillas for half of the valley burned down before dawn, and four people who slept "
    "over its office are missing. Its owner was away. Firemen from Presidio came over the bridge to help."
)
EARLY = Printed("Four missing after mill burns in Ojinaga", TEXT)
LATER = Printed("Six missing after mill burns in Ojinaga", TEXT.replace("four", "six"))


def judged(said: Printed) -> Judgement:
    read = pages.ExtractedArticle(pages.PageKind.ARTICLE, said.title, said.text, language="en")
    features = StoryFeatures({"mill": 1.0}, ("mill",), "en", NOON)
    return Judgement(read, NOON, None, duplicates.fingerprint(said.text), features, ())


def updates_of(said: Printed, relation: Relation, snapshot: PlacementSnapshot) -> tuple[int, ...]:
    judgement = judged(said)
    subject = duplicates.Candidate(9, judgement.fingerprint, NOON, NOON)
    compared = Comparison(CopyCandidates(subject, (), (), {}), relation, {1: judgement.fingerprint})
    return decide_placement(judgement, compared, snapshot, now=NOON).updates


def followed_by(**said: Printed) -> tuple[Relation, PlacementSnapshot]:
    """Articles 1, 2, … that are read already and copy the one that comes in; the first of them leads a story."""
    followers = tuple(enumerate(said.values(), start=1))
    groups = tuple(GroupMember(one, 1 if one > 1 else None, 1 if one > 1 else None) for one, _ in followers)
    members = (PlacedArticle(1, 1, judged(EARLY).features),)
    relation = Relation(UNIQUE, tuple(Follower(one, NEAR) for one, _ in followers))
    return relation, PlacementSnapshot(groups, members, followers=followers)


def test_an_original_that_is_read_late_makes_its_newer_copy_an_update() -> None:
    assert updates_of(EARLY, *followed_by(later=LATER)) == (1,)
    assert updates_of(EARLY, *followed_by(later=LATER, reprint=LATER)) == (1,), "its reprint says nothing new"
    assert updates_of(EARLY, *followed_by(same=EARLY, later=LATER)) == (2,)


def test_an_original_that_is_read_late_makes_no_mere_reprint_an_update() -> None:
    cut = Printed("The mill of Ojinaga is gone", TEXT[:120])
    assert updates_of(EARLY, *followed_by(same=EARLY, cut=cut)) == ()


def test_a_copy_that_is_read_late_brings_those_that_follow_it_up_to_date_as_well() -> None:
    """It copies one that is known, and is itself the better match for another."""
    relation, snapshot = followed_by(later=LATER)
    copy = Relation(DuplicateDecision(DuplicateKind.NEAR, 5, 0.9), relation.followers)
    known = PlacementSnapshot((*snapshot.groups, GroupMember(5)), snapshot.members, (), 3, (), (EARLY,),
                              snapshot.followers)  # fmt: skip
    compared = {5: judged(EARLY).fingerprint}
    subject = duplicates.Candidate(9, compared[5], NOON, NOON)
    comparison = Comparison(CopyCandidates(subject, (), (), {}), copy, compared)
    assert decide_placement(judged(EARLY), comparison, known, now=NOON).updates == (1,)
    assert decide_placement(judged(LATER), comparison, known, now=NOON).updates == (9,), "one of the two, once"


@pytest.mark.parametrize(("said", "is_update"), [(LATER, True), (EARLY, False)])
def test_a_copy_that_is_read_again_is_asked_again(said: Printed, is_update: bool) -> None:
    stored = UpdateSnapshot(2, 1, TEXT, NOON, TEXT, (GroupMember(2, 1, 1),), 7, printed=(EARLY,))
    decided = decide_update(judged(said), stored, moves=False, now=NOON)
    assert (decided.updates_original, decided.membership, decided.matches) == (is_update, None, None)


def test_what_is_no_copy_is_not_asked() -> None:
    report = UpdateSnapshot(2, None, TEXT, NOON, None, (), 7, (PlacedArticle(2, 7, judged(EARLY).features),))
    freed = UpdateSnapshot(2, 1, TEXT, NOON, TEXT, (GroupMember(2, 1, 1),), 7, printed=(EARLY,))
    for stored, moves in ((report, False), (freed, True)):
        decided = decide_update(judged(LATER), stored, moves=moves, now=NOON + timedelta(hours=1))
        assert decided.updates_original is None
