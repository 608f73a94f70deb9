"""What one more article costs where thousands lie within one story window, hindsight included; does order count?

    python -m benchmarks.window --data ../shared/bench [--articles 2500] [--orders 1]

The texts are those of the story and topic sets, all dated within three days; where there are more articles than texts,
they come again with six of ten words, and all numbers, replaced by others that are about as frequent: other events of
the same topics. Printed is processor time: of each five hundred as they arrive, and of the look that follows. In
other orders every article must end in a story with the same others.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import count, islice
from pathlib import Path

from worker.analysis.placing import place
from worker.replay.archive import ArchivedArticle, read_archive
from worker.replay.replay import discover_article, judge_article, replay_database, settled_forms
from worker.setup.analysis_deps import AnalysisRules, analysis_rules
from worker.setup.settings import load_settings
from worker.storage.db.database import Database

SETS = ("stories/basil", "stories/neus", "stories/ecb", "stories/meantime", "stories/semeval", "topics")
START, SPAN = datetime(2026, 3, 2, tzinfo=UTC), timedelta(days=3)
PART = 500
FUNCTION_WORDS, REPLACED = (
    200,
    60,
)  # of all words the most frequent, which stay; and how many in a hundred others do not
_WORD, _NUMBER = re.compile(r"[^\W\d_]{4,}"), re.compile(r"\d+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=2500)
    parser.add_argument("--orders", type=int, default=1)
    given = parser.parse_args()
    rules, archive = analysis_rules(load_settings()), crowd(given.data, given.articles)
    expected = replay(archive, rules)
    for seed in range(1, given.orders + 1):
        shuffled = list(archive)
        random.Random(seed).shuffle(shuffled)
        found = replay(shuffled, rules)
        apart = sum(expected[name] != mates for name, mates in found.items())
        print(f"in order {seed}: {apart} of {len(found)} articles in a story with others", flush=True)


def crowd(data: Path, size: int) -> list[ArchivedArticle]:
    """So many articles, in no order, evenly over the three days."""
    texts = [article for name in SETS for article in read_archive(data / name / "IN.jsonl")]
    articles = list(islice(_varied(texts), size))
    random.Random(7).shuffle(articles)
    return [
        replace(article, id=str(number), url="", published=START + number * SPAN / size)
        for number, article in enumerate(articles)
    ]


def _varied(texts: Sequence[ArchivedArticle]) -> Iterator[ArchivedArticle]:
    frequent = Counter(word for one in texts for word in set(_WORD.findall(one.text.lower())))
    ranked = [word for word, _ in frequent.most_common()]
    rank = {word: number for number, word in enumerate(ranked)}

    def vary(text: str, turn: int) -> str:
        text = _WORD.sub(lambda found: _other_word(found[0], turn, ranked, rank), text)
        return _NUMBER.sub(lambda found: str(_draw(found[0], turn) % 10 ** len(found[0])), text)

    yield from texts
    for turn in count(1):
        for one in texts:
            yield replace(one, title=vary(one.title, turn), text=vary(one.text, turn))


def _other_word(word: str, turn: int, ranked: Sequence[str], rank: dict[str, int]) -> str:
    number = rank.get(word.lower(), 0)
    if number < FUNCTION_WORDS or _draw(word.lower(), turn) % 100 >= REPLACED:
        return word
    near = number // 2 + _draw(word.lower(), turn, "which") % number
    other = ranked[max(FUNCTION_WORDS, min(len(ranked) - 1, near))]
    return other.capitalize() if word[0].isupper() else other


def _draw(*said: object) -> int:
    return int.from_bytes(blake2b(repr(said).encode(), digest_size=6).digest(), "big")


def replay(archive: Sequence[ArchivedArticle], rules: AnalysisRules) -> dict[str, frozenset[str]]:
    """Print what it costs and return for each article those it is in a story with."""
    with replay_database(None) as database:
        started, ids, costs = time.process_time(), list[int](), list[float]()
        for start in range(0, len(archive), PART):
            before = time.process_time()
            ids += _arrive(archive[start : start + PART], rules, database)
            costs.append(1000 * (time.process_time() - before) / (len(ids) - start))
        arrived = time.process_time()
        forms = settled_forms(archive, ids, rules, database)
        ended = time.process_time()
    print(f"milliseconds an article as they arrive: {' '.join(f'{cost:.1f}' for cost in costs)}")
    print(
        f"looked at again: {1000 * (ended - arrived) / len(ids):.1f} ms an article; "
        f"{len(ids) / (ended - started):.1f} articles a second of processor time",
        flush=True,
    )
    stories: dict[int, set[str]] = {}
    for form in forms:
        stories.setdefault(form["story"], set()).add(form["id"])
    return {form["id"]: frozenset(stories[form["story"]]) for form in forms}


def _arrive(archive: Sequence[ArchivedArticle], rules: AnalysisRules, database: Database) -> Iterator[int]:
    times = [article.published or START for article in archive]
    judged = [(one, at, judge_article(one, at, rules)) for one, at in zip(archive, times, strict=True)]
    with database.transaction() as session:
        for article, at, judgement in judged:
            article_id = discover_article(session, article, at)
            place(session, article_id, judgement, now=at, rules=rules.copies, story_rules=rules.stories)
            yield article_id


if __name__ == "__main__":
    main()
