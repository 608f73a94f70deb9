"""Lines a page says twice: captions, headlines, key points, pull quotes."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from worker.pages.tree.blocks import letters
from worker.pages.tree.spacing import ends_sentence, is_cut_off

_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_SHORTEST = 20  # letters; shorter lines recur in honest text (refrains, "What happened?")
_QUOTE = re.compile(r"[\"“„«'‘].*[\"”“»'’]\W*$")
_NEAR = 2  # lines apart: a caption and its picture's text, a deck and the first paragraph
_OPENING = 8  # lines in which headline, deck and captions stand
_SHORTEST_WITHIN, _LONGEST_WITHIN = 40, 400  # letters of what is said again within a line
_MOST_WITHIN, _LOOKED_AT = 6, 200  # lines
_MOST = 4  # more repeats than this are the text's own form: a schedule, a table, a questionnaire


def find_repeats(lines: Sequence[str], removed: Container[int]) -> dict[int, str]:
    """Line number → "doubled-caption" or "repeated-line". The first occurrence of a line stays, with one exception.

    Two equal lines one after the other that end like no sentence are a caption shown and its picture's text:
    both go, unless they open the text, where they are its headline. Repeats count where boilerplate
    stands: near their first occurrence, or when that is among the opening lines.
    """
    shown = [number for number, line in enumerate(lines) if line and number not in removed]
    first: dict[str, int] = {}
    found: dict[int, str] = {}
    for place, number in enumerate(shown):
        key = letters(lines[number])
        before = first.setdefault(key, place)
        if len(key) < _SHORTEST or before == place or not (place - before <= _NEAR or before < _OPENING):
            continue
        found[number] = "repeated-line"
        if place - before == 1 and before > 0 and not _SENTENCE_END.search(lines[number]):
            found[number] = found[shown[before]] = "doubled-caption"
    found = found if len(found) <= _MOST else {}
    keys = {number: letters(lines[number]) for number in shown[:_LOOKED_AT] if number not in found}
    said = list(keys.values())
    within = [
        number
        for place, (number, key) in enumerate(keys.items())
        if _SHORTEST_WITHIN <= len(key) <= _LONGEST_WITHIN
        and ends_sentence(lines[number])
        and not is_cut_off(lines[number])
        and _is_within(key, said, place, is_quote=_QUOTE.match(lines[number]) is not None)
    ]
    return found | (dict.fromkeys(within, "repeated-line") if len(within) <= _MOST_WITHIN else {})


def _is_within(key: str, keys: Sequence[str], place: int, *, is_quote: bool) -> bool:
    """Whether another line says the same and more: one of the opening lines that begins a later one, as key points and
    cut standfirsts do, or words in quotes that stand in the text once more."""
    if is_quote:
        return any(key in other and len(other) > len(key) for other in keys)
    return place < _OPENING and any(other.startswith(key) and len(other) > len(key) for other in keys[place + 1 :])
