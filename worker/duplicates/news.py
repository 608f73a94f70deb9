"""Whether a copy says something that nothing in its group of copies has said: an update, though it is a copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.duplicates.change import changed_numbers, new_sentences
from worker.duplicates.wording import read_wording
from worker.text.number_words import NUMBER_WORDS

_LEAD = 60  # words
_SENTENCES, _WORDS, _SHARE = 2, 30, 0.15  # new ones; one more sentence is what an outlet adds for its own town
_NEW = 0.85  # of a sentence's three-word shingles; where every fifth word was changed, half of them are new
_LONGER = 1.6  # times the longest of the others: then it is a round-up that holds the text


@dataclass(frozen=True, slots=True)
class Printed:
    """What one article of a group of copies says."""

    title: str
    text: str


def is_update(copy: Printed, known: Sequence[Printed]) -> bool:
    """Whether the copy says something that none of the `known` articles of its group does.

    It does where a number in its headline or lead has taken another's place, which stands in none of the others, or
    where sentences are new: two of them at least, with 30 words and 15 % of all (as `weigh_change` has it of one
    article). Another headline, a cut text, other words, one sentence more and a round-up that holds it are none.
    """
    if not known or _is_round_up(copy, known):
        return False
    lead = _lead(copy)
    said = {word for one in known for word in (*_words(one.title), *_words(one.text))}
    for one in known:
        pairs = (*changed_numbers(_words(one.title), _words(copy.title)), *changed_numbers(_lead(one), lead))
        if any(now not in said for _, now in pairs):
            return True
    return _has_new_sentences(copy, known)


def _has_new_sentences(copy: Printed, known: Iterable[Printed]) -> bool:
    before, after = [read_wording(one.text).words for one in known], read_wording(copy.text).words
    found = list(new_sentences(before, copy.text, share=_NEW))
    words = sum(count for count, _ in found)
    return len(found) >= _SENTENCES and words >= max(_WORDS, _SHARE * len(after))


def _is_round_up(copy: Printed, known: Iterable[Printed]) -> bool:
    longest = max(len(read_wording(one.text).words) for one in known)
    return len(read_wording(copy.text).words) > _LONGER * longest


def _lead(printed: Printed) -> tuple[str, ...]:
    return _words(printed.text)[:_LEAD]


def _words(text: str) -> tuple[str, ...]:
    """Counts are numbers however they are written, and `1,200` is 1200."""
    return tuple(str(NUMBER_WORDS[word]) if word in NUMBER_WORDS else _plain(word) for word in read_wording(text).words)


def _plain(word: str) -> str:
    return word.replace(",", "").replace(".", "") if word[0].isdigit() else word
