"""How well look-alikes are told apart: reports made from a form, events of one kind, and labelled stories.

    python -m benchmarks.look_alikes [--data ../shared/bench] [--reports 60] [--events 12] [--seed 5]

`forms` are a newsroom's daily templates, which must not be taken for copies; `events` are invented ones of one kind on
one day, which must not become one story; with `--data`, `separation` says how far reports of one event stand apart from
the nearest of others.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.look_alikes import events, forms, separation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--reports", type=int, default=60, help="of each form")
    parser.add_argument("--events", type=int, default=12, help="of each kind")
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    forms.report(given.reports, given.seed)
    events.report(given.events, given.seed)
    if given.data:
        separation.report(given.data / "stories")


if __name__ == "__main__":
    main()
