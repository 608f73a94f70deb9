"""Logistic regression drawn towards given weights, in plain Python.

A few hundred labelled articles with some dozens of features each are fitted in a fraction of a second, the
same on every machine; scikit-learn would bring 150 MB for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from worker.topics.scoring import probability

MAX_PASSES = 200
TOLERANCE = 1e-3

Row = Mapping[str, float]


def fit(
    rows: Sequence[Row], wanted: Sequence[bool], *, prior: Mapping[str, float], penalty: Mapping[str, float]
) -> dict[str, float]:
    """Return the weight of every feature of `penalty` that makes `wanted` likeliest.

    The penalty of a feature times half the square of its distance from its prior (0 where it has none) is what
    that distance costs. Newton steps along one coordinate at a time, each within a region in which the curvature is
    bounded, so that none overshoots: Genkin, Lewis and Madigan, "Large-scale Bayesian logistic regression" (2007).
    """
    weights = {name: prior.get(name, 0.0) for name in penalty}
    columns = _columns(rows, penalty)
    regions = dict.fromkeys(penalty, 1.0)
    margins = [dot(weights, row) for row in rows]
    excess = [probability(margin) - target for margin, target in zip(margins, wanted, strict=True)]
    for _ in range(MAX_PASSES):
        moved = 0.0
        for name, (places, values) in columns.items():
            pull, region = penalty[name], regions[name]
            slope, curvature = pull * (weights[name] - prior.get(name, 0.0)), pull
            for place, value in zip(places, values, strict=True):
                slope += value * excess[place]
                curvature += value * value * _steepest(margins[place], region * abs(value))
            step = max(-region, min(region, -slope / curvature))
            regions[name] = max(2 * abs(step), region / 2, TOLERANCE)
            if abs(step) < TOLERANCE / 10:
                continue
            moved = max(moved, abs(step))
            weights[name] += step
            for place, value in zip(places, values, strict=True):
                margins[place] += step * value
                excess[place] = probability(margins[place]) - wanted[place]
        if moved < TOLERANCE:
            break
    return weights


def calibrate(margins: Sequence[float], wanted: Sequence[bool]) -> tuple[float, float]:
    """Return slope and intercept that turn margins of articles held back into log-odds.

    Platt's scaling ("Probabilistic outputs for support vector machines", 1999), drawn towards slope 1 and
    intercept 0 as much as by one article or two.
    """
    rows = [{"slope": margin, "intercept": 1.0} for margin in margins]
    fitted = fit(rows, wanted, prior={"slope": 1.0}, penalty={"slope": 1.0, "intercept": 0.25})
    return max(0.1, fitted["slope"]), fitted["intercept"]


def dot(weights: Mapping[str, float], row: Row) -> float:
    """The sum of weight times value over the features of `row` that have a weight."""
    return sum(weights[name] * value for name, value in row.items() if name in weights)


def _steepest(margin: float, reach: float) -> float:
    """The largest curvature of the logistic loss within `reach` of `margin`."""
    away = abs(margin) - reach
    if away <= 0:
        return 0.25
    tail = math.exp(-min(away, 40.0))
    return tail / (1 + tail) ** 2


def _columns(rows: Sequence[Row], names: Mapping[str, float]) -> dict[str, tuple[list[int], list[float]]]:
    columns: dict[str, tuple[list[int], list[float]]] = {name: ([], []) for name in names}
    for place, row in enumerate(rows):
        for name, value in row.items():
            if name in columns:
                columns[name][0].append(place)
                columns[name][1].append(value)
    return columns
