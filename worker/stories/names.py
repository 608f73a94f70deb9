"""Names in the title and the lead: who and where, as far as capital letters tell."""

from __future__ import annotations

import re

from worker.stories.lexicon import as_terms
from worker.stories.rarity import rarity
from worker.stories.terms import words_of
from worker.text.languages import ENGLISH

_MAX_NAMES = 8
_MIN_LETTERS = 3
_CAPITALISED_NOUNS = {"de", "lb"}  # there a capital tells nothing
_OPEN, _GO_ON = r"[a-zà-öø-ÿ,;)’'”\"] ", r"(?: (?:of|de|del|la|the|y) [A-ZÀ-ÖØ-Þ]\w+| [A-ZÀ-ÖØ-Þ][\w’'-]+)"
_NAME = re.compile(rf"(?<={_OPEN})[A-ZÀ-ÖØ-Þ][\w’'-]+{_GO_ON}{{0,7}}")
_NAMED = r"[A-ZÀ-ÖØ-Þ][\w’'-]+(?: (?:(?:of|de|del|la) )?[A-ZÀ-ÖØ-Þ][\w’'-]+){0,2}"
_ROW = re.compile(rf"(?<!\w)(?:{_NAMED}, ){{1,9}}{_NAMED},? (?:and|y|e) {_NAMED}")
_TITLES = """
    president minister secretary governor senator mayor chief captain coach judge general director officer
    doctor professor chairman chancellor ambassador commissioner congressman representative sheriff bishop
"""  # borne by many
_MONTHS = "jan feb apr jun jul aug sept sep oct nov dec ene abr ago dic"  # as datelines write them; not "mar", the sea
_NEVER_NAMES = " ".join((*ENGLISH.weekdays, *ENGLISH.months, _MONTHS, "covid", _TITLES)).lower().split()
_NO_NAMES = set(as_terms(_NEVER_NAMES, ENGLISH.code))
_LONG_WORD = re.compile(r"(?<=\s)[^\W\d_]{4,}")


def find_names(title: str, lead: str, text: str, language: str) -> dict[str, float]:
    """Terms of the title and the lead that `text` writes with a capital inside a sentence, the rarest eight.

    With each its part of the names' weight: the parts add up to 1. Where the title is capitalised throughout,
    only running text says what a name is.
    """
    if language in _CAPITALISED_NOUNS:
        return {}
    running = text if _is_capitalised(title) else f"{title} . {text}"
    named = {term for found in _NAME.findall(running) for term in as_terms(words_of(found), language)}
    weights = {
        term: rarity(term, language)
        for term in as_terms(words_of(f"{title} . {lead}"), language)
        if term in named and len(term) >= _MIN_LETTERS and not term.isdigit() and term not in _NO_NAMES
    }
    rarest = dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_MAX_NAMES])
    whole = sum(rarest.values())
    return {term: weight / whole for term, weight in rarest.items()}


def find_rows(text: str, language: str) -> dict[str, int]:
    """Terms of names that stand in a row of three or more, "Durango, Sinaloa y Nayarit", each with the row's length."""
    found: dict[str, int] = {}
    for row in _ROW.findall(text):
        names = re.split(r", (?:and |y )?| (?:and|y|e) (?=[A-ZÀ-ÖØ-Þ])", row)
        found |= dict.fromkeys(as_terms(words_of(row), language), len(names))
    return found


def _is_capitalised(title: str) -> bool:
    """Whether most long words after the first begin with a capital."""
    words = _LONG_WORD.findall(title)
    capitalised = [word for word in words if word[0].isupper()]
    return 2 * len(capitalised) > len(words)
