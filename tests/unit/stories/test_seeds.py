"""The two articles Storywatch was conceived from: one meeting, told by two outlets."""

from pathlib import Path

import pytest

from worker.stories import assign, mean_link

SEEDS = Path(__file__).parents[3].parent / "shared" / "seeds"


@pytest.fixture(scope="module")
def texts() -> list[str]:
    paths = sorted(SEEDS.glob("*.txt"))
    if len(paths) < 2:
        pytest.skip("../shared/seeds is missing")
    return [path.read_text("utf8") for path in paths]


@pytest.mark.bench
def test_the_seeds_are_one_story_and_far_from_look_alikes(texts, make, store, told):
    first, second = (make(text, language="en") for text in texts)
    others = [store(number, features) for number, features in enumerate(told.values(), start=2)]
    assert assign(second, [store(1, first), *others], now=second.published).story_id == 1
    assert mean_link(second.vector, store(1, first)) > 0.15 + max(mean_link(second.vector, s) for s in others)
