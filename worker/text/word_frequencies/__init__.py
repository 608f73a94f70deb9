"""How frequent the words of everyday language are: a list for each language, of some thirty thousand words.

The lists are wordfreq's small ones (Robyn Speer, https://github.com/rspeer/wordfreq; CC BY-SA 4.0, see NOTICE), which
are finished: figures to 2021. `python -m benchmarks.word_frequencies` writes them anew.

A file has a line for each centibel: the words on line n, parted by tabs, make up 10 ** (-n / 100) of a text each.
"""

from __future__ import annotations

import lzma
from importlib.resources import files
from itertools import chain

CENTIBELS = 100
"""To a factor of ten."""


def words_by_centibels(language: str) -> list[list[str]]:
    """The words of a language by their place below 1 in centibels, the most frequent first.

    Raises FileNotFoundError where there is no list: `Language.word_list` says which have one.
    """
    packed = files(__name__).joinpath(f"{language}.txt.xz").read_bytes()
    lines = lzma.decompress(packed).decode("utf-8").split("\n")
    return [line.split("\t") if line else [] for line in lines]


def word_frequencies(language: str) -> dict[str, float]:
    """The share of all words of a text that each word makes up."""
    shares = (
        zip(words, [10 ** (-place / CENTIBELS)] * len(words), strict=True)
        for place, words in enumerate(words_by_centibels(language))
    )
    return dict(chain.from_iterable(shares))


def pack(lines: list[list[str]]) -> bytes:
    """A file that `words_by_centibels` reads the same words from."""
    text = "\n".join("\t".join(words) for words in lines)
    return lzma.compress(text.encode("utf-8"), preset=9 | lzma.PRESET_EXTREME)
