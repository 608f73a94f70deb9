"""The learned part of a topic: weights for its signals and for words, in a file that can be read.

    topic = "tequila-tariffs"       # the topic it was trained for
    trained = 2026-11-22
    yes = 41                        # labelled articles it was fitted to
    no = 120
    bias = -2.3                     # log-odds, in place of the topic file's

    [thresholds]                    # scores of the bands, in place of the topic file's
    strict = 0.84
    balanced = 0.48
    wide = 0.21

    [signals]                       # weights in place of the topic file's; a signal not named here keeps its own
    "trade talks" = 1.4

    [words]                         # by the first letters of a word; a weight is what an article
    "tariff" = 2.1                  # of this word alone would gain

    [seen]                          # the articles it was fitted to, by a hash, and what it gave each
    "9f86d081" = 0.93               # of them while that one was held back

The same weights make the same file. Nothing here is run: a model from elsewhere can be wrong, not harmful.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from worker.errors import TopicFileError
from worker.text.bands import Band
from worker.topics.article import TopicArticle
from worker.topics.thresholds import Thresholds, read_thresholds
from worker.topics.topic_table import TopicTable

FORMAT = 1
MAX_WEIGHT = 100.0
_NUMBERS = ("signals", "words", "seen")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Log-odds: `bias`, plus each signal's weight times its strength, plus each word's weight times its value."""

    topic: str
    bias: float
    signals: Mapping[str, float]
    words: Mapping[str, float]
    thresholds: Thresholds
    yes: int = 0
    no: int = 0
    trained: date | None = None
    seen: Mapping[str, float] = field(default_factory=dict, repr=False)

    def __hash__(self) -> int:
        return hash((self.topic, self.bias, self.yes, self.no, self.trained))

    def dump(self) -> str:
        """Return the text of its file; weights have three decimals."""
        heading = [
            "# Learned weights of a topic, written by `storywatch topics train`. All weights are log-odds;",
            "# words are cut to their first letters, without accents. See worker/topics/model.py.",
            f"format = {FORMAT}",
            f"topic = {json.dumps(self.topic)}",
            *([f"trained = {self.trained.isoformat()}"] if self.trained else []),
            f"yes = {self.yes}",
            f"no = {self.no}",
            f"bias = {self.bias:.3f}",
            "",
            "[thresholds]",
            *(f"{band} = {self.thresholds.least(band):.3f}" for band in Band),
        ]
        return "\n".join([*heading, *_section("signals", self.signals), *_section("words", self.words)]) + "".join(
            f"\n{line}" for line in [*_section("seen", dict(sorted(self.seen.items())), decimals=4), ""]
        )


def load_model(text: str) -> LinearModel:
    """Read the text of a model file. Raises TopicFileError naming the key and what was expected."""
    try:
        table = TopicTable("", tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise TopicFileError(f"not TOML: {fault}") from fault
    if table.number("format", FORMAT) != FORMAT:
        raise TopicFileError(f"format: this version reads {FORMAT}; train the model anew")
    numbers = {name: _numbers(table.table(name)) for name in _NUMBERS}
    model = LinearModel(
        topic=table.text("topic"),
        bias=table.number("bias"),
        thresholds=read_thresholds(table.table("thresholds")),
        yes=int(table.number("yes", 0)),
        no=int(table.number("no", 0)),
        trained=table.optional_date("trained"),
        signals=numbers["signals"],
        words=numbers["words"],
        seen=numbers["seen"],
    )
    table.done()
    return model


def is_model_file(name: str) -> bool:
    """Whether `name` is a plain file name: a topic names a file beside it, never a path."""
    return len(name) <= 100 and bool(_FILE.fullmatch(name))


def article_key(article: TopicArticle) -> str:
    """A short hash of title and text, by which a model knows an article it was fitted to."""
    content = f"{article.title}\n{article.text}".encode("utf8", "surrogatepass")
    return blake2b(content, digest_size=4).hexdigest()


def _section(name: str, weights: Mapping[str, float], decimals: int = 3) -> list[str]:
    lines = [f"{json.dumps(key, ensure_ascii=False)} = {value:.{decimals}f}" for key, value in weights.items()]
    return ["", f"[{name}]", *lines]


def _numbers(table: TopicTable) -> dict[str, float]:
    values = {name: table.number(name) for name in table.names()}
    for name, value in values.items():
        if abs(value) > MAX_WEIGHT:
            raise TopicFileError(f"{table.path(name)}: {value:g}; expected at most {MAX_WEIGHT:g}")
    return values
