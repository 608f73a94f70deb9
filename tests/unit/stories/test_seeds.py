"""The two articles Storywatch was conceived from: one meeting, told by two outlets."""

import json
from pathlib import Path

import pytest

from worker import pages
from worker.stories import assign, score

SHARED = Path(__file__).parents[3].parent / "shared"
SEEDS = SHARED / "seeds"
OTHERS = SHARED / "bench" / "topics" / "IN.jsonl"
# In log-odds, what .15 of the words' cosine makes between .5 and .65: 3.3 * .15 + 3.3 * (sqrt(.65) - sqrt(.5)).
# In probabilities, which end at 1, no two certain pairs are that far apart.
MARGIN = 0.82


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
    assert score(second, [first]) > MARGIN + max(score(second, story.members) for story in others)


@pytest.mark.bench
def test_of_all_articles_about_migration_none_is_nearly_as_near(texts, make):
    if not OTHERS.exists():
        pytest.skip("../shared/bench/topics is missing")
    first, second = (make(_clean(_title(text), text), title=_title(text)) for text in texts)
    rows = [json.loads(line) for line in OTHERS.read_text("utf8").splitlines()]
    others = [
        make(_clean(row["title"], row["text"]), title=row["title"], language=row["language"])
        for row in rows
        if not row["id"].startswith("seed")
    ]
    assert len(others) > 400
    for one, other in ((first, second), (second, first)):
        # All as if of one day: by their dates, months away, none of the others would be looked at.
        assert score(one, [other]) > MARGIN + max(score(one, [article]) for article in others)


def _title(text: str) -> str:
    return next(line for line in text.splitlines() if line and "content" not in line)


def _clean(title: str, text: str) -> str:
    return pages.strip_boilerplate(text, title=title).text
