"""The two articles Storywatch was conceived from are two texts, not copies of one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.duplicates import Candidate, DuplicateKind, decide, fingerprint

SEEDS = Path(__file__).parents[3].parent / "shared" / "seeds"


@pytest.mark.bench
def test_the_seeds_are_not_copies():
    paths = sorted(SEEDS.glob("*.txt"))
    if len(paths) < 2:
        pytest.skip("../shared/seeds is missing")
    first, second = (fingerprint(path.read_text("utf8")) for path in paths)
    seen = datetime(2026, 5, 4, tzinfo=UTC)
    assert decide(second, [Candidate(1, first, None, seen)]).kind is DuplicateKind.UNIQUE
