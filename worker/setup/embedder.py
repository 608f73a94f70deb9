"""The optional model of sentence embeddings: read from a folder of this machine, and never from the network.

Static embeddings (`model2vec`): a word's vector is looked up, so a text costs milliseconds and no graphics card.
"""

from __future__ import annotations

import os
from hashlib import blake2b, file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import ConfigurationError
from worker.setup.settings import Settings

if TYPE_CHECKING:
    from model2vec import StaticModel

    from worker.stories import Embedding

_FILES = ("config.json", "model.safetensors", "tokenizer.json")
_NAME_BYTES = 8  # 16 characters, as many as storage keeps
_GROWTH = 3  # memory by size of the files, while they are read (measured with 160 MB)


class Embedder:
    """A loaded model; called with a text it returns its embedding, None where it knows no word of it."""

    def __init__(self, model: StaticModel, name: str) -> None:
        self.name = name
        self._model = model

    def __call__(self, text: str) -> Embedding | None:
        from worker.stories import as_embedding  # processes that only ask how large the model is need no stories

        vector = self._model.encode([text], use_multiprocessing=False)[0]
        return as_embedding(self.name, tuple(map(float, vector)))


def load_embedder(settings: Settings) -> Embedder | None:
    """Load the model that the settings name, if they do; it is known by what its files hold, wherever they lie.

    Raises `ConfigurationError` as `check_embedder` does, and for files that hold no model.
    """
    folder = check_embedder(settings)
    if folder is None:
        return None
    # It asks the network for what is no folder; this one is, and should it vanish now, nobody is asked either.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    # One text at a time: threads would only take memory, of which a process that reads has little.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from model2vec import StaticModel

    try:
        model = StaticModel.from_pretrained(folder, force_download=False)
    except Exception as error:  # whatever its libraries raise for files that are broken
        raise ConfigurationError(f"stories.embeddings {folder} holds no model that can be read: {error}") from error
    return Embedder(model, _name(folder))


def check_embedder(settings: Settings) -> Path | None:
    """Return the model's folder, None where none is set. Loads nothing.

    Raises `ConfigurationError` where the folder lacks a file, or the library that reads it is not installed.
    """
    if settings.stories.embeddings is None:
        return None
    folder = settings.at(settings.stories.embeddings)
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise ConfigurationError(
            f"stories.embeddings {folder} has no {missing[0]}: it must be the folder of a model2vec model, "
            "which storywatch never downloads by itself"
        )
    if find_spec("model2vec") is None:
        raise ConfigurationError(
            "stories.embeddings is set: install what reads it with 'pip install storywatch[semantic]'"
        )
    return folder


def megabytes_needed(settings: Settings) -> int:
    """Memory a process needs for the model: its files as they are, and what they become; 0 without one."""
    if settings.stories.embeddings is None:
        return 0
    files = (settings.at(settings.stories.embeddings) / name for name in _FILES)
    return _GROWTH * sum(path.stat().st_size for path in files if path.is_file()) // 1_000_000


def _name(folder: Path) -> str:
    found = blake2b(digest_size=_NAME_BYTES)
    for name in _FILES:
        with (folder / name).open("rb") as file:
            found.update(file_digest(file, "blake2b").digest())
    return found.hexdigest()
