"""The process that tries items, bounded as readers of documents are: `python -m benchmarks.fuzz.trial SEED`.

It takes numbers, a line each, and answers each with its CPU seconds and what was wrong. The kernel ends it for an item
that takes more than `SECONDS` of CPU time, also within a C library.
"""

from __future__ import annotations

import os
import resource
import sys
import time
import warnings
from collections.abc import Callable

from benchmarks.fuzz.parsers import Outcome, try_item

SECONDS = 10
MEGABYTES = 512
_START = 20  # seconds more for what pays for the imports


def serve(seed: int, try_item: Callable[[int, int], Outcome]) -> None:
    """Try items until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    warnings.simplefilter("ignore")
    megabytes = MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes, megabytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    allowance = _START
    for line in sys.stdin:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        begun = time.process_time()
        resource.setrlimit(resource.RLIMIT_CPU, (int(begun) + 1 + SECONDS + allowance, hard))
        outcome = try_item(seed, int(line))
        answers.write(f"{time.process_time() - begun:.3f}\t{outcome.is_refused:d}\t{outcome.wrong}\n")
        answers.flush()
        allowance = 0


if __name__ == "__main__":
    try:
        serve(int(sys.argv[1]), try_item)
    except MemoryError:
        os._exit(1)  # nothing that would need memory; the other side knows what a silent end means
