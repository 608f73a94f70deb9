"""Short items that have one sentence in common, an agency's lead or a quote, and tell two things with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from worker.duplicates.alignment import Run
from worker.duplicates.fingerprint import Fingerprint

_SHORT = 80  # words: a few sentences; in longer texts one sentence is too little for a copy anyway
_SAID = 6  # words; a sentence of fewer is a label
_HALF, _MOSTLY = 1 / 2, 2 / 3


def share_one_sentence(fingerprint: Fingerprint, other: Fingerprint, runs: Sequence[Run]) -> bool:
    """Whether of a short item's several sentences one is the other's, and hardly a word of the rest.

    `runs` are the passages that the two share. Where that sentence is two thirds of the item, it is a copy with a line
    of its own.
    """
    if max(fingerprint.word_count, other.word_count) >= _SHORT:
        return False
    said, taken = Counter(fingerprint.sentences), Counter[int]()
    for run in runs:
        taken.update(fingerprint.sentences[run.left : run.left + run.length])
    told = [sentence for sentence, words in said.items() if words >= _SAID]
    theirs = [sentence for sentence in told if taken[sentence] >= _HALF * said[sentence]]
    return len(told) > len(theirs) == 1 and said[theirs[0]] < _MOSTLY * len(fingerprint.words)
