"""A model of sentence embeddings with a handful of words, made on the spot as real ones are stored."""

from __future__ import annotations

from pathlib import Path

MEANINGS = {
    "harbour": ("ferry", "harbour", "quay", "transbordador", "puerto", "muelle"),
    "court": ("judge", "court", "verdict", "juez", "tribunal", "sentencia"),
}


def make_model(folder: Path, *, dimensions: int = 8) -> Path:
    """Write a model in which words of one meaning have one direction; any other word is unknown to it."""
    import numpy
    from model2vec import StaticModel
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    words = [word for meaning in MEANINGS.values() for word in meaning]
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, **{w: n for n, w in enumerate(words, 1)}}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    vectors = numpy.zeros((len(words) + 1, dimensions), dtype="float32")
    for axis, meaning in enumerate(MEANINGS.values()):
        for word in meaning:
            vectors[words.index(word) + 1, axis] = 1
    StaticModel(vectors, tokenizer).save_pretrained(folder)
    return folder
