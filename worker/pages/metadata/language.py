"""Which language a text is in, told from its commonest words; offline and small."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from itertools import chain, repeat
from math import log
from unicodedata import name as character_name

from worker.text.languages import LANGUAGES
from worker.text.word_frequencies import CENTIBELS, words_by_centibels

# Written in letters of their own: the letters tell the language, or the most likely one.
_SCRIPTS = {script: one.code for one in LANGUAGES if not one.letters for script in one.scripts}
# Letters that only one language of its script has, by the most likely one.
_TELLING = {
    code: [one for one in LANGUAGES if one.letters and one.scripts == (script,)] for script, code in _SCRIPTS.items()
}
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 600  # characters; the verdict is settled long before
_FEWEST_WORDS = 3
_COMMONEST = 3_000  # words kept of each list
_UNKNOWN = log(1e-6)
# A word of a known text is on average this likely, or the text is in no language we know (measured: English,
# Spanish, Portuguese, French, German and Italian news 1e-4 to 2e-3; Finnish or Malay below 2e-5 in each).
_FLOOR = log(3e-5)


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the text's language; None where too short or in none of the known ones.

    Words are looked up in lists of the commonest: naive Bayes over single words, which is enough for
    texts of a sentence and more.
    """
    sample = text[:_SAMPLE]
    words = _WORD.findall(sample.casefold())
    if not words:
        return None
    script = _script(sample)
    if script:
        return script
    if len(words) < _FEWEST_WORDS:
        return None
    codes, table = _table()
    gains = [0.0] * len(codes)
    for place, gain in chain.from_iterable(map(table.get, words, repeat(()))):
        gains[place] += gain
    best = max(range(len(codes)), key=gains.__getitem__)
    return codes[best] if gains[best] / len(words) + _UNKNOWN >= _FLOOR else None


def _script(sample: str) -> str | None:
    """The language of a script of its own, where most letters are in one; Japanese where kana stand among Han."""
    if sample.isascii():
        return None
    letters = [char for char in sample if char.isalpha()]
    foreign = [char for char in letters if char > "\u036f"]
    if len(foreign) * 2 < len(letters):
        return None
    scripts = Counter(character_name(char, "").split(" ", 1)[0].split("-", 1)[0] for char in foreign[:500])
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > len(foreign[:500]) // 20:
        return "ja"
    code = next((_SCRIPTS[script] for script, _ in scripts.most_common(3) if script in _SCRIPTS), None)
    for other in _TELLING.get(code or "", ()):
        if sum(sample.count(char) for char in other.letters) * 200 > len(foreign):
            return other.code
    return code


@cache
def _table() -> tuple[tuple[str, ...], dict[str, tuple[tuple[int, float], ...]]]:
    """The languages' codes; and of each common word the languages that have it, by number, and how much likelier than
    an unknown word it is there, as logarithms."""
    codes = tuple(one.code for one in LANGUAGES if one.by_words)
    table: defaultdict[str, tuple[tuple[int, float], ...]] = defaultdict(tuple)
    for place, code in enumerate(codes):
        kept = 0
        for centibels, words in enumerate(words_by_centibels(code)):
            gain = (place, -centibels / CENTIBELS * log(10) - _UNKNOWN)
            for word in words:
                table[word] += (gain,)
            kept += len(words)
            if kept >= _COMMONEST:
                break
    return codes, dict(table)
