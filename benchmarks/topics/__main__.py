"""How well the built-in topic tells articles apart, what each part of it is worth, and what many topics cost.

    python -m benchmarks.topics --data ../shared/bench/topics [--seed 0] [--write MODEL] [--errors] [--rounds 3]
    python -m benchmarks.topics --data ../shared/bench/topics --ablations --halves

The development rows are those of DATA (long articles), of DATA/short, and the project's own short items
(tests/golden/topics/short_items.jsonl), taken together. Fitted to as well are articles of the other benches beside
DATA that have none of the topic's words and whose words hint at its roles all the same: a plain stream. They are in no
figure; the other half of them is counted, and so are the items of tests/golden/topics/kept_items.jsonl, to which
nothing is fitted.

Quality, protocol: five folds, alike in labels and languages; reports of one event (alike in their first words and
at most four days apart) stay in one fold. An article is judged by a model of the four other folds: the weights, the
calibration and the three thresholds are made of these alone (thresholds and calibration by five folds within them).
The topic's own examples are fitted to, in every fold, and never counted. What no fold can undo: the *words of the
topic's lists* were written by people who had read the rows. `--halves` bounds that: every term is taken out of the
lists that occurs in rows of one half (by hash of the id) and in none of the other, so that the lists are as if written
from that other half; the half that was not read is judged, fitted to the other. Both halves in turn. `--ablations`
takes out one role, one guard or one other signal at a time, and crosses lengths: fitted to long articles and judged on
short ones, and the reverse.

`--write` writes a model whose cuts are chosen on the long and the short set alone, from scores held back.

`in use` is the topic as it is installed; articles which its model was fitted to count with the score they had while
they were held back. `curve` moves one threshold over the scores of articles held back: to choose a point on it is
hindsight.

Speed: articles per second of CPU time, best of `--rounds`, tokenising and explaining included. The many topics are
distinct: each has its own places and subjects, words and prefixes in two languages; the built-in one, by far the
heaviest, is the first of them, so a light one is measured alone as well. The loop beside them searches a compiled
regular expression for each topic's words and does nothing more.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from benchmarks.topics.ablations import report_ablations, report_halves
from benchmarks.topics.quality import report_quality
from benchmarks.topics.rows import labelled_articles
from benchmarks.topics.speed import NAME, report_speed
from worker.topics import builtin_topics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--errors", action="store_true", help="list the articles that are judged wrong")
    parser.add_argument("--halves", action="store_true", help="lists of one half of the rows, judged on the other")
    parser.add_argument("--ablations", action="store_true", help="what each role, guard and signal is worth")
    parser.add_argument("--no-speed", action="store_true", help="leave the speed out")
    parser.add_argument("--write", type=Path, metavar="MODEL", help="write the model trained on all of the set")
    parser.add_argument("--today", type=date.fromisoformat, help="the date written into that model")
    options = parser.parse_args()
    topic = next(topic for topic in builtin_topics() if topic.name == NAME)
    labelled = labelled_articles(options.data)
    report_quality(topic, labelled, options)
    if options.halves:
        report_halves(topic, labelled, options.seed)
    if options.ablations:
        report_ablations(topic, labelled, options.seed)
    if not options.no_speed:
        report_speed([each.article for each in labelled], options.rounds)


if __name__ == "__main__":
    main()
