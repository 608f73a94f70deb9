"""How far reports of one event stand apart from the nearest of others, on every labelled set; and held out.

Printed are for each set the share of pairs (one of the same event, one of others) that the odds put right (AUC),
and quantiles of what lies between an article's nearest report of its own event and its nearest of another one. Then
how much more the opening weighs, and how far it reaches, are chosen anew on each two of the sets and judged on the
other two, beside the same without an opening: the choice should win where it was not made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path
from statistics import fmean, quantiles
from unittest.mock import patch

from benchmarks.stories import SETS, read_features
from worker.stories import StoryFeatures, StorySettings
from worker.stories.pairing import Pair, link

WEIGHTS, REACHES = (0.0, 1.0, 2.0, 3.0), (40, 60, 100)
UNLIKE = StorySettings().unlike
Labelled = dict[Pair, bool]
Told = dict[str, tuple[list[StoryFeatures], Labelled]]


def report(stories: Path) -> None:
    """Print the figures of each set in that folder, and what would be chosen on others."""
    settings = StorySettings()
    for name, (articles, labelled) in read(stories).items():
        scores = score(articles, settings)
        gaps = margins(scores, labelled)
        tenths = quantiles(gaps, n=10) if len(gaps) > 1 else [0.0] * 9
        print(
            f"{name}: AUC {auc(scores, labelled):.4f}; margin of {len(gaps)} articles: a tenth below {tenths[0]:.3f}, "
            f"median {tenths[4]:.3f}, below zero {fmean(gap < 0 for gap in gaps):.3f}",
            flush=True,
        )
    held_out(stories, settings)


def held_out(stories: Path, settings: StorySettings) -> None:
    found: dict[tuple[float, int], dict[str, float]] = {}
    for weight, reach in product(WEIGHTS, REACHES):
        # What is patched are two constants of this project's own, to try other values of them.
        with patch.multiple("worker.stories.features", _OPENING_WEIGHT=weight, _OPENING_WORDS=reach):
            found[weight, reach] = {
                name: auc(score(articles, settings), labelled) for name, (articles, labelled) in read(stories).items()
            }
    plain = found[0.0, REACHES[0]]
    for chosen_on in combinations(SETS, 2):
        best = max(found, key=lambda tried: fmean(found[tried][name] for name in chosen_on))
        judged = [name for name in SETS if name not in chosen_on]
        told = ", ".join(f"{name} {found[best][name]:.4f} (without {plain[name]:.4f})" for name in judged)
        print(f"chosen on {' and '.join(chosen_on)}: weight {best[0]:g}, {best[1]} words; {told}", flush=True)


def read(stories: Path) -> Told:
    """By set: the articles, and the pairs of them that are known to be of one event or of two."""
    told: Told = {}
    for name in SETS:
        rows = read_features(stories / name / "IN.jsonl")
        place = {row[0]: number for number, row in enumerate(rows)}
        gold = stories / name / ("PAIRS.jsonl" if name == "semeval" else "GOLD.jsonl")
        known = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
        if name == "semeval":
            labelled = {_pair(place[row["a"]], place[row["b"]]): bool(row["same"]) for row in known}
        else:
            story = {place[row["id"]]: row["story"] for row in known}
            labelled = {pair: story[pair[0]] == story[pair[1]] for pair in combinations(range(len(rows)), 2)}
        told[name] = [features for _, features in rows], labelled
    return told


def score(articles: Sequence[StoryFeatures], settings: StorySettings) -> dict[Pair, float]:
    """Log-odds by pair; one that is not compared, or no likelier than any two, has none and counts as UNLIKE."""
    places: dict[str, list[int]] = {}
    for place, article in enumerate(articles):
        for key in article.keys:
            places.setdefault(key, []).append(place)
    pairs = {pair for holders in places.values() for pair in combinations(holders, 2)}
    scored = (
        (pair, link(articles[pair[0]], articles[pair[1]], settings))
        for pair in sorted(pairs)
        if abs(articles[pair[0]].published - articles[pair[1]].published) <= settings.window
    )
    return {pair: found for pair, found in scored if found > settings.unlike}


def auc(scores: dict[Pair, float], labelled: Labelled) -> float:
    """Chance that a pair of one event scores higher than one of two that is compared at all (Mann and Whitney 1947)."""
    same = [scores.get(pair, UNLIKE) for pair, one in labelled.items() if one]
    others = sorted(scores[pair] for pair, one in labelled.items() if not one and pair in scores)
    return fmean(_rank(others, value) for value in same) / len(others)


def margins(scores: dict[Pair, float], labelled: Labelled) -> list[float]:
    """For each article with a labelled report of its own event: how much nearer that is than any of another."""
    nearest: dict[tuple[int, bool], float] = {}
    for pair, one in labelled.items():
        for place in pair:
            nearest[place, one] = max(nearest.get((place, one), UNLIKE), scores.get(pair, UNLIKE))
    return [value - nearest.get((place, False), UNLIKE) for (place, one), value in nearest.items() if one]


def _rank(others: Sequence[float], value: float) -> float:
    return sum(other < value for other in others) + sum(other == value for other in others) / 2


def _pair(*places: int) -> Pair:
    low, high = sorted(places)
    return low, high
