"""Embeddings as bytes: the model's name, how many are summed up, and the sum in single precision."""

from __future__ import annotations

from struct import calcsize, pack, unpack

from worker.stories import Embedding

_HEAD = "<16sI"


def pack_embedding(embedding: Embedding | None) -> bytes | None:
    """Return an embedding as it is stored; the name of its model is 16 ASCII characters."""
    if embedding is None:
        return None
    head = pack(_HEAD, embedding.model.encode("ascii"), embedding.count)
    return head + pack(f"<{len(embedding.total)}f", *embedding.total)


def unpack_embedding(stored: bytes | None) -> Embedding | None:
    """Return an embedding as it was stored."""
    if stored is None:
        return None
    start = calcsize(_HEAD)
    model, count = unpack(_HEAD, stored[:start])
    return Embedding(model.decode("ascii"), unpack(f"<{(len(stored) - start) // 4}f", stored[start:]), count)
