"""Teach a topic from labelled articles, and say honestly whether that made it better.

Every figure is of articles that no part of the weights that judged them has seen: the choice of words, the weights,
the calibration and the thresholds are all made inside the fold, from the other folds alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from worker.errors import ConfigurationError
from worker.text.bands import Band
from worker.topics.article_index import Length, index_article
from worker.topics.learning.lesson import ADJUST, BETWEEN, BIAS, SIGNAL, WITNESS, WORD, Fitted, Lesson, deal, without
from worker.topics.learning.quality import (
    CalibrationRow,
    JudgedArticle,
    Label,
    LabelledArticle,
    Quality,
    calibration,
    fires,
    log_loss,
    measure,
)
from worker.topics.learning.unread import unread_rows
from worker.topics.matching import TopicSet
from worker.topics.model import LinearModel, article_key
from worker.topics.scoring import log_odds, probability
from worker.topics.topic import Topic

LEAST = 10
"""Articles labelled yes, and labelled no, without which nothing is learned."""


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """`judged` holds each labelled article with the score it got while it was held back, `before` with what the topic
    in use gives it (an article that its model was fitted to counts with the score it had while *it* was held back).

    `quality` and `quality_before` are by language, and "all", in the balanced band; `bands` and `lengths` (balanced
    again) are of the candidate.
    """

    model: LinearModel
    better: bool
    why: str
    judged: tuple[JudgedArticle, ...]
    before: tuple[JudgedArticle, ...]
    quality: Mapping[str, Quality]
    quality_before: Mapping[str, Quality]
    bands: Mapping[Band, Quality]
    lengths: Mapping[Length, Quality]
    calibration: tuple[CalibrationRow, ...]


def train(
    topic: Topic, labelled: Sequence[LabelledArticle], *, folds: int = 5, seed: int = 0, today: date | None = None
) -> TrainingResult:
    """Fit a model for `topic` and compare it with what the topic has now, over the same articles.

    Weights begin where the topic's author set them or, where the model in use has seen none of the articles, where
    that has them: so a few dozen labels move it and do not replace it.

    The topic's own examples are fitted to as well, and never counted. `seed` deals the folds; `today` is written
    into the model. Raises ConfigurationError where there is too little to learn from.
    """
    lesson = Lesson(topic, seed, _start(topic, labelled))
    rows = lesson.rows(labelled)
    for label in (Label.YES, Label.NO):
        count = sum(each.label is label for each in labelled)
        if count < max(LEAST, folds):
            raise ConfigurationError(f"{count} articles labelled {label}; training needs at least {max(LEAST, folds)}")
    judged: dict[int, JudgedArticle] = {}
    cuts: dict[int, float] = {}
    unread = unread_rows(topic, labelled, folds, seed) if topic.roles else []
    for held_back in deal(labelled, folds, seed):
        fitted = lesson.fit_calibrated(without(rows, held_back), folds, without(unread, held_back))
        judged.update((number, fitted.judge(rows[number])) for number in held_back)
        cuts.update(dict.fromkeys(held_back, fitted.thresholds.balanced))
    final = lesson.fit_calibrated(rows, folds, unread)
    seen = {
        article_key(row.labelled.article): _moved(judged[number].score, cuts[number], final.thresholds.balanced)
        for number, row in enumerate(rows)
    }
    model = _model(topic, final, [row.labelled.label for row in rows], seen, today)
    return _compare(topic, model, tuple(judged[number] for number in range(len(rows))))


def _start(topic: Topic, labelled: Sequence[LabelledArticle]) -> LinearModel | None:
    """The model in use, where it has seen none of these articles: what is new moves it. Else all is learned anew."""
    model = topic.model
    if model is None or any(article_key(each.article) in model.seen for each in labelled):
        return None
    return model


def _moved(score: float, cut: float, onto: float) -> float:
    """A score given while thresholds were others, so that it stands to the present one as it stood to its own."""
    return round(probability(log_odds(score) - log_odds(cut) + log_odds(onto)), 4) if score else 0.0


def _model(
    topic: Topic, fitted: Fitted, labels: Sequence[Label], seen: Mapping[str, float], today: date | None
) -> LinearModel:
    named = {
        kind: {
            name.removeprefix(kind): round(weight, 3)
            for name, weight in sorted(fitted.weights.items(), key=lambda each: (-each[1], each[0]))
            if name.startswith(kind) and (kind == SIGNAL or round(weight, 3))
        }
        for kind in (SIGNAL, WITNESS, WORD)
    }
    return LinearModel(
        topic=topic.name,
        bias=round(fitted.weights[BIAS], 3),
        signals=named[SIGNAL],
        words=named[WORD],
        witnesses=named[WITNESS],
        adjustments=_adjustments(fitted.weights),
        thresholds=fitted.thresholds,
        yes=labels.count(Label.YES),
        no=labels.count(Label.NO),
        trained=today,
        seen=seen,
    )


def _adjustments(weights: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """By kind of article, what is worth adding to the other weights."""
    found: dict[str, dict[str, float]] = {}
    for name in sorted(weights):
        if name.startswith(ADJUST) and round(weights[name], 3):
            kind, _, adjusted = name.removeprefix(ADJUST).partition(BETWEEN)
            found.setdefault(kind, {})[adjusted] = round(weights[name], 3)
    return found


def _compare(topic: Topic, model: LinearModel, judged: tuple[JudgedArticle, ...]) -> TrainingResult:
    in_use = TopicSet((replace(topic, thresholds=replace(topic.thresholds, wide=1e-9)),))
    before = tuple(_judge_before(topic, in_use, each.labelled) for each in judged)
    quality, quality_before = _by_language(judged), _by_language(before)
    new, old = quality["all"].f1, quality_before["all"].f1
    loss, loss_before = log_loss(judged), log_loss(before)
    failing = _failing_examples(topic, model)
    why = f"F1 {new:.3f} against {old:.3f} in use, surprise {loss:.3f} against {loss_before:.3f}"
    if failing:
        why += f"; the topic's own example {failing[0]!r} would fail"
    return TrainingResult(
        model=model,
        better=(round(new, 3), -round(loss, 2)) > (round(old, 3), -round(loss_before, 2)) and not failing,
        why=why,
        judged=judged,
        before=before,
        quality=quality,
        quality_before=quality_before,
        bands={band: _in_band(judged, band) for band in Band},
        lengths=_by_length(judged),
        calibration=calibration(judged),
    )


def _judge_before(topic: Topic, compiled: TopicSet, labelled: LabelledArticle) -> JudgedArticle:
    seen = topic.model.seen.get(article_key(labelled.article)) if topic.model else None
    if seen is None:
        found = compiled.match(labelled.article, {topic.name: labelled.witnesses})
        seen = found[0].score if found else 0.0
    return JudgedArticle(labelled, seen, topic.thresholds.band(seen))


def _by_language(judged: Sequence[JudgedArticle]) -> dict[str, Quality]:
    languages = sorted({each.labelled.article.language or "unknown" for each in judged})
    parts = {"all": list(judged)} | {
        language: [each for each in judged if (each.labelled.article.language or "unknown") == language]
        for language in languages
    }
    return {name: _in_band(part, Band.BALANCED) for name, part in parts.items()}


def _by_length(judged: Sequence[JudgedArticle]) -> dict[Length, Quality]:
    of = [(index_article(each.labelled.article).length, each) for each in judged]
    parts = {length: [each for own, each in of if own is length] for length in Length}
    return {length: _in_band(part, Band.BALANCED) for length, part in parts.items() if part}


def _in_band(judged: Sequence[JudgedArticle], band: Band) -> Quality:
    return measure(judged, lambda each: fires(each, band))


def _failing_examples(topic: Topic, model: LinearModel) -> list[str]:
    compiled = TopicSet((replace(topic, model=model, thresholds=model.thresholds),))
    failing = []
    for example in topic.examples:
        found = compiled.match(example.article)
        if (bool(found) and not found[0].band.is_unsure) != example.matches:
            failing.append(example.name)
    return failing
