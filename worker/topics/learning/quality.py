"""How good a topic's scores are, measured on labelled articles."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from worker.text.bands import Band
from worker.topics.article import TopicArticle
from worker.topics.thresholds import Thresholds

STRICT_PRECISION, BALANCED_PRECISION, WIDE_PRECISION, WIDE_RECALL = 0.97, 0.92, 0.80, 0.98
"""What the thresholds aim at, on the articles they are chosen from; of those held back wide then finds .97."""

_GRID = [each / 100 for each in range(5, 98)]
_AS_GOOD = 0.01
_GIVEN_UP = 0.03
"""F1 that precision may cost."""
_WIDEST_OF_BALANCED = 0.8
"""Wide stays below balanced by so much that there is a band to choose."""


class Label(StrEnum):
    """What a reader says of an article. Borderline ones are neither fitted to nor counted as errors."""

    YES = "yes"
    NO = "no"
    BORDERLINE = "borderline"


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """Articles of one `group` (an event, a story) are held back together, so that none vouches for its sibling.

    `hard` marks one labelled no that uses the topic's words; `id` is the caller's own name for the article;
    `witnesses` are numbers that others say of it (see `matching.Witnesses`), each by what was not fitted to it.
    """

    article: TopicArticle
    label: Label
    group: str = ""
    hard: bool = False
    id: str = ""
    witnesses: Mapping[str, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class JudgedArticle:
    """A labelled article with the score and band it was given by weights that were not fitted to it."""

    labelled: LabelledArticle
    score: float
    band: Band | None

    @property
    def is_right(self) -> bool:
        """Whether the balanced band says what the reader said; a borderline article is right either way."""
        label = self.labelled.label
        return label is Label.BORDERLINE or fires(self, Band.BALANCED) == (label is Label.YES)


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision and recall of yes against no, and the shares that fire of the hard negatives and the borderline."""

    hits: int
    false_alarms: int
    misses: int
    hard_fired: float
    borderline_fired: float

    @property
    def precision(self) -> float:
        """Share of what fires that is labelled yes; 0 where nothing fires."""
        return _ratio(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> float:
        """Share of what is labelled yes that fires."""
        return _ratio(self.hits, self.hits + self.misses)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return _ratio(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses)


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """Of the articles scored from `low` to `high`, the mean score beside the share labelled yes."""

    low: float
    high: float
    articles: int
    mean_score: float
    share_yes: float


def fires(judged: JudgedArticle, band: Band) -> bool:
    """Whether a subscriber who asks for `band` would get the article."""
    return judged.band in band.included


def measure(judged: Sequence[JudgedArticle], fired: Callable[[JudgedArticle], bool]) -> Quality:
    """Count what fires."""
    counted = [(each.labelled, fired(each)) for each in judged]
    hard = [fires for labelled, fires in counted if labelled.hard]
    borderline = [fires for labelled, fires in counted if labelled.label is Label.BORDERLINE]
    return Quality(
        hits=sum(fires for labelled, fires in counted if labelled.label is Label.YES),
        false_alarms=sum(fires for labelled, fires in counted if labelled.label is Label.NO),
        misses=sum(not fires for labelled, fires in counted if labelled.label is Label.YES),
        hard_fired=_ratio(sum(hard), len(hard)),
        borderline_fired=_ratio(sum(borderline), len(borderline)),
    )


def calibration(judged: Sequence[JudgedArticle], bins: int = 5) -> tuple[CalibrationRow, ...]:
    """Scores beside what readers said, in `bins` of equal width; borderline articles left out."""
    rows = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [each for each in decided(judged) if low <= each.score < high or each.score == high == 1]
        if inside:
            yes = sum(each.labelled.label is Label.YES for each in inside)
            mean = sum(each.score for each in inside) / len(inside)
            rows.append(CalibrationRow(low, high, len(inside), mean, yes / len(inside)))
    return tuple(rows)


def log_loss(judged: Sequence[JudgedArticle]) -> float:
    """Mean surprise (in nats) at what the reader said; lower is better."""
    surprise = [
        -math.log(max(0.001, each.score if each.labelled.label is Label.YES else 1 - each.score))
        for each in decided(judged)
    ]
    return sum(surprise) / max(1, len(surprise))


def decided(judged: Sequence[JudgedArticle]) -> list[JudgedArticle]:
    """Those that are not borderline."""
    return [each for each in judged if each.labelled.label is not Label.BORDERLINE]


def choose_thresholds(scores: Sequence[float], wanted: Sequence[bool]) -> Thresholds:
    """The bands that suit scores given by weights not fitted to these articles: each is as low as its precision allows.

    Balanced is the middle of the thresholds that are precise enough and whose F1 is within a hundredth of the best of
    these: one best threshold hangs on single articles. Where none is precise enough, precision gives way to F1.
    """
    points = [_Point(each, *_precision_recall(each, scores, wanted)) for each in _GRID]
    best = max(point.f1 for point in points)
    precise = [point for point in points if point.precision >= BALANCED_PRECISION and point.f1 >= best - _GIVEN_UP]
    level = max(point.f1 for point in precise or points) - _AS_GOOD
    chosen = [point.threshold for point in precise or points if point.f1 >= level]
    balanced = sum(chosen) / len(chosen)
    strict = min(_up_from(points, STRICT_PRECISION), default=_GRID[-1])
    full = max((point.threshold for point in points if point.recall >= WIDE_RECALL), default=_GRID[0])
    wide = min(max(full, min(_up_from(points, WIDE_PRECISION), default=full)), _WIDEST_OF_BALANCED * balanced)
    return Thresholds(round(max(strict, balanced), 3), round(balanced, 3), round(wide, 3))


@dataclass(frozen=True, slots=True)
class _Point:
    threshold: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return _ratio(2 * self.precision * self.recall, self.precision + self.recall)


def _up_from(points: Sequence[_Point], precision: float) -> list[float]:
    """The thresholds that are as precise, as are all above them at which anything fires."""
    below = max((point.threshold for point in points if point.recall and point.precision < precision), default=0.0)
    return [point.threshold for point in points if point.recall and point.threshold > below]


def _precision_recall(threshold: float, scores: Sequence[float], wanted: Sequence[bool]) -> tuple[float, float]:
    fired = [target for score, target in zip(scores, wanted, strict=True) if score >= threshold]
    return _ratio(sum(fired), len(fired)), _ratio(sum(fired), sum(wanted))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
