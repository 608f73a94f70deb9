"""How much an article has changed since it was read last: whether its readers have to be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worker.duplicates.alignment import align, gaps_between
from worker.duplicates.wording import read_wording

_SENTENCE = re.compile(r"(?<=[.!?…])[\"”»’)\]]*\s+")
_ENDS = tuple(".!?。！？।؟\"”»’')")
_CUT_OFF = ("…", "...", "[…]", "[...]")
_NEW_SENTENCE = 0.6  # of its three-word shingles are not in the earlier text
_NEW_SHARE, _NEW_WORDS = 0.15, 30
_FEW_WORDS, _HALF = 15, 0.5  # of a text of a few lines, as a feed's own is
_NUMBERS = 2
_FIXED = 8  # words on either side of a corrected number; more is another sentence
_EVIDENCE = 300  # characters
_SHOWN_NUMBERS = 5


@dataclass(frozen=True, slots=True)
class TextChange:
    """`new_share` of the words stand in sentences that are new, the first of which is `added`.

    `numbers` are those that took another's place, as (before, after); clock times do not count.
    """

    changed: bool
    substantial: bool
    new_share: float = 0.0
    numbers: tuple[tuple[str, str], ...] = ()
    added: str = ""


def weigh_change(before: str, after: str, *, title_before: str = "", title_after: str = "") -> TextChange:
    """Compare two versions of one article.

    A change is substantial when sentences are new (15 % of the words, 30 words at least, or half of a text that is
    shorter than that, 15 words at least), when two numbers have become others, or one in the headline. A corrected
    name, a word put better or a new closing line are not.
    """
    old, new = read_wording(before).words, read_wording(after).words
    heads = read_wording(title_before).words, read_wording(title_after).words
    if old == new and heads[0] == heads[1]:
        return TextChange(changed=False, substantial=False)
    sentences = list(new_sentences([old], after))
    words = sum(count for count, _ in sentences)
    share = words / max(1, len(new))
    numbers = tuple(changed_numbers(old, new))
    headline = any(True for _ in changed_numbers(*heads))
    enough = min(_NEW_WORDS, max(_FEW_WORDS, _HALF * len(new)))
    grown = share >= _NEW_SHARE and words >= enough
    return TextChange(
        changed=True,
        substantial=grown or headline or len(numbers) >= _NUMBERS,
        new_share=round(share, 3),
        numbers=numbers[:_SHOWN_NUMBERS],
        added=sentences[0][1][:_EVIDENCE] if sentences else "",
    )


def new_sentences(
    before: Iterable[tuple[str, ...]], after: str, *, share: float = _NEW_SENTENCE
) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text of which that `share` stands in none of the earlier ones, with their words."""
    known = {shingle for old in before for shingle in zip(old, old[1:], old[2:], strict=False)}
    for sentence in _sentences(after):
        words = read_wording(sentence).words
        shingles = set(zip(words, words[1:], words[2:], strict=False))
        if shingles and len(shingles - known) >= share * len(shingles):
            yield len(words), " ".join(sentence.split())


def _sentences(text: str) -> Iterator[str]:
    """Behind the first paragraph, what ends in dots or no full stop is of other stories, as boxes of links have it."""
    first, *others = text.split("\n")
    for paragraph in (first, *filter(_is_whole, others)):
        yield from _SENTENCE.split(paragraph)


def _is_whole(paragraph: str) -> bool:
    ending = paragraph.rstrip()
    return ending.endswith(_ENDS) and not ending.endswith(_CUT_OFF)


def changed_numbers(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the numbers that have taken another's place, as (before, after); clock times do not count."""
    for gap in gaps_between(align(("^", "^", "^", *old, "$", "$", "$"), ("^", "^", "^", *new, "$", "$", "$"))):
        left = [word for word in old[gap.left.start - 3 : gap.left.stop - 3] if _is_number(word)]
        right = [word for word in new[gap.right.start - 3 : gap.right.stop - 3] if _is_number(word)]
        if max(gap.left.stop - gap.left.start, gap.right.stop - gap.right.start) <= _FIXED:
            yield from ((a, b) for a, b in zip(left, right, strict=False) if a != b)


def _is_number(word: str) -> bool:
    return word[0].isdigit() and ":" not in word
