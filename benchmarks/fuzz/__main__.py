"""Hostile inputs by the thousand for all that reads what others wrote: none may raise, take long, or fill memory.

    python -m benchmarks.fuzz --n 12000 --seed 1 [--kinds page feed] [--processes 2]
    python -m benchmarks.fuzz --seed 1 --item 4711 [--show]

Feeds, pages, sitemaps, lists of feeds, robots.txt, answers' headers and codings, web addresses, dates, topics, queries,
settings, schedules, mail addresses, digests, mail servers' replies, archives, and visits to our own pages. An item is
drawn by seed and number alone, so `--item` does one again, in this process with its traceback where it raises
and `--show` prints what it is. Each is tried in a process that the kernel ends after 10 s of CPU time, or that gets no
more than 512 MB. Prints a line for each kind and each finding; exit 1 where there is one.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from benchmarks.fuzz.parsers import KINDS, kind_of, lot_of
from benchmarks.fuzz.trial import MEGABYTES, SECONDS


@dataclass(frozen=True, slots=True)
class Finding:
    """An item as it went: `wrong` is "" where all is right."""

    number: int
    kind: str
    seconds: float
    is_refused: bool
    wrong: str


class Trial:
    """One trying process, started when first needed and again after it was ended."""

    def __init__(self, seed: int, module: str = "benchmarks.fuzz.trial") -> None:
        self._command = [sys.executable, "-m", module, str(seed)]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Trial:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, number: int) -> Finding:
        """Try the item."""
        process = self._process = self._process or subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8", cwd=Path(__file__).parents[2],
        )  # fmt: skip
        if process.stdin is None or process.stdout is None:
            raise AssertionError("started with pipes")
        line = ""
        try:
            process.stdin.write(f"{number}\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            pass
        if not line:
            code = process.wait(60)
            self._end()
            why = {-signal.SIGXCPU: f"took more than {SECONDS} s of CPU time", 1: f"took more than {MEGABYTES} MB"}
            return Finding(number, kind_of(number), 0.0, False, why.get(code, f"ended its process ({code})"))
        seconds, refused, wrong = line.rstrip("\n").split("\t", maxsplit=2)
        late = f"took {seconds} s of CPU time" if float(seconds) > SECONDS and not wrong else wrong
        return Finding(number, kind_of(number), float(seconds), refused == "1", late)

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def run_items(seed: int, numbers: Sequence[int], *, processes: int = 1) -> Iterator[Finding]:
    """Try the items; yields them in the order given."""
    free: SimpleQueue[Trial] = SimpleQueue()

    def run(number: int) -> Finding:
        trial = free.get()
        try:
            return trial.run(number)
        finally:
            free.put(trial)

    with ExitStack() as stack:
        for _ in range(processes):
            free.put(stack.enter_context(Trial(seed)))
        with ThreadPoolExecutor(processes) as threads:
            yield from threads.map(run, numbers)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=1_000, help="how many items")
    parser.add_argument("--start", type=int, default=0, help="the first item's number")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--item", type=int, help="try this one alone, here")
    parser.add_argument("--show", action="store_true", help="with --item: print it")
    given = parser.parse_args(arguments)
    if given.item is not None:
        return again(given.seed, given.item, show=given.show)
    numbers = [one for one in range(given.start, given.start + given.n) if kind_of(one) in given.kinds]
    found = []
    for one in run_items(given.seed, numbers, processes=given.processes):
        found.append(one)
        if one.wrong:
            print(f"seed {given.seed} item {one.number} ({one.kind}): {one.wrong}", flush=True)
    report(found)
    return any(one.wrong for one in found)


def again(seed: int, number: int, *, show: bool) -> int:
    """Do one item in this process; what it raises ends it."""
    kind = KINDS[kind_of(number)]
    made = kind.make(lot_of(seed, number))
    print(f"seed {seed} item {number}: {kind_of(number)}")
    if show:
        print(repr(made))
    kind.read(made)
    return 0


def report(found: Sequence[Finding]) -> None:
    print(f"{'kind':14} {'items':>6} {'refused':>8} {'wrong':>6} {'CPU s':>8} {'longest':>8}  item")
    for kind in KINDS:
        some = [one for one in found if one.kind == kind]
        if some:
            slowest = max(some, key=lambda one: one.seconds)
            refused = sum(one.is_refused for one in some)
            total, wrong = sum(one.seconds for one in some), sum(bool(one.wrong) for one in some)
            print(
                f"{kind:14} {len(some):6} {refused:8} {wrong:6} {total:8.1f} {slowest.seconds:8.2f}  {slowest.number}"
            )
    print(f"{len(found)} items, {sum(bool(one.wrong) for one in found)} wrong")


if __name__ == "__main__":
    sys.exit(main())
