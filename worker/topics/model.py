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

    [adjust.short]                  # what is added to these in short articles, or in those of a language
    "trade talks" = 0.3             # (see worker/topics/learning/lesson.py); `bias` is one of them

    [witnesses]                     # what somebody else's number says (see TopicSet.match), times this
    "meaning" = 1.1

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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from worker.errors import TopicFileError
from worker.text.bands import Band
from worker.topics.article import TopicArticle
from worker.topics.thresholds import Thresholds, read_thresholds
from worker.topics.topic_table import TopicTable

FORMAT = 1
BIAS = "bias"
"""How the bias is named among the adjustments."""

MAX_WEIGHT = 100.0
_NUMBERS = ("signals", "witnesses", "words", "seen")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Log-odds: `bias`, plus each signal's weight times its strength, plus each word's weight times its value.

    `adjustments` are added to the weights of signals and to the bias in articles of that kind (see `kinds_of`).
    """

    topic: str
    bias: float
    signals: Mapping[str, float]
    words: Mapping[str, float]
    thresholds: Thresholds
    yes: int = 0
    no: int = 0
    trained: date | None = None
    seen: Mapping[str, float] = field(default_factory=dict, repr=False)
    adjustments: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    witnesses: Mapping[str, float] = field(default_factory=dict)

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
        sections = [
            *_section("signals", self.signals),
            *(line for kind, weights in self.adjustments.items() for line in _section(f"adjust.{kind}", weights)),
            *(_section("witnesses", self.witnesses) if self.witnesses else ()),
            *_section("words", self.words),
            *_section("seen", dict(sorted(self.seen.items())), decimals=4),
        ]
        return "\n".join([*heading, *sections, ""])

    def adjusted(self, kinds: Iterable[str]) -> tuple[float, dict[str, float]]:
        """The bias, and the weights of the signals, in an article of these kinds."""
        bias, signals = self.bias, dict(self.signals)
        for weights in (self.adjustments[kind] for kind in kinds if kind in self.adjustments):
            for name, weight in weights.items():
                if name == BIAS:
                    bias += weight
                else:
                    signals[name] = signals.get(name, 0.0) + weight
        return bias, signals


def load_model(text: str) -> LinearModel:
    """Read the text of a model file. Raises TopicFileError naming the key and what was expected."""
    try:
        table = TopicTable("", tomllib.loads(text))
    except (ValueError, RecursionError) as fault:
        raise TopicFileError(f"not TOML: {fault}") from fault
    if table.number("format", FORMAT) != FORMAT:
        raise TopicFileError(f"format: this version reads {FORMAT}; train the model anew")
    numbers = {name: _numbers(table.table(name)) for name in _NUMBERS}
    adjust = table.table("adjust")
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
        witnesses=numbers["witnesses"],
        adjustments={kind: _numbers(adjust.table(kind)) for kind in adjust.names()},
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
