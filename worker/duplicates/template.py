"""Telling a copy from a look-alike: two reports made from one template share all but the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from worker.duplicates.alignment import Gap, Run, gaps_between
from worker.duplicates.fingerprint import Fingerprint

_SAME_FORM = 0.5  # of the longer headline's words


@dataclass(frozen=True, slots=True)
class FactCheck:
    """How the differences of two aligned texts fall on their facts (names, numbers, days).

    `kept` facts stand in the shared passages, `swapped` ones against other facts; `aligned`
    counts the words looked at: those shared, and those that stand against other words between them.
    Stock sentences, which both texts have word for word, weigh nothing where a form is suspected: `kept_beside` are
    the kept facts of the sentences in which anything differs.
    """

    kept: int
    swapped: int
    aligned: int
    kept_beside: int = 0

    @property
    def swap_rate(self) -> float:
        return self.swapped / max(1, self.swapped + self.kept)

    @property
    def swap_rate_beside(self) -> float:
        """Of the facts in the sentences that differ, the share that was swapped."""
        return self.swapped / max(1, self.swapped + self.kept_beside)

    @property
    def density(self) -> float:
        return self.swapped / max(1, self.aligned)


def check_facts(left: Fingerprint, right: Fingerprint, runs: Sequence[Run]) -> FactCheck:
    """Compare the facts of two aligned texts.

    An edit hits any word, and mostly words that state no fact; a template changes facts, each for another
    of its kind. So only a fact that stands against a different fact counts as swapped. However long the
    passage is in which it stands: the lists and stock sentences of some forms are exchanged whole.
    """
    shared = sum(run.length for run in runs)
    changes = [gap for gap in gaps_between(runs) if _is_change(gap)]
    return FactCheck(
        kept=_count_kept(left, right, runs),
        swapped=sum(_count_swapped(left, right, gap) for gap in changes),
        aligned=shared + sum(min(_sizes(gap)) for gap in changes),
        kept_beside=_count_kept_beside(left, runs, changes),
    )


def differ_by_slots(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two headlines are one form filled in twice: most words the same, and others against others between them.

    Copies get the same headline, or another one altogether.
    """
    return bool(_slots(left, right))


def differ_by_numbers(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether two headlines are one form filled in twice, with another number in one of the slots."""
    return any(
        any(word[0].isdigit() for word in left[gap.left]) and any(word[0].isdigit() for word in right[gap.right])
        for gap in _slots(left, right)
    )


def _slots(left: Sequence[str], right: Sequence[str]) -> list[Gap]:
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks)
    if not shared or shared < _SAME_FORM * max(len(left), len(right)):
        return []
    runs = [Run(0, 0, 0), *(Run(*block) for block in blocks)]
    return [gap for gap in gaps_between(runs) if _is_change(gap)]


def _sizes(gap: Gap) -> tuple[int, int]:
    return gap.left.stop - gap.left.start, gap.right.stop - gap.right.start


def _is_change(gap: Gap) -> bool:
    return min(_sizes(gap)) > 0


def _count_kept(left: Fingerprint, right: Fingerprint, runs: Sequence[Run]) -> int:
    here, there = left.facts, right.facts
    return sum(run.left + offset in here or run.right + offset in there for run in runs for offset in range(run.length))


def _count_kept_beside(left: Fingerprint, runs: Sequence[Run], changes: Sequence[Gap]) -> int:
    facts, sentences = left.facts, left.sentences
    differing = {sentences[place] for gap in changes for place in range(gap.left.start, gap.left.stop)}
    places = (run.left + offset for run in runs for offset in range(run.length))
    return sum(place in facts and sentences[place] in differing for place in places)


def _count_swapped(left: Fingerprint, right: Fingerprint, gap: Gap) -> int:
    here, there = _facts_in(left, gap.left), _facts_in(right, gap.right)
    return min(len(here - there), len(there - here))


def _facts_in(fingerprint: Fingerprint, part: slice) -> set[str]:
    return {fingerprint.words[place] for place in range(part.start, part.stop) if place in fingerprint.facts}
