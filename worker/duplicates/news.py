"""Whether a copy says something that nothing in its group of copies has said: an update, though it is a copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from worker.duplicates.change import changed_numbers, new_sentences
from worker.duplicates.wording import read_wording

_LEAD = 60  # words
_SENTENCES, _WORDS, _SHARE = 2, 30, 0.15  # new ones; one more sentence is what an outlet adds for its own town
_COUNTS = {
    word: str(number)
    for words in (
        "two three four five six seven eight nine ten eleven twelve",
        "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for number, word in enumerate(words.split(), start=2)
}


@dataclass(frozen=True, slots=True)
class Printed:
    """What one article of a group of copies says."""

    title: str
    text: str


def is_update(copy: Printed, known: Sequence[Printed]) -> bool:
    """Whether the copy says something that none of the `known` articles of its group does.

    It does where a number in its headline or lead has taken another's place, which stands in none of the others, or
    where sentences are new: two of them at least, with 30 words and 15 % of all (as `weigh_change` has it of one
    article). Another headline, a cut text and one sentence more are none.
    """
    if not known:
        return False
    lead = _lead(copy)
    said = {word for one in known for word in (*_words(one.title), *_words(one.text))}
    for one in known:
        pairs = (*changed_numbers(_words(one.title), _words(copy.title)), *changed_numbers(_lead(one), lead))
        if any(now not in said for _, now in pairs):
            return True
    return _has_new_sentences(copy, known)


def _has_new_sentences(copy: Printed, known: Iterable[Printed]) -> bool:
    found = list(new_sentences([read_wording(one.text).words for one in known], copy.text))
    words = sum(count for count, _ in found)
    return len(found) >= _SENTENCES and words >= max(_WORDS, _SHARE * len(read_wording(copy.text).words))


def _lead(printed: Printed) -> tuple[str, ...]:
    return _words(printed.text)[:_LEAD]


def _words(text: str) -> tuple[str, ...]:
    """Counts are numbers however they are written, and `1,200` is 1200."""
    return tuple(_COUNTS.get(word, _plain(word)) for word in read_wording(text).words)


def _plain(word: str) -> str:
    return word.replace(",", "").replace(".", "") if word[0].isdigit() else word
