"""A short selection of what `make chaos` runs: a round on each database, and one that has to be found wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faults.kinds import ANYWHERE, ON_POSTGRESQL, ON_SQLITE, POISON
from tests.faults.rounds import ENGINES, faults_of, run_round

pytestmark = [pytest.mark.slow, pytest.mark.chaos]

CHOSEN = {
    "sqlite": ("kill analyze", "mail: dies after the dot", "kill redis"),
    "postgresql": ("kill PostgreSQL", "kill mail", "kill supervisor"),
}  # fmt: skip


def test_nothing_is_lost_and_nothing_comes_twice() -> None:
    with ThreadPoolExecutor() as threads:  # both at a time: what a round does most is to wait
        rounds = [threads.submit(run_round, 1, engine, CHOSEN[engine]) for engine in ENGINES]
    for outcome in (one.result() for one in rounds):
        assert outcome.findings == (), outcome.log[-3000:]
        assert outcome.hits >= 3, outcome.faults
        assert outcome.articles >= 20
        assert outcome.mails >= 5
        assert 0 < outcome.read_after <= outcome.told_after


def test_a_step_without_its_fence_is_found_out() -> None:
    # A machine that is busy may never let both services come to the same mail: then the next seed has its turn.
    outcomes = (run_round(seed, "sqlite", ("two services",), defect=True) for seed in (1, 2, 3))
    assert any("was not in doubt" in one for outcome in outcomes for one in outcome.findings)


def test_a_seed_is_a_seed_and_every_fault_has_its_turn() -> None:
    for engine, own in zip(ENGINES, (ON_SQLITE, ON_POSTGRESQL), strict=True):
        rounds = [faults_of(seed, engine) for seed in range(1, 101)]
        assert rounds == [faults_of(seed, engine) for seed in range(1, 101)]
        assert {name for names in rounds for name in names} == {*ANYWHERE, *own, POISON}
        assert min(map(len, rounds)) >= 4


def test_the_page_names_every_fault() -> None:
    page = Path(ROOT / "docs" / "reliability.md").read_text()
    missing = [name for name in (*ANYWHERE, *ON_SQLITE, *ON_POSTGRESQL, POISON) if f"`{name}`" not in page]
    assert missing == []
