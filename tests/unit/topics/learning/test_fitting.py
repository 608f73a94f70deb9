import pytest

from worker.topics.learning.fitting import calibrate, dot, fit
from worker.topics.scoring import log_odds, probability


def test_it_finds_the_likeliest_weights() -> None:
    # Of ten articles with the word 8 are wanted, of ten without 2: log-odds of 1.386 and -1.386.
    rows = [{"bias": 1.0, "word": 1.0}] * 10 + [{"bias": 1.0}] * 10
    wanted = [True] * 8 + [False] * 2 + [True] * 2 + [False] * 8
    weights = fit(rows, wanted, prior={}, penalty={"bias": 1e-6, "word": 1e-6})
    assert weights["bias"] == pytest.approx(-1.386, abs=0.01)
    assert weights["word"] == pytest.approx(2.773, abs=0.02)


def test_without_articles_the_prior_stays() -> None:
    assert fit([], [], prior={"a": 1.5}, penalty={"a": 1.0, "b": 1.0}) == {"a": 1.5, "b": 0.0}


def test_a_strong_penalty_holds_a_weight_at_its_prior() -> None:
    rows, wanted = [{"a": 1.0}] * 50, [False] * 50
    near, far = (fit(rows, wanted, prior={"a": 2.0}, penalty={"a": pull})["a"] for pull in (1e4, 0.1))
    assert near == pytest.approx(2.0, abs=0.01)
    assert far < -2


def test_perfectly_parted_articles_keep_finite_weights() -> None:
    rows = [{"a": 1.0, "bias": 1.0}] * 20 + [{"bias": 1.0}] * 20
    weights = fit(rows, [True] * 20 + [False] * 20, prior={}, penalty={"a": 0.2, "bias": 0.01})
    assert 2 < weights["a"] < 20


def test_calibration_shrinks_what_is_too_sure() -> None:
    margins = [8.0] * 10 + [-8.0] * 10
    slope, intercept = calibrate(margins, [True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)
    assert probability(slope * 8 + intercept) == pytest.approx(0.8, abs=0.03)


def test_a_slope_is_never_turned_round() -> None:
    assert calibrate([5.0, -5.0] * 20, [False, True] * 20)[0] > 0


def test_dot_leaves_out_what_has_no_weight() -> None:
    assert dot({"a": 2.0}, {"a": 0.5, "b": 9.0}) == 1.0


@pytest.mark.parametrize("score", [0.001, 0.3, 0.5, 0.999])
def test_log_odds_are_the_inverse_of_probability(score: float) -> None:
    assert probability(log_odds(score)) == pytest.approx(score)
