import pytest

from worker.topics import Band, JudgedArticle, Label, LabelledArticle, Thresholds, TopicArticle
from worker.topics.learning.quality import calibration, choose_thresholds, fires, log_loss, measure

BANDS = Thresholds(0.8, 0.5, 0.3)


def judged(label: Label, score: float, *, hard: bool = False) -> JudgedArticle:
    return JudgedArticle(LabelledArticle(TopicArticle("", ""), label, hard=hard), score, BANDS.band(score))


SAMPLE = (
    judged(Label.YES, 0.9),
    judged(Label.YES, 0.6),
    judged(Label.YES, 0.2),
    judged(Label.NO, 0.55, hard=True),
    judged(Label.NO, 0.1, hard=True),
    judged(Label.NO, 0.0),
    judged(Label.BORDERLINE, 0.9),
    judged(Label.BORDERLINE, 0.35),
)


def test_precision_and_recall_leave_the_borderline_out() -> None:
    quality = measure(SAMPLE, lambda each: fires(each, Band.BALANCED))
    assert (quality.hits, quality.false_alarms, quality.misses) == (2, 1, 1)
    assert quality.precision == quality.recall == quality.f1 == pytest.approx(2 / 3)
    assert (quality.hard_fired, quality.borderline_fired) == (0.5, 0.5)


def test_a_band_holds_the_surer_ones() -> None:
    fired = {band: sum(fires(each, band) for each in SAMPLE) for band in Band}
    assert fired == {Band.STRICT: 2, Band.BALANCED: 4, Band.WIDE: 5}


def test_nothing_fired_and_nothing_wanted() -> None:
    quality = measure((), lambda each: True)
    assert (quality.precision, quality.recall, quality.f1) == (0, 0, 0)
    assert log_loss(()) == 0
    assert calibration(()) == ()


def test_which_judgements_are_right() -> None:
    assert [each.is_right for each in SAMPLE] == [True, True, False, False, True, True, True, True]


def test_a_calibration_table() -> None:
    rows = calibration(SAMPLE, bins=2)
    assert [(row.low, row.articles) for row in rows] == [(0.0, 3), (0.5, 3)]
    assert rows[1].share_yes == pytest.approx(2 / 3)
    assert rows[1].mean_score == pytest.approx((0.9 + 0.6 + 0.55) / 3)
    assert sum(row.articles for row in calibration((judged(Label.YES, 1.0),))) == 1


def test_surprise_is_finite_and_grows() -> None:
    assert log_loss([judged(Label.YES, 0.9)]) < log_loss([judged(Label.YES, 0.1)]) < log_loss([judged(Label.YES, 0.0)])


def test_thresholds_are_in_order_and_part_the_articles() -> None:
    scores = [0.95, 0.9, 0.85, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1]
    wanted = [True, True, True, False, True, True, False, False, False]
    found = choose_thresholds(scores, wanted)
    assert found.wide <= 0.8 * found.balanced + 0.001
    assert 0.3 < found.balanced < 0.4
    assert 0.7 < found.strict <= 0.85


def test_balanced_gives_up_a_little_recall_for_precision() -> None:
    scores = [0.9] * 40 + [0.5] * 3 + [0.5] * 3 + [0.1] * 40
    wanted = [True] * 40 + [True] * 3 + [False] * 3 + [False] * 40
    assert 0.5 < choose_thresholds(scores, wanted).balanced < 0.9
    assert choose_thresholds(scores, wanted).wide <= 0.5
