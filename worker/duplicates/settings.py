"""The thresholds by which copies are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """Thresholds, measured on 2,400 edited copies and 240 templated look-alikes at four seeds, and on the
    21 forms of `benchmarks/look_alikes/forms.py`: no copy lost, under 1 % of the pairs made from one form let through.
    Why `min_containment` has its value is in docs/copies.md.

    `min_containment`: share of the shorter text's three-word shingles that the other one holds; texts that
    hold fewer, down to `min_candidate_containment`, are copies when `min_aligned` of the shorter one's words
    stand in the other in the same order. `min_coverage`: share of the new article that must come from the
    old one, so that a long feature is no copy of the short note it quotes whole. Of several candidates the one
    that holds most of the article is the original and, since a collection holds a text as well as the text itself
    does, the one with the higher Jaccard similarity (two parts to one); this counts in steps of `tolerance`:
    candidates on one step are equally good, and the earliest of them wins.

    What is shorter than `max_part` of the old article must be its beginning: of the aligned words `min_beginning` must
    stand in as many words at the old one's start as the new one has. What stands later is a part of a collection; else
    a page dated early that holds ten reports would make one story of them all. (Of 2,400 copies none to one is lost.)

    A template is recognised by facts swapped for other facts: at least `template_swaps` of them, which are
    `template_swap_rate` of all aligned facts and `template_density` of all aligned words. Where headlines differ only
    by what fills their slots, or a text appeared more than two days after the other, stock sentences do not dilute the
    rate: it is that of the sentences that differ, and half of it is enough.
    """

    min_containment: float = 0.42
    min_candidate_containment: float = 0.3
    min_aligned: float = 0.65
    min_coverage: float = 0.15
    max_part: float = 0.25
    min_beginning: float = 0.4
    tolerance: float = 0.05
    template_swaps: int = 2
    template_swap_rate: float = 0.25
    template_density: float = 0.02


@dataclass(frozen=True, slots=True)
class DuplicateRules:
    """The thresholds of a copy, and how far apart in time two articles are still compared."""

    thresholds: DuplicateSettings = field(default_factory=DuplicateSettings)
    window: timedelta = timedelta(days=30)


MEASURED = DuplicateRules()
"""What holds where the configuration says nothing."""
