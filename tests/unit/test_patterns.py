"""What no pattern in the source may hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{[\d,]*\})\+")


def patterns_of(source: str) -> Iterator[str]:
    """The first argument of every call of a function of `re`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).startswith("re."):
            yield ast.unparse(node.args[0])


def sources() -> list[Path]:
    return sorted((ROOT / "worker").rglob("*.py"))


def test_no_repeated_group_is_possessive() -> None:
    """Python before 3.11.5, Debian 12's among them, finds nothing with those (python/cpython#106052)."""
    patterns = [(path.name, pattern) for path in sources() for pattern in patterns_of(path.read_text())]
    assert len(patterns) > 100
    assert not [each for each in patterns if POSSESSIVE_GROUP.search(each[1])]


@pytest.mark.parametrize("pattern", ["(?:a|b)*+", "(a)++", "(?:a b){2,}+"])
def test_such_a_group_would_be_seen(pattern: str) -> None:
    (seen,) = patterns_of(f"import re\nX = re.compile(r{pattern!r}, re.DOTALL)")
    assert POSSESSIVE_GROUP.search(seen)
