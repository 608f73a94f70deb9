"""A short selection of what `make chaos` runs: a round on each database, and one that has to be found wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faults.kinds import ANYWHERE, ON_POSTGRESQL, ON_SQLITE, POISON
from tests.faults.rounds import ENGINES, faults_of, run_round

pytestmark = [pytest.mark.slow, pytest.mark.chaos]

CHOSEN = {
    "sqlite": ("kill analyze", "mail: dies after the dot", "kill redis", "kill web", "kill beat"),
    "postgresql": ("kill fetch", "kill PostgreSQL", "kill mail", "kill supervisor"),
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_lost_and_nothing_comes_twice(engine: str) -> None:
    outcome = run_round(1, engine, CHOSEN[engine])
    assert outcome.findings == (), outcome.log[-3000:]
    assert outcome.hits >= 3, outcome.faults
    assert outcome.articles >= 20
    assert outcome.mails >= 5


def test_a_step_without_its_fence_is_found_out() -> None:
    findings = run_round(1, "sqlite", ("two services",), defect=True).findings
    assert any("was not in doubt" in one for one in findings), findings


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
