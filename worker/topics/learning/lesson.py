"""What a topic learns from labelled articles: their features, the folds, the fitted and calibrated weights."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from worker.topics.article_index import index_article
from worker.topics.kinds import kinds_of
from worker.topics.learning.fitting import calibrate, dot, fit
from worker.topics.learning.quality import JudgedArticle, Label, LabelledArticle, choose_thresholds
from worker.topics.matching import TopicSet
from worker.topics.model import LinearModel, article_key
from worker.topics.roles import role_signals
from worker.topics.scoring import probability
from worker.topics.thresholds import Thresholds
from worker.topics.topic import Topic
from worker.topics.word_features import word_features

MAX_WORDS = 120
"""Words that get a weight: those that tell yes from no best. On the development set of the topics bench 60, 100, 200
and 300 did alike, and no better than these."""

LEAST_ARTICLES = 5
"""Training articles in which a word must stand."""

SIGNAL_PENALTY, WORD_PENALTY, BIAS_PENALTY = 2.0, 0.2, 0.01
"""How strongly weights are drawn: a signal's to what the topic's author gave it, a word's to nothing. Signals drawn by
half of that did as well on rows held back and less well on items of another hand (F1 .94 for .95 to .96)."""

WITNESS_PENALTY = 1.0
"""The same of a witness's, which is drawn to nothing."""

EXAMPLE_COUNTS = 3
"""Labelled articles that one of the topic's own examples is worth: it says what must hold."""

ADJUSTED_SIGNAL_PENALTY, ADJUSTED_BIAS_PENALTY = 3.0, 3.0
"""The same of what is added to a weight, and to the bias, in articles of one length or one language."""

SIGNAL, ADJUST, WITNESS, WORD, BIAS = "signal ", "adjust ", "witness ", "word ", "bias"
BETWEEN = "|"
"""Stands in the name of an adjustment between the kind of article and what is adjusted."""


@dataclass(frozen=True, slots=True)
class Row:
    """An article as numbers; None where the topic's query does not hold, and no weight can make it match."""

    labelled: LabelledArticle
    features: Mapping[str, float] | None

    @property
    def wanted(self) -> bool:
        """Whether it is labelled yes."""
        return self.labelled.label is Label.YES


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights by feature, on the scale of log-odds, and the thresholds that suit them."""

    weights: Mapping[str, float]
    thresholds: Thresholds

    def score(self, row: Row) -> float:
        """0-1; 0 where the query does not hold."""
        return round(probability(dot(self.weights, row.features)), 4) if row.features is not None else 0.0

    def judge(self, row: Row) -> JudgedArticle:
        """The row's article with its score and band."""
        score = self.score(row)
        return JudgedArticle(row.labelled, score, self.thresholds.band(score))


class Lesson:
    """Fits weights for one topic."""

    def __init__(self, topic: Topic, seed: int, start: LinearModel | None = None) -> None:
        """`start` is a model that is moved by what is learned; without one the weights of the topic's author are."""
        self._topic = topic
        self._seed = seed
        self._compiled = TopicSet((topic,))
        self._of_roles = {signal.name for signal in role_signals(topic.roles, topic.languages)}
        self._prior = {SIGNAL + name: weight for name, weight in topic.written_weights.items()} | {BIAS: topic.bias}
        if start is not None:
            self._prior |= _weights_of(start)
        self._examples = self.rows(
            LabelledArticle(each.article, Label.YES if each.matches else Label.NO) for each in topic.examples
        )
        self._examples = [row for row in self._examples if row.features is not None]

    def rows(self, labelled: Iterable[LabelledArticle]) -> list[Row]:
        """The articles as numbers, in their order."""
        return [Row(each, self._features(each)) for each in labelled]

    def _features(self, labelled: LabelledArticle) -> Mapping[str, float] | None:
        found = self._compiled.evidence(labelled.article)
        if not found:
            return None
        index = index_article(labelled.article)
        signals = {piece.name: piece.showing.strength for piece in found[0][1] if piece.steps}
        # A topic that spells out its roles learns no single words: over 760 articles of the built-in one they added
        # nothing to the roles, and they are what is least likely to hold on articles of another kind.
        words = {} if self._topic.roles else word_features(index).values
        return (
            {SIGNAL + name: strength for name, strength in signals.items()}
            | {WITNESS + name: value for name, value in labelled.witnesses.items()}
            | {WORD + prefix: value for prefix, value in words.items()}
            | (self._adjusted(kinds_of(index), signals) if self._topic.roles else {})
            | {BIAS: 1.0}
        )

    def _adjusted(self, kinds: Sequence[str], signals: Mapping[str, float]) -> dict[str, float]:
        """What an article of these kinds adds to its own: of its length to the roles' signals, of both to the bias."""
        length = {f"{ADJUST}{kinds[0]}{BETWEEN}{name}": signals[name] for name in self._of_roles & signals.keys()}
        return length | {f"{ADJUST}{kind}{BETWEEN}{BIAS}": 1.0 for kind in kinds}

    def fit_calibrated(self, rows: Sequence[Row], folds: int, unread: Sequence[Row] = ()) -> Fitted:
        """Weights from all `rows`; their scale and the thresholds from the same, each held back in turn.

        `unread` are the same articles once more, or none, as lists see them that were not written from them (see
        `unread_rows`): fitted to as well.
        """
        margins: dict[int, float] = {}
        for held_back in deal([row.labelled for row in rows], folds, self._seed + 1):
            weights = self._fit([row for part in (rows, unread) for row in without(part, held_back)])
            for number in held_back:
                features = rows[number].features
                if features is not None and rows[number].labelled.label is not Label.BORDERLINE:
                    margins[number] = dot(weights, features)
        wanted = [rows[number].wanted for number in margins]
        slope, intercept = calibrate(list(margins.values()), wanted)
        weights = {name: slope * weight for name, weight in self._fit([*rows, *unread]).items()}
        weights[BIAS] += intercept
        scores = [probability(slope * margin + intercept) for margin in margins.values()]
        return Fitted(weights, choose_thresholds(scores, wanted))

    def _fit(self, rows: Sequence[Row]) -> dict[str, float]:
        clear = [row for row in rows if row.features is not None and row.labelled.label is not Label.BORDERLINE]
        known = [*clear, *EXAMPLE_COUNTS * self._examples]
        features = [row.features or {} for row in known]
        shown = {name for row in features for name in row if name.startswith((ADJUST, WITNESS))}
        penalty = {name: _penalty(name) for name in (*self._prior, *sorted(shown), *report_words(clear))}
        wanted = [row.wanted for row in known]
        return fit(features, wanted, prior=self._prior, penalty=penalty)


def _penalty(name: str) -> float:
    """How strongly that weight is drawn to where it begins."""
    if name == BIAS:
        return BIAS_PENALTY
    if name.startswith(ADJUST):
        return ADJUSTED_BIAS_PENALTY if name.endswith(BETWEEN + BIAS) else ADJUSTED_SIGNAL_PENALTY
    return {SIGNAL: SIGNAL_PENALTY, WITNESS: WITNESS_PENALTY, WORD: WORD_PENALTY}[name.partition(" ")[0] + " "]


def _weights_of(model: LinearModel) -> dict[str, float]:
    """A model's weights, named as they are fitted."""
    return (
        {SIGNAL + name: weight for name, weight in model.signals.items()}
        | {WITNESS + name: weight for name, weight in model.witnesses.items()}
        | {WORD + name: weight for name, weight in model.words.items()}
        | {
            f"{ADJUST}{kind}{BETWEEN}{name}": weight
            for kind, own in model.adjustments.items()
            for name, weight in own.items()
        }
        | {BIAS: model.bias}
    )


def deal(labelled: Sequence[LabelledArticle], folds: int, seed: int) -> list[frozenset[int]]:
    """Divide the articles, by number, into folds alike in labels and languages that part no group."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(labelled):
        groups[each.group or article_key(each.article)].append(number)
    dealt: list[set[int]] = [set() for _ in range(folds)]
    held: dict[tuple[str, str | None], list[int]] = defaultdict(lambda: [0] * folds)
    names = sorted(groups, key=lambda name: article_key(labelled[groups[name][0]].article))
    random.Random(seed).shuffle(names)  # noqa: S311 (it deals folds)
    for name in sorted(names, key=lambda name: -len(groups[name])):
        kind = _kind(labelled[groups[name][0]])
        fold = min(range(folds), key=lambda fold: (held[kind][fold], len(dealt[fold])))
        dealt[fold].update(groups[name])
        for number in groups[name]:
            held[_kind(labelled[number])][fold] += 1
    return [frozenset(fold) for fold in dealt]


def without(rows: Sequence[Row], held_back: Set[int]) -> list[Row]:
    """The rows but those of these numbers."""
    return [row for number, row in enumerate(rows) if number not in held_back]


def report_words(rows: Sequence[Row]) -> list[str]:
    """The words that tell yes from no best, each language by itself, in standard errors.

    The statistic of Cochran, Mantel and Haenszel: a word of one language is no sign for the topic only because
    more articles of that language are about it.
    """
    excess: dict[str, float] = defaultdict(float)
    variance: dict[str, float] = defaultdict(float)
    articles: dict[str, int] = defaultdict(int)
    for language in {row.labelled.article.language for row in rows}:
        stratum = [row for row in rows if row.labelled.article.language == language]
        total, yes = len(stratum), sum(row.wanted for row in stratum)
        for name, (with_word, wanted) in _word_counts(stratum).items():
            articles[name] += with_word
            excess[name] += wanted - with_word * yes / total
            variance[name] += with_word * (total - with_word) * yes * (total - yes) / (total**2 * max(1, total - 1))
    telling = {
        name: abs(excess[name]) / math.sqrt(variance[name] + 0.1)
        for name, count in articles.items()
        if count >= LEAST_ARTICLES
    }
    return sorted(telling, key=lambda name: (-round(telling[name], 9), name))[:MAX_WORDS]


def _word_counts(rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """For each word, the articles that have it, and those labelled yes among them."""
    having, wanted = Counter[str](), Counter[str]()
    for row in rows:
        words = [name for name in row.features or () if name.startswith(WORD)]
        having.update(words)
        if row.wanted:
            wanted.update(words)
    return {name: (count, wanted[name]) for name, count in having.items()}


def _kind(labelled: LabelledArticle) -> tuple[str, str | None]:
    return labelled.label, labelled.article.language
