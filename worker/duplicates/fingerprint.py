"""What is kept of a text to find its copies among millions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import blake2b

from worker.duplicates.wording import COMPARED_CHARACTERS, COMPARED_WORDS, NO_WORDING, Wording, read_wording
from worker.text.appeals import strip_appeals

MIN_WORDS = 40  # shorter texts are too alike by chance: they are copies only under the same headline
MIN_SHARED_SAMPLES = 2  # one shared shingle is often a quotation
MAX_SAMPLES = 1_000  # a third more than the longest text has that was not made to have many

_MIN_SAMPLED = 12  # words
_OPENING = 64  # words: an excerpt, with what may stand before it
_MAX_TITLE = 300  # characters
_SHINGLE = 5
_MASK = (1 << 64) - 1
_BASE = 0x9E3779B97F4A7C15  # odd, so that multiplying by it loses nothing modulo 2**64
_LEAVING = pow(_BASE, _SHINGLE, 1 << 64)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a text to find its copies.

    `text_hash` (hex) stands for the normalised words; `samples` are the sampled shingle hashes that
    are indexed (signed 64-bit, so that both databases can store them); `words` are the normalised
    words themselves, and `headline` those of the title; what each of the words is, `wording` finds out. All of these
    are needed to verify a candidate and never stored: they come back from title and text.
    """

    text_hash: str
    word_count: int
    samples: tuple[int, ...]
    words: tuple[str, ...] = field(repr=False, default=())
    wording: Wording = field(repr=False, compare=False, default=NO_WORDING)
    headline: tuple[str, ...] = field(repr=False, default=())

    @property
    def facts(self) -> frozenset[int]:
        """The positions of names, numbers and days among the words."""
        return self.wording.facts

    @property
    def sentences(self) -> tuple[int, ...]:
        """In which sentence each of the words stands."""
        return self.wording.sentences


def fingerprint(text: str, *, title: str = "") -> Fingerprint:
    """Fingerprint of a clean text, the same in every process and on every machine.

    Samples are the 5-word shingles whose hash falls into a fixed eighth of all values; short texts
    keep a fourth or a half, which holds that eighth, so that texts of any length can meet; and so does the opening of
    every text, so that an excerpt of twenty words is found. Two
    shared samples find 99.9 % of light rewrites (measured on 300 articles edited in eight ways).
    What comes after the first 4,000 words or 30,000 characters counts for `text_hash` only, and beyond the
    characters as it is written; `words` holds the compared ones, `word_count` is that of those characters.
    Sentences that ask readers to subscribe are no part of what is compared: unrelated texts share them.
    """
    known = reread(text, title=title)
    text_hash = _hash_text(known.wording.words, text[COMPARED_CHARACTERS:])
    return replace(known, text_hash=text_hash, samples=sample(known.words))


def reread(text: str, *, title: str = "", text_hash: str = "") -> Fingerprint:
    """Return what a stored text is compared by, under the hash that is known of it; without its samples (`sample`)."""
    wording = read_wording(strip_appeals(text[:COMPARED_CHARACTERS]))
    return Fingerprint(
        text_hash, len(wording.words), (), wording.words[:COMPARED_WORDS], wording,
        headline=read_wording(title[:_MAX_TITLE]).words,
    )  # fmt: skip


def _hash_text(words: Sequence[str], rest: str) -> str:
    said = blake2b(" ".join(words).encode(errors="surrogatepass"), digest_size=20)
    if rest:
        said.update(b"\0" + rest.encode(errors="surrogatepass"))
    return said.hexdigest()


def sample(words: Sequence[str]) -> tuple[int, ...]:
    """Return the samples of a text of these compared words; few words have none."""
    if len(words) < _MIN_SAMPLED:
        return ()
    shift = 61 if len(words) >= 400 else 62 if len(words) >= 200 else 63
    opening = {value for value in _hash_shingles(words[:_OPENING]) if not value >> 63}
    kept = sorted(opening.union(value for value in _hash_shingles(words) if not value >> shift))
    # The smallest of the eighth every text keeps: two texts cut short keep the same ones.
    return tuple(kept[:MAX_SAMPLES])


def _hash_shingles(words: Sequence[str]) -> Iterator[int]:
    """Rolling hash (Karp and Rabin 1987) over word hashes; one multiplication a word."""
    hashes = [_hash_word(word) for word in words]
    value = 0
    for position, entering in enumerate(hashes):
        value = value * _BASE + entering
        if position >= _SHINGLE:
            value -= hashes[position - _SHINGLE] * _LEAVING
        value &= _MASK
        if position >= _SHINGLE - 1:
            # The low bits of a product depend on the low bits alone: mix before the top is looked at.
            yield ((value ^ (value >> 32)) * _BASE) & _MASK


@lru_cache(maxsize=1 << 16)
def _hash_word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(errors="surrogatepass"), digest_size=8).digest())
