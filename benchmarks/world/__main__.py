"""A world of news on loopback, run through the real service day by day, and a score for the mails of its reader.

    python -m benchmarks.world --data ../shared/bench [--seeds 1 2 3 4 5] [--hand second] [--quick]
        [--show wrong missed stories]
    python -m benchmarks.world --scenarios

Each seed deals texts, layouts, feeds and lines anew. What is told is read out of the mails themselves; the truth of
every report is known. `--hand` says whose pages, feeds and lines: the second's check what the first's have taught.
`--quick` is a seventh of it, `--service` as much by `storywatch run` itself. `--show` lists single items with their
causes: `wrong`, `missed`, and the twenty biggest `stories`. `--scenarios` has clocks that run ahead, mail servers that
say no, missed Mondays.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import floors
from benchmarks.own_redis import own_redis
from benchmarks.world.articles import FULL, QUICK, SERVICE, START, Size, build_world
from benchmarks.world.facts import Fact, ask_explain, matcher, read_facts, told_to_reader
from benchmarks.world.hands import Hand
from benchmarks.world.mails import Mail
from benchmarks.world.outlets import FIRST, HANDS
from benchmarks.world.pieces import MissingDataError
from benchmarks.world.report import figures, print_findings, print_score, print_stories, story_scores
from benchmarks.world.run import install, pass_days
from benchmarks.world.scenarios import SCENARIOS, run_scenario
from benchmarks.world.score import Score, items_of, score_run
from benchmarks.world.service import service_start, tell_once
from benchmarks.world.site import Site

DATA = Path(__file__).resolve().parents[3] / "shared" / "bench"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--hand", choices=sorted(HANDS), default=FIRST.name)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--show", nargs="+", choices=("wrong", "missed", "stories"), default=[])
    parser.add_argument("--service", action="store_true")
    parser.add_argument("--scenarios", action="store_true")
    given = parser.parse_args()
    if given.scenarios:
        return print_scenarios()
    size = SERVICE if given.service else QUICK if given.quick else FULL
    measured: dict[str, float] = {}
    try:
        for seed in given.seeds:
            score = run_world(seed, given.data, size, hand=HANDS[given.hand], show=given.show)
            measured |= figures(score, _named(seed, HANDS[given.hand]))
    except MissingDataError as missing:
        print(missing, file=sys.stderr)
        return 2
    return int(size is FULL and not floors.check(measured, given.data))


def _named(seed: int, hand: Hand) -> str:
    """Return what the figures of that world are called by."""
    return str(seed) if hand is FIRST else f"{hand.name}.{seed}"


def run_world(seed: int, data: Path, size: Size, *, hand: Hand = FIRST, show: list[str]) -> Score:
    """Run one world and print what came of it."""
    spent = time.process_time()
    world = build_world(seed, data, size, service_start(size.days) if size is SERVICE else START, hand)
    with own_redis() as redis, install(world, redis) as installation:
        if size is SERVICE:
            installation.clock.now = world.end
            tell_once(installation)
        else:
            pass_days(installation, world.end)
        facts = read_facts(installation)
        mails = told_to_reader(installation)
        explained = ask_explain(installation, asked_about(installation.site, mails, facts))
        score = score_run(installation.site, mails, facts, explained, matcher(installation))
    print_score(world, score)
    precision, recall = story_scores(world.truth, facts)
    print(
        f"  stories: BCubed precision {precision:.3f}, recall {recall:.3f}; {time.process_time() - spent:.0f} s of CPU"
    )
    for name, findings in (("wrong", score.wrong), ("missed", score.missed)):
        if name in show:
            print(f"{name}:")
            print_findings(findings)
    if "stories" in show:
        print("stories:")
        print_stories(world.truth, facts)
    return score


def asked_about(site: Site, mails: Sequence[Mail], facts: Mapping[str, Sequence[Fact]]) -> list[int]:
    """Return the articles to have explained: all that were mailed or are recorded as told, and some others."""
    shown = items_of(site, mails)
    return [
        fact.number
        for name, many in facts.items()
        for fact in many
        if name in shown or fact.in_digest or fact.number % 5 == 0
    ]


def print_scenarios() -> int:
    """Run every scenario; return how many lost something or told it twice."""
    failed = 0
    with own_redis() as redis:
        for outcome in (run_scenario(scenario, redis) for scenario in SCENARIOS):
            failed += bool(outcome.lost or outcome.doubled)
            print(
                f"{outcome.scenario}: {outcome.published} published, {len(outcome.lost)} lost, "
                f"{len(outcome.doubled)} told twice",
                flush=True,
            )
    return failed


if __name__ == "__main__":
    sys.exit(main())
