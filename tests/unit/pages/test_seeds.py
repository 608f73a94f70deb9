"""The two articles the product was conceived from, where they are at hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from worker.pages import strip_boilerplate

SEEDS = Path(__file__).parents[3] / ".." / "shared" / "seeds"
BOILERPLATE = re.compile(r"skip to content|read also|\.\.\.|…|\(center\) at the$", re.IGNORECASE)


@pytest.mark.bench
@pytest.mark.parametrize("with_title", [False, True])
def test_the_seeds_come_out_clean_and_whole(with_title: bool) -> None:
    paths = sorted(SEEDS.glob("*.txt"))
    if not paths:
        pytest.skip("../shared/seeds is not here")
    for path in paths:
        raw = path.read_text("utf-8")
        lines = [line.strip() for line in raw.split("\n") if line.strip()]
        title = next(line for line in lines if not BOILERPLATE.search(line)) if with_title else None
        paragraphs = strip_boilerplate(raw, title=title).text.split("\n\n")
        assert not [line for line in paragraphs if BOILERPLATE.search(line)]
        assert len(paragraphs) == len(set(paragraphs))
        story = [line for line in lines if line.endswith((".", "”", '"')) and not BOILERPLATE.search(line)]
        assert [line for line in story if line not in paragraphs] == []
