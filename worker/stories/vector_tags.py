"""What an article says of when, where, who and how much, carried in its vector as terms too light to bear on a score.

A story's sum of vectors then holds the tags of all its members, without a column of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worker.stories.dateline import Day, read_day
from worker.stories.facts import Facts, read_facts

TAG_WEIGHT = 0.01  # of a vector of length 1: products of tags stay below a ten-thousandth
_NAME = "@"
_FACT = "#"


def mark(day: Day | None, names: Mapping[str, float], facts: Iterable[str] = ()) -> dict[str, float]:
    """Terms for a day, for weighted names and for facts; no word looks like them."""
    tags = {f"{_NAME}{name}": round(TAG_WEIGHT * part, 5) for name, part in names.items()}
    tags |= {f"{_FACT}{fact}": TAG_WEIGHT for fact in facts}
    return {**tags, str(day): TAG_WEIGHT} if day else tags


def is_tag(term: str) -> bool:
    """Whether a term of a vector is a mark."""
    return term.startswith((_NAME, _FACT)) or _is_day(term)


def days_among(terms: Iterable[str]) -> set[Day]:
    """Days that stand among the terms of a vector."""
    return {read_day(term) for term in terms if _is_day(term)}


def facts_among(terms: Iterable[str]) -> Facts:
    """Facts that stand among the terms of a vector."""
    return read_facts(term[1:] for term in terms if term.startswith(_FACT))


def names_among(vector: Mapping[str, float]) -> dict[str, float]:
    """Names that stand among the terms of a vector, with their weights."""
    return {term[1:]: weight for term, weight in vector.items() if term.startswith(_NAME)}


def strongest_tags(total: Mapping[str, float], *, names: int) -> set[str]:
    """Tags to keep of a story's sum of vectors: all days and facts, and that many names."""
    heaviest = sorted(names_among(total).items(), key=lambda item: (-item[1], item[0]))
    return {term for term in total if _is_day(term) or term.startswith(_FACT)} | {
        f"{_NAME}{name}" for name, _ in heaviest[:names]
    }


def _is_day(term: str) -> bool:
    return len(term) in (7, 10) and term[-3] == "-" and term[-6] == "-"
