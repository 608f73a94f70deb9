from __future__ import annotations

import pytest

from worker.topics import DEFAULT_BAND, Band, Thresholds


def test_whoever_asks_for_a_band_gets_the_surer_ones_too() -> None:
    strict, balanced, wide = Band
    assert strict.included == {"strict"}
    assert balanced.included == {"strict", "balanced"}
    assert wide.included == {"strict", "balanced", "wide"}


def test_only_the_last_is_no_verdict() -> None:
    assert [band for band in Band if band.is_unsure] == ["wide"]
    assert not DEFAULT_BAND.is_unsure


@pytest.mark.parametrize(
    ("score", "band"), [(1.0, "strict"), (0.8, "strict"), (0.79, "balanced"), (0.3, "wide"), (0.29, None)]
)
def test_a_score_is_in_the_surest_band_it_reaches(score: float, band: str | None) -> None:
    assert Thresholds(0.8, 0.5, 0.3).band(score) == band


def test_each_band_begins_at_its_own_score() -> None:
    assert [Thresholds(0.8, 0.5, 0.3).least(band) for band in Band] == [0.8, 0.5, 0.3]
