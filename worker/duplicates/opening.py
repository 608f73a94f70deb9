"""How two texts begin, and what their headlines say of it: what stands round an article is no part of it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from worker.duplicates.alignment import Run
from worker.duplicates.fingerprint import Fingerprint

BEFORE = 30  # words that may stand before a beginning: a dateline, a notice

_PASSAGE = 20  # unbroken words under one headline: a first sentence
_SENDER = 12  # words that may stand before it in one of the two; of a form's facts there are more
_SHORTEST = 12  # words of an excerpt
_MOST_OF_IT = 0.75  # of a text that is shorter than a passage: a sender may stand before it, and its last word be cut
_MOST = 0.6  # of a longer one: an update, and a round-up under a standing head, share a first sentence and no more
_HEADLINE_WORDS = 3  # fewer may head a column: "Morning briefing", "Letters"
_OPENING = 30  # words
_BEGINS_ALIKE = 0.5  # of an opening's words
_HELD = 1 / 3  # of a headline's telling words
_TELLING = 4  # letters
_STEM = 5  # letters by which a headline's word is found again in the text


def is_one_article(left: Fingerprint, right: Fingerprint) -> bool:
    """Whether two texts of different outlets share a headline, and an unbroken passage with which one of them begins
    and which is most of the shorter one.

    Then they are one article, whatever else stands on the longer one's page: a feed's excerpt is whole in its page's
    text. The headline may be a part of the other:
    desks leave out what stands before a colon, or put it there. (In one outlet they may be a column's: its headline
    and first sentence return each day.)
    """
    if not _share_a_headline(left.headline, right.headline):
        return False
    shorter = min(len(left.words), len(right.words))
    enough = max(min(_PASSAGE, max(_SHORTEST, round(_MOST_OF_IT * shorter))), round(_MOST * shorter))
    return any(_longest_from_the_start(one, other) >= enough for one, other in ((left, right), (right, left)))


def share_only_surroundings(left: Fingerprint, right: Fingerprint, runs: Sequence[Run]) -> bool:
    """Whether two texts of one outlet share other articles' first lines, as its pages do, and not their own.

    `runs` are what they share. Their own would stand where both begin, and hold what both headlines say.
    """
    if _say_the_same(left.headline, right.headline):
        return False
    opening = sum(_inside(run, _OPENING + BEFORE) for run in runs)
    if opening < _BEGINS_ALIKE * min(_OPENING, len(left.words), len(right.words)):
        return True
    shared = {word[:_STEM] for run in runs for word in left.words[run.left : run.left + run.length]}
    return not (_holds(shared, left.headline) and _holds(shared, right.headline))


def announces(page: Fingerprint, other: Fingerprint, runs: Sequence[Run]) -> bool:
    """Whether one page, after words of its own, names the other by its headline and goes on as that one begins.

    That is a link with its first lines, and no copy. `runs` are what they share, the page's place first.
    """
    size = len(other.headline)
    if size < _HEADLINE_WORDS or _share_a_headline(page.headline, other.headline):
        return False
    return any(
        page.words[start : start + size] == other.headline
        for run in runs
        if run.right <= BEFORE and run.length >= _SHORTEST
        for start in range(max(_SENDER, run.left - size - _SENDER), run.left + 1)
    )


def _share_a_headline(one: Sequence[str], other: Sequence[str]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    size = len(shorter)
    return size >= _HEADLINE_WORDS and any(
        longer[start : start + size] == shorter for start in range(len(longer) - size + 1)
    )


def _longest_from_the_start(one: Fingerprint, other: Fingerprint) -> int:
    """Length in words of the longest passage of the other text that begins within one text's first words."""
    start = one.words[: _SENDER + _PASSAGE]
    found = SequenceMatcher(None, start, other.words, autojunk=False).find_longest_match()
    return found.size if found.a <= _SENDER else 0


def _say_the_same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the headlines have half of their telling words in common. What has no headline says nothing else."""
    left, right = _stems(one), _stems(other)
    return not left or not right or 2 * len(left & right) >= max(len(left), len(right)) or _share_a_headline(one, other)


def _inside(run: Run, words: int) -> int:
    """How much of the passage stands within the first words of both texts."""
    return max(0, min(run.length, words - run.left, words - run.right))


def _holds(said: set[str], headline: Sequence[str]) -> bool:
    telling = _stems(headline)
    return len(telling & said) >= _HELD * len(telling)


def _stems(words: Sequence[str]) -> set[str]:
    return {word[:_STEM] for word in words if len(word) >= _TELLING}
