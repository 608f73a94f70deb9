"""The words of an article as numbers that a learned model weighs."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from worker.topics.article_index import LEAD_WORDS, ArticleIndex

PREFIX = 6
"""Letters of a word that are kept: one feature for `migrant`, `migrants` and `migrante`. Of 5, 6, 7 and whole words,
6 was best over the development set of the topics bench."""

SHORTEST = 4
"""Shorter words are left out: they are mostly grammar, which tells languages apart and nothing else."""

TITLE_COUNTS, LEAD_COUNTS = 6.0, 1.5
"""What an occurrence in the title or the lead counts for, where one in the body counts 1."""


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """`values` has length 1 as a vector; `written` gives for each feature the first word that began so, folded."""

    values: dict[str, float]
    written: dict[str, str]


def word_features(index: ArticleIndex) -> WordFeatures:
    """Return 1 + ln(count) of each word's first letters, counted by zone, over the length of the whole vector."""
    counts: dict[str, float] = {}
    written: dict[str, str] = {}
    body = index.body_start
    lead = body + LEAD_WORDS
    for word, positions in index.positions.items():
        if len(word) < SHORTEST or word.isdigit():
            continue
        prefix = word[:PREFIX]
        count = float(len(positions))
        if positions[0] < lead:
            in_title = bisect_left(positions, body)
            in_lead = bisect_left(positions, lead) - in_title
            count += in_title * (TITLE_COUNTS - 1) + in_lead * (LEAD_COUNTS - 1)
        if prefix in counts:
            counts[prefix] += count
        else:
            counts[prefix] = count
            written[prefix] = word
    values = {prefix: 1 + math.log(count) for prefix, count in counts.items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return WordFeatures({prefix: value / length for prefix, value in values.items()}, written)
