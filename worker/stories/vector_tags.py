"""What an article says of when, where, who and how much, carried in its vector as terms too light to bear on a score.

So an article is one mapping, from which everything that stories are decided by comes back (`profile`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from worker.stories.dateline import Day, read_day
from worker.stories.facts import Facts, read_facts

TAG_WEIGHT = 0.01  # of a vector of length 1: products of tags stay below a ten-thousandth
_NAME, _HEADLINE_NAME, _HEADLINE = "@", "!", "/"
_COUNT, _HEADLINE_COUNT = "*", "+"
_FACT, _WEEKDAY, _LENGTH, _ROUND_UP, _NAMED_DAY = "#", "$", "%", "&", "^"
_MARKS = frozenset(
    {_NAME, _HEADLINE_NAME, _HEADLINE, _COUNT, _HEADLINE_COUNT, _FACT, _WEEKDAY, _LENGTH, _ROUND_UP, _NAMED_DAY}
)


@dataclass(frozen=True, slots=True)
class Tags:
    """What an article says besides its words. Names have weights that add up to 1; `length` is in words.

    `headline` holds the terms of the title, `names` and `counts` are those of title and lead, `day` is the one that
    the text opens with, `named_days` are those of title and text, `weekdays` (0 is Monday) those of title and lead. A
    round-up tells many events and is told apart from all of them.
    """

    names: Mapping[str, float] = field(default_factory=dict)
    headline_names: Mapping[str, float] = field(default_factory=dict)
    headline: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()
    headline_counts: frozenset[str] = frozenset()
    day: Day | None = None
    named_days: frozenset[Day] = frozenset()
    weekdays: frozenset[int] = frozenset()
    facts: Facts = field(default_factory=Facts)
    length: int = 0
    round_up: bool = False


def write_tags(tags: Tags, facts: Iterable[str] = ()) -> dict[str, float]:
    """Return the terms for an article's tags, its facts as `find_facts` wrote them; no word looks like them."""
    terms = [f"{_FACT}{fact}" for fact in facts]
    terms += [f"{_HEADLINE}{term}" for term in tags.headline]
    terms += [f"{_COUNT}{count}" for count in tags.counts]
    terms += [f"{_HEADLINE_COUNT}{count}" for count in tags.headline_counts]
    terms += [f"{_WEEKDAY}{day}" for day in tags.weekdays]
    terms += [f"{_NAMED_DAY}{day}" for day in tags.named_days]
    terms += [f"{_LENGTH}{tags.length}"]
    terms += [_ROUND_UP] if tags.round_up else []
    terms += [str(tags.day)] if tags.day else []
    named = {f"{_NAME}{name}": part for name, part in tags.names.items()}
    named |= {f"{_HEADLINE_NAME}{name}": part for name, part in tags.headline_names.items()}
    return {name: round(TAG_WEIGHT * part, 5) for name, part in named.items()} | dict.fromkeys(
        sorted(terms), TAG_WEIGHT
    )


def is_tag(term: str) -> bool:
    """Whether a term of a vector is a tag."""
    return term[:1] in _MARKS or _is_day(term)


def read_tags(vector: Mapping[str, float]) -> Tags:
    """Return the tags that stand among the terms of an article's vector."""
    marked: dict[str, dict[str, float]] = {mark: {} for mark in _MARKS}
    days = []
    for term, weight in vector.items():
        if term[:1] in marked:
            marked[term[:1]][term[1:]] = weight
        elif _is_day(term):
            days.append(read_day(term))
    return Tags(
        names=_as_parts(marked[_NAME]),
        headline_names=_as_parts(marked[_HEADLINE_NAME]),
        headline=frozenset(marked[_HEADLINE]),
        counts=frozenset(marked[_COUNT]),
        headline_counts=frozenset(marked[_HEADLINE_COUNT]),
        day=days[0] if days else None,
        named_days=frozenset(map(read_day, marked[_NAMED_DAY])),
        weekdays=frozenset(map(int, marked[_WEEKDAY])),
        facts=read_facts(marked[_FACT]),
        length=max(map(int, marked[_LENGTH]), default=0),
        round_up=bool(marked[_ROUND_UP]),
    )


def _as_parts(weights: Mapping[str, float]) -> dict[str, float]:
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in weights.items()}


def _is_day(term: str) -> bool:
    return len(term) in (7, 10) and term[-3] == "-" and term[-6] == "-"
