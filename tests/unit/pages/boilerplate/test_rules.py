from __future__ import annotations

import time
from pathlib import Path

import pytest

from worker.pages.boilerplate.rules import Rule, matching_rule, rules
from worker.pages.boilerplate.stripping import strip_boilerplate

GOLDEN = Path(__file__).parents[3] / "golden" / "pages"


def golden(name: str) -> list[str]:
    lines = (GOLDEN / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_knows_its_own_examples(rule: Rule) -> None:
    assert rule.why
    assert rule.examples
    for example in rule.examples:
        assert rule.matches(example), example


def test_names_are_unique() -> None:
    names = [rule.name for rule in rules()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("line", golden("look_alikes.txt"))
def test_a_sentence_of_the_story_stays(line: str) -> None:
    assert matching_rule(line) is None
    text = f"The harbour town woke late.\n\n{line}\n\nNobody was hurt."
    assert line in strip_boilerplate(text, title="A day at the harbour").text
    assert strip_boilerplate(f"Nobody was hurt.\n\nIt was late.\n\n{line}").text.endswith(line)


@pytest.mark.parametrize("line", golden("boilerplate.txt"))
def test_boilerplate_goes(line: str) -> None:
    assert matching_rule(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "1" * 110,
        "Share " + "1 " * 50 + "q",
        "May 3, 2023 " + "12 " * 30 + "q",
        "By " + "Aa " * 30,
        "Published: " + "12:30 " * 15 + "q",
    ],
    ids=["digits", "share", "date", "names", "times"],
)
def test_no_line_makes_a_pattern_explode(line: str) -> None:
    # A bound on work, not on speed: a pattern that backtracks exponentially would need years.
    started = time.process_time()
    matching_rule(line)
    assert time.process_time() - started < 5
