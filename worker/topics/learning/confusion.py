"""Labelled articles against what a topic says of them: where it is right, and where people and topic differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelledScore:
    """An article that people labelled `yes`, `no` or `borderline`, and its score (0 where the topic's query does
    not hold). `held_back` says that the score is what a learned model gave it before it was fitted to it."""

    article_id: int
    title: str
    label: str
    score: float
    held_back: bool = False


@dataclass(frozen=True, slots=True)
class Confusion:
    """The four counts, those of the borderline ones, and the articles behind the wrong two, the worst first."""

    threshold: float
    right_hits: int
    wrong_hits: tuple[LabelledScore, ...]
    missed: tuple[LabelledScore, ...]
    right_misses: int
    borderline_hits: tuple[LabelledScore, ...]
    borderline_misses: tuple[LabelledScore, ...]

    @property
    def precision(self) -> float | None:
        """The share of hits that are right; None where there is no hit."""
        return _share(self.right_hits, len(self.wrong_hits))

    @property
    def recall(self) -> float | None:
        """The share of articles labelled `yes` that are hits; None where there is none."""
        return _share(self.right_hits, len(self.missed))


def confuse(scored: Sequence[LabelledScore], threshold: float) -> Confusion:
    """Sort the labelled articles by label and by whether their score reaches `threshold`."""
    hits = sorted((each for each in scored if each.score >= threshold), key=lambda each: -each.score)
    misses = sorted((each for each in scored if each.score < threshold), key=lambda each: each.score)
    return Confusion(
        threshold=threshold,
        right_hits=sum(each.label == "yes" for each in hits),
        wrong_hits=tuple(each for each in hits if each.label == "no"),
        missed=tuple(each for each in misses if each.label == "yes"),
        right_misses=sum(each.label == "no" for each in misses),
        borderline_hits=tuple(each for each in hits if each.label == "borderline"),
        borderline_misses=tuple(each for each in misses if each.label == "borderline"),
    )


def _share(part: int, rest: int) -> float | None:
    return part / (part + rest) if part + rest else None
