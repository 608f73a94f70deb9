from worker.duplicates import (
    DuplicateDecision,
    DuplicateKind,
    Follower,
    GroupMember,
    Relation,
    branch_of,
    change_groups,
)

UNIQUE = DuplicateDecision(DuplicateKind.UNIQUE)
NEAR = DuplicateDecision(DuplicateKind.NEAR, 9, 0.8, "shared words")
FAMILY = [GroupMember(1), GroupMember(2, 1, 1), GroupMember(3, 2, 1), GroupMember(4, 1, 1)]


def test_an_article_like_no_other_changes_no_group():
    change = change_groups(9, Relation(UNIQUE), [])
    assert (change.original_id, change.copied_from, change.moved, change.former_originals) == (9, None, (), ())


def test_a_copy_of_a_copy_is_in_the_group_of_its_original():
    change = change_groups(9, Relation(DuplicateDecision(DuplicateKind.NEAR, 3, 0.8, "words")), FAMILY[2:3])
    assert (change.copied_from, change.original_id) == (3, 1)
    assert change.decision == DuplicateDecision(DuplicateKind.NEAR, 1, 0.8, "words")


def test_a_follower_comes_over_with_its_copies_and_the_others_stay():
    change = change_groups(9, Relation(UNIQUE, (Follower(2, NEAR),)), FAMILY)
    assert (change.moved, change.former_originals) == ((2, 3), ())


def test_an_original_that_follows_leads_no_more_and_nothing_comes_over_twice():
    change = change_groups(9, Relation(UNIQUE, (Follower(1, NEAR), Follower(3, NEAR))), FAMILY)
    assert (sorted(change.moved), change.former_originals) == ([1, 2, 3, 4], (1,))


def test_a_branch_is_an_article_with_all_that_copy_it():
    assert branch_of(2, FAMILY) == (2, 3)
    assert sorted(branch_of(1, FAMILY)) == [1, 2, 3, 4]
    assert branch_of(4, FAMILY) == (4,)
