"""An article's vector taken apart, so that two can be compared quickly: its words, its numbers, and its tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.stories.counts import is_year
from worker.stories.vector_tags import Tags, is_tag, read_tags


@dataclass(frozen=True, slots=True)
class Profile:
    """`words` are the weighted terms without tags, `numbers` those of them that are digits.

    Years are no numbers here: reports of one year, or of one forecast, share them whatever they tell.
    """

    words: Mapping[str, float]
    numbers: frozenset[str]
    tags: Tags


def profile(vector: Mapping[str, float]) -> Profile:
    """Return the profile of a vector."""
    words = {term: weight for term, weight in vector.items() if not is_tag(term)}
    return Profile(words, frozenset(term for term in words if term.isdigit() and not is_year(term)), read_tags(vector))
