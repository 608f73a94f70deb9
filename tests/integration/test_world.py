"""A small world of invented news through the real service: its mails are read and scored as `benchmarks.world` does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.world.articles import INVENTED, build_world
from benchmarks.world.facts import ask_explain, matcher, read_facts, told_to_reader
from benchmarks.world.mails import Mail
from benchmarks.world.run import Installation, install, pass_days
from benchmarks.world.scenarios import Scenario, run_scenario
from benchmarks.world.score import score_run
from benchmarks.world.truth import Label

HOUR = timedelta(hours=1)


@pytest.fixture
def installation(redis_url: str) -> Iterator[Installation]:
    world = build_world(3, None, INVENTED)
    with install(world, redis_url) as installation:
        pass_days(installation, world.end)
        yield installation


def test_days_of_a_world_are_told_and_scored(installation: Installation) -> None:
    mails = told_to_reader(installation)
    facts = read_facts(installation)
    truth = installation.site.world.truth
    assert set(facts) == set(truth.reports), "every report of every kind of feed was seen"
    assert [mail.sent.hour for mail in mails] == [15, 15, 15], "a digest at the first look after seven in Mexico City"
    explained = ask_explain(installation, [fact.number for many in facts.values() for fact in many])
    score = score_run(installation.site, mails, facts, explained, matcher(installation))
    assert score.recall >= 0.3
    assert score.precision >= 0.5
    assert len(score.missed) == score.units - score.found
    assert len(score.wrong) == score.told[Label.NO]
    assert len(score.told_twice) <= 1
    assert all(finding.cause and finding.note for finding in (*score.missed, *score.wrong))
    nothing = score_run(installation.site, _emptied(mails), facts, explained, matcher(installation))
    assert nothing.recall == 0, "what no mail says is not found"


def test_a_scenario_counts_what_is_lost_and_what_comes_twice(redis_url: str) -> None:
    scenario = Scenario("nothing is wrong", "hourly", (HOUR, 2 * HOUR), 5 * HOUR, HOUR / 2, lambda *_: True)
    outcome = run_scenario(scenario, redis_url)
    assert (outcome.published, outcome.lost, outcome.doubled) == (2, (), ())
    never = replace(scenario, until=HOUR)
    assert run_scenario(never, redis_url).lost == ("r0000", "r0001"), "no digest was due yet"


def _emptied(mails: list[Mail]) -> list[Mail]:
    return [Mail(mail.sent, mail.subject, (), "") for mail in mails]
