"""Runs every benchmark in turn: `make bench`. Those that need ../shared/bench are left out where it is missing.

`benchmarks.behaviour` measures nothing and is run by itself.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCH = HERE.parents[1] / "shared" / "bench"
COMMANDS = {
    "floors": ["--data", str(BENCH)],
    "digests": [],
    "planning": [],
    "outbox": [],
    "dedupe": [],
    "hostile": [],
    "fuzz": [],
    "feeds.polling": [],
    "feeds.politeness": [],
    "fetch": [],
    "feeds": ["--data", str(BENCH / "feeds")],
    "pages": ["--data", str(BENCH / "extraction")],
    "pipeline": ["--data", str(BENCH / "extraction")],
    "topics": ["--data", str(BENCH / "topics")],
    "replay": ["--data", str(BENCH)],
    "stories": ["--data", str(BENCH)],
    "window": ["--data", str(BENCH)],
    "look_alikes": ["--data", str(BENCH)],
    "world": ["--data", str(BENCH), "--seeds", "1", "2", "3", "4", "5"],
    "workers": ["--data", str(BENCH)],
    "feeds.service": ["--data", str(BENCH / "feeds")],
}
"""By script: its arguments."""


def main() -> int:
    failed = []
    for name, arguments in COMMANDS.items():
        if arguments and not BENCH.is_dir():
            print(f"== {name}: left out, {BENCH} is not here")
            continue
        print(f"== {name}", flush=True)
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *arguments], cwd=HERE.parent, check=False
        ).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


sys.exit(main())
