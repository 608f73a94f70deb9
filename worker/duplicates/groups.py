"""A group of copies: an original, what copies it, and what copies those; and how a group changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from worker.duplicates.decision import DuplicateDecision
from worker.duplicates.relation import Follower, Relation


@dataclass(frozen=True, slots=True)
class GroupMember:
    """A stored article in its group. `copied_from` is what it copies; `original_id` the group's original.

    Both are None for the original itself, which may have no copies at all.
    """

    article_id: int
    copied_from: int | None = None
    original_id: int | None = None


@dataclass(frozen=True, slots=True)
class GroupChange:
    """What changes in the groups when an article comes in.

    `decision` names the original of the article's group, `copied_from` the article of it that it copies. `followers`
    copy the article from now on; `moved` are all that come over to its group, followers and what copies them;
    `former_originals` are those of them that led a group until now.
    """

    article_id: int
    decision: DuplicateDecision
    copied_from: int | None = None
    followers: tuple[Follower, ...] = ()
    moved: tuple[int, ...] = ()
    former_originals: tuple[int, ...] = ()

    @property
    def original_id(self) -> int:
        """The original of the article's group: the article itself, if it is no copy."""
        return self.decision.duplicate_of or self.article_id


def change_groups(article_id: int, relation: Relation, members: Iterable[GroupMember]) -> GroupChange:
    """Put an article into a group, given how it relates to the stored ones.

    `members` are what it copies, and the whole groups of those that follow it. A copy's copies come along with it.
    """
    known = {member.article_id: member for member in members}
    parent_id = relation.decision.duplicate_of
    original_id = None if parent_id is None else _original_of(parent_id, known)
    followers = [follower.article_id for follower in relation.followers]
    moved = dict.fromkeys(one for follower in followers for one in branch_of(follower, known.values()))
    return GroupChange(
        article_id,
        replace(relation.decision, duplicate_of=original_id),
        copied_from=parent_id,
        followers=relation.followers,
        moved=tuple(moved),
        former_originals=tuple(one for one in followers if _original_of(one, known) == one),
    )


def branch_of(article_id: int, members: Iterable[GroupMember]) -> tuple[int, ...]:
    """Return the article and all that are, by whatever steps, copies of it; it comes first."""
    copies: dict[int, list[int]] = defaultdict(list)
    for member in members:
        if member.copied_from is not None:
            copies[member.copied_from].append(member.article_id)
    branch = [article_id]
    for one in branch:  # grows while it is walked
        branch += copies.get(one, ())
    return tuple(branch)


def _original_of(article_id: int, known: dict[int, GroupMember]) -> int:
    member = known.get(article_id)
    return article_id if member is None or member.original_id is None else member.original_id
