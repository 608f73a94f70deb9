from __future__ import annotations

import re

import pytest

from worker.pages.boilerplate.openings import Openings
from worker.pages.boilerplate.rules import matching_rule, rules

LINES = (
    "The council met on Monday and said nothing about the bridge.",
    "More than 400 people were at the harbour, police said.",
    "Bild: Anna Berg",
    "© 2024 Harbour News. All rights reserved",
)


@pytest.mark.parametrize("line", [*LINES, *(example for rule in rules() for example in rule.examples)])
def test_a_line_is_known_by_the_rule_that_knows_it_when_each_is_asked(line: str) -> None:
    assert matching_rule(line) is next((rule for rule in rules() if rule.matches(line)), None)


@pytest.mark.parametrize("line", ["Read on", "READ ON", "12 shares", "tell us: all rights reserved", "a@b.example"])
def test_a_line_begins_as_one_of_the_patterns(line: str) -> None:
    patterns = ["read on", r"\d+ shares", r".{0,20}\ball rights reserved", r"[\w.]+@\w+"]
    openings = Openings((pattern, pattern) for pattern in patterns)
    (found,) = openings.owners(line)
    assert re.match(found, line, re.IGNORECASE)
    assert not openings.owners(f"And {line.replace('@', ' at ').replace('reserved', 'kept')}")


def test_a_pattern_is_matched_at_the_start_alone() -> None:
    assert not Openings([("share", 1)]).owners("to share")


def test_all_whose_patterns_a_line_begins_with_are_named() -> None:
    rows = [("share", 1), ("share this", 2), ("share that", 3), (r"\w+ this\b", 1)]
    assert Openings(rows).owners("Share this") == {1, 2}
