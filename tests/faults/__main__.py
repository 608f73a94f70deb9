"""`python -m tests.faults --seed 1 --minutes 10`: rounds on both databases, seed after seed, and what came of them.

A round that fails says how it is run again; its log stays in the folder that is named.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import psutil

from tests.faults.rounds import ENGINES, Outcome, faults_of, run_round
from worker.errors import StorywatchError


def main() -> int:
    given = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    given.add_argument("--seed", type=int, default=1, help="the first one")
    given.add_argument("--minutes", type=float, default=10, help="for how long at least; 0 is one seed")
    given.add_argument("--seeds", type=int, default=1, help="how many of them at least")
    given.add_argument("--engine", choices=ENGINES, action="append", help="on one database alone")
    given.add_argument("--fault", action="append", default=[], help="these instead of the seed's own")
    given.add_argument("--defect", action="store_true", help="without one step's fence: it must be found")
    asked = given.parse_args()
    end, seed, failed, rounds = time.monotonic() + asked.minutes * 60, asked.seed, 0, 0
    while True:
        for engine in asked.engine or ENGINES:
            rounds += 1
            failed += not _try(seed, engine, asked.fault, defect=asked.defect)
        seed += 1
        if time.monotonic() >= end and seed >= asked.seed + asked.seeds:
            break
    print(f"{rounds} rounds, {failed} failed")
    return 1 if failed else 0


def _try(seed: int, engine: str, names: list[str], *, defect: bool) -> bool:
    again = f"make chaos SEED={seed} MINUTES=0 ENGINE={engine}"
    if names or defect:
        chosen = "".join(f" --fault '{name}'" for name in names)
        again = f"python -m tests.faults --seed {seed} --minutes 0 --engine {engine}{chosen}{' --defect' * defect}"
    try:
        outcome = run_round(seed, engine, names, defect=defect)
    except (AssertionError, subprocess.TimeoutExpired, psutil.Error, StorywatchError):
        print(f"seed {seed} {engine} BROKE OFF, again by: {again}\n  {', '.join(names or faults_of(seed, engine))}")
        traceback.print_exc()
        return False
    _tell(outcome)
    if not outcome.findings:
        return True
    log = Path(tempfile.mkstemp(prefix=f"faults-{seed}-{engine}-", suffix=".log")[1])
    log.write_text(outcome.log)
    print("".join(f"  {one}\n" for one in outcome.findings) + f"  again by: {again}\n  log: {log}", flush=True)
    return False


def _tell(outcome: Outcome) -> None:
    faults = ", ".join(name if hit else f"({name})" for name, hit in outcome.faults)
    print(
        f"seed {outcome.seed} {outcome.engine}: {'right' if not outcome.findings else 'WRONG'}, {outcome.hits} hits,"
        f" {outcome.articles} articles, {outcome.mails} mails, {outcome.resent} of them again,"
        f" read after {outcome.read_after:.0f} s, told after {outcome.told_after:.0f} s at a load of"
        f" {outcome.load:.0f}: {faults}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
