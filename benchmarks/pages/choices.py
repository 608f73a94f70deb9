"""What each rule and each threshold of `worker.pages` is worth, and whether it was fitted to the set it was chosen on.

`python -m benchmarks.pages --choices` prints it. Every choice (a rule or step left out, a threshold moved) is made
alone and scored on all sets. Then each set is left out in turn: the others take all choices that raise the mean of
their F1, and the set left out is scored with them. What it loses is what these rules and thresholds owe to it: where
they are fitted to no set, three of them would have chosen nearly the same for the fourth. About 70 choices take half
an hour of one processor.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from worker.pages import extract_article
from worker.pages.boilerplate.rules import Rule, rules

Page = tuple[str, str | None, bytes]
_LEAST_GAIN = 0.0001
THRESHOLDS: dict[str, tuple[float, ...]] = {
    "tree.block_reader._FEWEST_ENTRIES": (4, 8),
    "tree.block_reader._MENU_SHARE": (0.8, 0.95),
    "boilerplate.containers._MOST_SHARE": (0.2, 0.4),
    "boilerplate.containers._MOST_LINK_LINES": (3, 12),
    "boilerplate.containers._SHORTEST_ALT": (12, 30),
    "boilerplate.headline._SHORTEST_PART": (10, 20),
    "main_text.main_text._FEWEST_LETTERS": (100, 400),
    "main_text.main_text._MOST_LINKED": (0.4, 0.6),
    "main_text.opening._SHORTEST_HEADING": (40, 70),
    "main_text.opening._SHORTEST_LEAD": (60, 120),
    "main_text.opening._REPEATED": (0.6, 0.95),
    "main_text.completion.NEAR_WHOLE": (0.3, 0.6),
    "main_text.completion._SURELY": (0.6, 0.95),
    "boilerplate.repetition._SHORTEST": (12, 30),
    "main_text.witness._HOME_SHARE": (0.3, 0.6),
    "boilerplate.containers._LARGEST_ITEM": (1, 4),
}


@dataclass(frozen=True)
class Choice:
    """`changes`: attribute of a module of `worker.pages` → what stands there instead."""

    name: str
    changes: Mapping[str, Any]


def choices() -> Iterator[Choice]:
    """Every rule and step left out, one by one, and every threshold moved down and up."""
    yield Choice("without standfirst", {"extraction.find_standfirst": lambda *_: (None, False)})
    yield Choice("without missing paragraphs", {"main_text.completion.Story.missing": lambda _: set()})
    yield Choice("without the slower vote", {"main_text.main_text.NEAR_WHOLE": 0.0})
    yield Choice("without lead", {"extraction.find_lead": _nothing})
    yield Choice("without lost paragraphs", {"main_text.main_text.lost_paragraphs": lambda *_: set()})
    yield Choice("without menus", {"tree.block_reader._MENU_SHARE": 2.0})
    yield Choice("without container names", {"boilerplate.containers.container_rule": lambda _: ""})
    yield Choice("without alt texts", {"extraction.picture_texts": lambda _: frozenset()})
    yield Choice("without link-only", {"boilerplate.containers.is_link_line": lambda _: False})
    yield Choice("without headlines", {"boilerplate.stripping.is_headline": lambda *_, **__: False})
    yield Choice("without repetitions", {"boilerplate.stripping.find_repeats": lambda *_, **__: {}})
    yield Choice("without notes at the end", {"boilerplate.stripping.find_signature": lambda *_, **__: {}})
    yield Choice("without boxes", {"boilerplate.containers._boxed": lambda *_, **__: {}})
    yield Choice("without link lists", {"boilerplate.containers.link_lists": _no_verdicts})
    yield Choice("without teaser cards", {"boilerplate.containers.teaser_cards": _no_verdicts})
    yield Choice("without stranded lines", {"boilerplate.containers.stranded_lines": _no_verdicts})
    yield Choice("without shop buttons", {"boilerplate.containers._is_button": lambda _: False})
    yield Choice("without promotions", {"boilerplate.inline_prompts._is_promotion": lambda *_: False})
    yield Choice("without menus on a line", {"boilerplate.containers._BARRED": 2.0})
    yield Choice("without teasers", {"boilerplate.stripping.cut_teaser": lambda line, *_, **__: (line, "")})
    for rule in rules():
        yield Choice(f"without {rule.name}", {"boilerplate.stripping.matching_rule": _all_but(rule.name)})
    for name, values in THRESHOLDS.items():
        yield from (Choice(f"{name} = {value}", {name: value}) for value in values)


def _nothing(*_: object) -> None:
    return None


def _no_verdicts(*_: object) -> dict[int, str]:
    return {}


def _all_but(name: str) -> Callable[[str], Rule | None]:
    kept = [rule for rule in rules() if rule.name != name]
    return lambda line: next((rule for rule in kept if rule.matches(line)), None)


@contextmanager
def made(taken: Sequence[Choice]) -> Iterator[None]:
    with ExitStack() as stack:
        for choice in taken:
            for place, value in choice.changes.items():
                stack.enter_context(patch(f"worker.pages.{place}", value))
        yield


class Scorer:
    """The data folder's scorer, in this process."""

    def __init__(self, data: Path, sets: Mapping[str, Sequence[Page]]) -> None:
        spec = importlib.util.spec_from_file_location("score_extraction", data / "score_extraction.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(data / "score_extraction.py")
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.sets = sets
        self.gold = {name: self.module.read_jsonl(data / name / "GOLD.jsonl") for name in sets}

    def f1(self, taken: Sequence[Choice] = ()) -> dict[str, float]:
        """By set: F1 with these choices made."""
        with made(taken):
            return {name: self._f1(name) for name in self.sets}

    def _f1(self, name: str) -> float:
        gold = self.gold[name]
        pairs = [
            self.module.precision_recall(gold[key]["text"], extract_article(html, url).text)
            for key, url, html in self.sets[name]
        ]
        return float(self.module.averages(pairs)[0])


def report(data: Path, sets: Mapping[str, Sequence[Page]]) -> None:
    """The table, and what each set would lose by what the others would have chosen."""
    scorer = Scorer(data, sets)
    in_use = scorer.f1()
    names = list(sets)
    print(f"{'F1 in use':50}" + "".join(f"{name:>9} {in_use[name]:.4f}" for name in names))
    gains: list[tuple[Choice, dict[str, float]]] = []
    for choice in choices():
        found = scorer.f1([choice])
        gains.append((choice, {name: found[name] - in_use[name] for name in names}))
        print(f"{choice.name:50}" + "".join(f"{name:>9} {gains[-1][1][name]:+.4f}" for name in names), flush=True)
    for left_out in names:
        taken = best_for(gains, [name for name in names if name != left_out])
        found = scorer.f1(taken)
        named = ", ".join(choice.name for choice in taken) or "nothing else"
        print(f"chosen without {left_out} ({len(taken)}: {named}):")
        print("    " + ", ".join(f"{name} {found[name]:.4f} ({found[name] - in_use[name]:+.4f})" for name in names))


def best_for(gains: Sequence[tuple[Choice, Mapping[str, float]]], choosers: Sequence[str]) -> list[Choice]:
    """All choices by which the mean over these sets gains; of several values for one threshold the best."""
    best: dict[str, tuple[float, Choice]] = {}
    for choice, gain in gains:
        place = choice.name.partition(" = ")[0]
        mean = sum(gain[name] for name in choosers) / len(choosers)
        if mean >= _LEAST_GAIN and mean > best.get(place, (0.0, choice))[0]:
            best[place] = (mean, choice)
    return [choice for _, choice in best.values()]
