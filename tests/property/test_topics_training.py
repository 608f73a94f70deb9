"""What must hold of every fit, fold and threshold."""

from hypothesis import given
from hypothesis import strategies as st

from worker.topics import Label, LabelledArticle, TopicArticle
from worker.topics.learning.fitting import fit
from worker.topics.learning.lesson import deal
from worker.topics.learning.quality import choose_thresholds
from worker.topics.scoring import probability

NAMES = ("a", "b", "c")
ROWS = st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1), max_size=3)
LESSONS = st.lists(st.tuples(ROWS, st.booleans()), max_size=30)


@given(LESSONS, st.dictionaries(st.sampled_from(NAMES), st.floats(-3, 3)))
def test_no_step_away_from_the_fit_is_likelier(
    lesson: list[tuple[dict[str, float], bool]], prior: dict[str, float]
) -> None:
    rows, wanted = [row for row, _ in lesson], [target for _, target in lesson]
    penalty = dict.fromkeys(NAMES, 0.5)
    weights = fit(rows, wanted, prior=prior, penalty=penalty)
    for name in NAMES:
        slope = 0.5 * (weights[name] - prior.get(name, 0.0))
        for row, target in lesson:
            margin = sum(weights[each] * value for each, value in row.items())
            slope += row.get(name, 0.0) * (probability(margin) - target)
        assert abs(slope) < 0.1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60))
def test_thresholds_are_in_order(scored: list[tuple[float, bool]]) -> None:
    found = choose_thresholds([score for score, _ in scored], [target for _, target in scored])
    assert 0 < found.wide <= found.balanced <= found.strict < 1


@given(
    st.lists(st.tuples(st.sampled_from(list(Label)), st.sampled_from(["", "a", "b"]), st.integers(0, 9)), max_size=40),
    st.integers(2, 6),
    st.integers(0, 3),
)
def test_every_article_is_held_back_once(kinds: list[tuple[Label, str, int]], folds: int, seed: int) -> None:
    labelled = [LabelledArticle(TopicArticle(str(number), ""), label, group) for label, group, number in kinds]
    dealt = deal(labelled, folds, seed)
    assert len(dealt) == folds
    assert sorted(number for fold in dealt for number in fold) == list(range(len(labelled)))
    for fold in dealt:
        outside = {labelled[number].group for number in range(len(labelled)) if number not in fold}
        assert not {labelled[number].group for number in fold} & outside - {""}
