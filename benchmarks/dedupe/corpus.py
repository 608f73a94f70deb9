"""Synthetic articles for `benchmarks.dedupe`: words and set phrases as frequent as Zipf's law has them, and copies.

An article is an array of word numbers; its text joins the words with spaces. Sampled hashes of a whole batch are
computed with numpy by the rule of `worker.duplicates.fingerprint`, which the benchmark compares with the real one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from worker.duplicates.fingerprint import _BASE, _SHINGLE, MAX_SAMPLES, _hash_word

WORDS = 60_000
PHRASES = 3_000
COPIES = 0.2
"""Share of the articles that are copies of one of the last thousand."""

Ids = np.ndarray[Any, Any]


@dataclass
class Corpus:
    """Articles one after the other, the same for the same seed."""

    seed: int = 7
    vocabulary: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        letters = self.rng.integers(97, 123, (WORDS, 9), dtype=np.uint8)
        # A word's first letters count upwards, so that no two are the same; frequent words are short, as they are.
        self.vocabulary = [
            _spell(number) + bytes(letters[number][: min(7, number // 300)]).decode() for number in range(WORDS)
        ]
        self.hashes = np.array([_hash_word(word) for word in self.vocabulary], dtype=np.uint64)
        self.steps = np.cumsum(1 / np.arange(1, WORDS + 1) ** 1.05)
        self.phrase_steps = np.cumsum(1 / np.arange(1, PHRASES + 1))
        self.phrases = [self._words(int(size)) for size in self.rng.integers(8, 25, PHRASES)]
        self.recent: list[tuple[int, Ids]] = []

    def articles(self, count: int, first_id: int) -> Iterator[tuple[int, Ids, int | None]]:
        """Yield id, words, and the id of the article it copies."""
        for article_id in range(first_id, first_id + count):
            if len(self.recent) > 100 and self.rng.random() < COPIES:
                original, words = self.recent[int(self.rng.integers(len(self.recent)))]
                yield article_id, self._edit(words), original
                continue
            words = self._write()
            self.recent.append((article_id, words))
            del self.recent[:-1000]
            yield article_id, words, None

    def text(self, words: Ids) -> str:
        return " ".join(self.vocabulary[number] for number in words.tolist())

    def samples(self, words: Ids) -> Ids:
        """What `fingerprint` keeps of the article, sorted."""
        hashes = self.hashes[words]
        value = np.zeros(len(words) - _SHINGLE + 1, dtype=np.uint64)
        for position in range(_SHINGLE):
            value = value * np.uint64(_BASE) + hashes[position : len(hashes) - _SHINGLE + 1 + position]
        value = (value ^ (value >> np.uint64(32))) * np.uint64(_BASE)
        shift = 61 if len(words) >= 400 else 62 if len(words) >= 200 else 63
        return np.unique(value[value >> np.uint64(shift) == 0])[:MAX_SAMPLES].astype(np.int64)

    def _words(self, count: int) -> Ids:
        return np.searchsorted(self.steps, self.rng.random(count) * self.steps[-1])

    def _write(self) -> Ids:
        """A few hundred words, and two set phrases."""
        size = int(np.clip(self.rng.lognormal(5.95, 0.5), 60, 2500))
        parts = [self._words(size)]
        places = np.searchsorted(self.phrase_steps, self.rng.random(2) * self.phrase_steps[-1])
        return np.concatenate([*parts, *(self.phrases[int(place)] for place in places)])

    def _edit(self, words: Ids) -> Ids:
        """Cut to 60 % and more, one word in twelve another one, boilerplate in front."""
        kept = words[: max(60, int(len(words) * self.rng.uniform(0.6, 1.0)))].copy()
        changed = self.rng.random(len(kept)) < 1 / 12
        kept[changed] = self._words(int(changed.sum()))
        return np.concatenate([self.phrases[int(self.rng.integers(40))], kept])


def _spell(number: int) -> str:
    letters = ""
    while True:
        number, letter = divmod(number, 26)
        letters += chr(97 + letter)
        if not number:
            return letters + "q"
