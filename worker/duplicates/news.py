"""Whether a copy says something that nothing in its group of copies has said: an update, though it is a copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.duplicates.change import changed_numbers, new_sentences
from worker.duplicates.wording import read_wording
from worker.text.months import named_month
from worker.text.number_words import NUMBER_WORDS

_LEAD = 60  # words
_SHARE = 0.15  # of the text in new sentences
_SEVERAL, _WORDS = 2, 30  # new sentences, and words of them, where a word of the headline comes from there
_ONE_WORDS, _TOLD_BY = 20, 2  # of a single new one, and words of the headline: an outlet adds one for its own town
_NEW = 0.85  # of a sentence's three-word shingles; where every fifth word was changed, half of them are new
_LONGER = 1.6  # times the longest of the others: then it is a round-up that holds the text
_STEM = 5  # letters by which a headline's word is found again in the text: "arrest", "arrested"
_YEAR = re.compile(r"(?:19|20)\d\d")
_NEAR = 2  # words between a day and its month: "22 de noviembre", "21st of May"


@dataclass(frozen=True, slots=True)
class Printed:
    """What one article of a group of copies says."""

    title: str
    text: str


def is_update(copy: Printed, known: Sequence[Printed]) -> bool:
    """Whether the copy says something that none of the `known` articles of its group does.

    It does where a number in its headline or lead has taken another's place; or where sentences are new with 15 % of
    its words, and its headline has words of theirs that nobody had before: one such word of two sentences with 30 words
    or more, two of a single one with 20. Without that they are the end of a text which the others have cut, or lines of
    the page. Another headline, a cut text, other words, another date, one sentence more for an outlet's own town and a
    round-up that holds it are none.
    """
    if not known or _is_round_up(copy, known):
        return False
    return _has_new_number(copy, known) or _has_new_sentences(copy, known)


def _has_new_number(copy: Printed, known: Sequence[Printed]) -> bool:
    """In the headline it must be one that the others do not have at all: a desk may pick another out of the text."""
    said = {word for one in known for word in (*_words(one.title), *_words(one.text))}
    titles = (pair for one in known for pair in changed_numbers(_words(one.title), _words(copy.title)))
    if any(now not in said for _, now in titles):
        return True
    lead = _lead(copy)
    return bool(set.intersection(*({now for _, now in changed_numbers(_lead(one), lead)} for one in known)))


def _has_new_sentences(copy: Printed, known: Sequence[Printed]) -> bool:
    before, after = [read_wording(one.text).words for one in known], read_wording(copy.text).words
    found = list(new_sentences(before, copy.text, share=_NEW))
    words = sum(count for count, _ in found)
    if not found or words < _SHARE * len(after):
        return False
    said = {stem for one in known for stem in _stems(f"{one.title} {one.text}")}
    told_by = (_stems(copy.title) - said) & _stems(" ".join(sentence for _, sentence in found))
    if len(found) < _SEVERAL:
        return words >= _ONE_WORDS and len(told_by) >= _TOLD_BY
    return words >= _WORDS and bool(told_by)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in read_wording(text).words if len(word) >= _STEM or word[0].isdigit()}


def _is_round_up(copy: Printed, known: Iterable[Printed]) -> bool:
    longest = max(len(read_wording(one.text).words) for one in known)
    return len(read_wording(copy.text).words) > _LONGER * longest


def _lead(printed: Printed) -> tuple[str, ...]:
    return _words(printed.text)[:_LEAD]


def _words(text: str) -> tuple[str, ...]:
    """Counts are numbers however they are written, `1,200` is 1200, and dates are words."""
    words = read_wording(text).words
    return tuple("#" if _is_date(words, place) else _as_number(word) for place, word in enumerate(words))


def _is_date(words: Sequence[str], place: int) -> bool:
    """Whether a year stands there, or a day or month in figures with another part of its date beside it."""
    if _YEAR.fullmatch(words[place]):
        return True
    around = words[max(0, place - _NEAR) : place + _NEAR + 1]
    is_short = len(words[place]) <= 2 and words[place].isdigit()
    return is_short and any(_YEAR.fullmatch(word) or named_month(word) for word in around)


def _as_number(word: str) -> str:
    return str(NUMBER_WORDS[word]) if word in NUMBER_WORDS else _plain(word)


def _plain(word: str) -> str:
    return word.replace(",", "").replace(".", "") if word[0].isdigit() else word
