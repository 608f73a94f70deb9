"""Articles into groups of one event each, whatever order they come in: agglomeration by mean link."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from worker.stories.features import StoryFeatures
from worker.stories.pairing import link
from worker.stories.settings import StorySettings

_Rank = tuple[datetime, tuple[str, ...], int]
_Offer = tuple[float, _Rank, _Rank]  # what is asked beyond what there is (negative), and two groups


@dataclass(slots=True)
class _Group:
    """`near` holds by each group beside it how far their pairs are above `unlike`, in sum; `asked` never falls.

    `dates` are those of the members, `links` and `pairs` the sum and number of the links among them that count.
    """

    members: list[int]
    rank: _Rank
    dates: list[datetime]
    links: float = 0.0
    pairs: int = 0
    asked: float = 0.0
    near: dict[int, float] = field(default_factory=dict)


class Agglomeration:
    """Groups that grow from single articles, as far as articles are learned of.

    Two groups are joined that are each other's best: those whose mean log-odds exceed what is asked of them by most,
    and by 0 or more. Pairs count that lie within one window; of those that nobody has given each is `unlike`. What is
    asked of a group never falls as it grows, and the mean to two joined groups lies between
    the means to each, so nothing a later join brings forth can be better than what there was: whatever order groups
    are looked at in, each ends as if always the best pair of all had been joined first (reciprocal nearest neighbours;
    Bruynooghe 1978, Murtagh 1983). And so a group can be told from what is near it, with the rest never read.
    """

    def __init__(self, settings: StorySettings) -> None:
        self._settings = settings
        self._groups: dict[int, _Group] = {}
        self._group_of: dict[int, int] = {}
        self._offered: dict[int, dict[int, float]] = defaultdict(dict)  # to articles that are not learned yet
        self._ranks: dict[int, _Rank] = {}

    def learn(self, article: int, features: StoryFeatures, others: Mapping[int, StoryFeatures]) -> None:
        """Take in an article with all others that it may have to do with; each pair is weighed once."""
        excess = self._offered.pop(article, {})
        for other, theirs in others.items():
            is_near = abs(features.published - theirs.published) <= self._settings.window
            if not is_near or other in self._group_of or other == article:
                continue
            beyond = link(features, theirs, self._settings) - self._settings.unlike
            if beyond > 0:
                excess[other] = self._offered[other][article] = beyond
                self._ranks[other] = _rank(other, theirs)
        self._take_in(article, _rank(article, features), excess)

    def knows(self, article: int) -> bool:
        """Whether the article is learned of."""
        return article in self._group_of

    def members(self, article: int) -> tuple[int, ...]:
        """Return the group of an article that is learned of."""
        return tuple(sorted(self._groups[self._group_of[article]].members))

    def settle(self, article: int) -> int | None:
        """Join what can be joined until the article's group is final (None), or the article returned is learned of.

        Each step goes to a better pair than the one before, so it ends at two that are each other's best.
        """
        if article not in self._group_of:
            return article
        chain = [self._group_of[article]]
        while (best := self._best(chain[-1])) is not None or len(chain) > 1:
            if best is None or best in chain:
                right, left = chain.pop(), chain.pop()
                self._join(left, right)
                chain = chain or [self._group_of[article]]
            elif best not in self._groups:
                return best
            else:
                chain.append(best)
        return None

    def _take_in(self, article: int, rank: _Rank, excess: Mapping[int, float]) -> None:
        near: dict[int, float] = defaultdict(float)
        for other, beyond in excess.items():
            near[self._group_of.get(other, other)] += beyond
        for number, beyond in near.items():
            if number in self._groups:
                self._groups[number].near[article] = beyond
        self._group_of[article] = article
        self._groups[article] = _Group([article], rank, [rank[0]], near=dict(near))

    def _best(self, number: int) -> int | None:
        one = self._groups[number]
        least = one.asked - self._settings.unlike - 1e-9  # of a single pair
        found: tuple[_Offer, int] | None = None
        for other, beyond in one.near.items():
            if beyond < least:
                continue
            offer = self._offer(one, other, beyond)
            if offer is not None and (found is None or offer < found[0]):
                found = (offer, other)
        return found[1] if found else None

    def _offer(self, one: _Group, number: int, beyond: float) -> _Offer | None:
        other = self._groups.get(number)
        if other is None:
            rank = self._ranks[number]
            other = _Group([number], rank, [rank[0]])
        mean = beyond / self._count_pairs(one, other) + self._settings.unlike
        short = round(max(one.asked, other.asked) - mean, 9)
        if short > 0 or not self._is_open(one, other):
            return None
        return (short, min(one.rank, other.rank), max(one.rank, other.rank))

    def _join(self, left: int, right: int) -> None:
        one, other = self._groups[left], self._groups.pop(right)
        between = self._count_pairs(one, other)
        one.links += other.links + one.near.pop(right) + self._settings.unlike * between
        one.pairs += other.pairs + between
        del other.near[left]
        for number, beyond in other.near.items():
            one.near[number] = one.near.get(number, 0.0) + beyond
            if number in self._groups:
                theirs = self._groups[number].near
                theirs[left] = theirs.get(left, 0.0) + theirs.pop(right)
        one.members += other.members
        self._group_of.update(dict.fromkeys(other.members, left))
        one.rank = min(one.rank, other.rank)
        one.dates = sorted(one.dates + other.dates)
        asked = self._settings.asked_of(len(one.members), cohesion=one.links / one.pairs)
        one.asked = max(one.asked, other.asked, asked)

    def _count_pairs(self, one: _Group, other: _Group) -> int:
        """How many pairs of theirs lie within one window."""
        window = self._settings.window
        first, last = min(one.dates[0], other.dates[0]), max(one.dates[-1], other.dates[-1])
        if last - first <= window:
            return len(one.dates) * len(other.dates)
        return sum(
            bisect_right(other.dates, date + window) - bisect_left(other.dates, date - window) for date in one.dates
        )

    def _is_open(self, one: _Group, other: _Group) -> bool:
        span = max(one.dates[-1], other.dates[-1]) - min(one.dates[0], other.dates[0])
        return span <= self._settings.max_span


def _rank(article: int, features: StoryFeatures) -> _Rank:
    """By what the articles say, so that the order they came in decides no tie."""
    return (features.published, features.keys, article)
