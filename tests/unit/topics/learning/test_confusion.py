from __future__ import annotations

from worker.topics.learning.confusion import LabelledScore, confuse


def scored(label: str, score: float) -> LabelledScore:
    return LabelledScore(1, f"{label} {score}", label, score)


def test_every_article_is_in_one_cell_the_worst_first() -> None:
    given = [
        scored("yes", 0.9), scored("yes", 0.5), scored("yes", 0.4), scored("yes", 0.0), scored("no", 0.6),
        scored("no", 0.8), scored("no", 0.1), scored("borderline", 0.7), scored("borderline", 0.2),
    ]  # fmt: skip
    found = confuse(given, 0.5)
    assert (found.right_hits, found.right_misses) == (2, 1)
    assert [each.score for each in found.wrong_hits] == [0.8, 0.6]
    assert [each.score for each in found.missed] == [0.0, 0.4]
    assert ([each.score for each in found.borderline_hits], [each.score for each in found.borderline_misses]) == (
        [0.7],
        [0.2],
    )
    assert (found.precision, found.recall) == (0.5, 0.5)


def test_shares_of_nothing_are_not_known() -> None:
    found = confuse([scored("no", 0.1)], 0.5)
    assert (found.precision, found.recall) == (None, None)
    assert confuse([scored("yes", 0.1)], 0.5).recall == 0.0
