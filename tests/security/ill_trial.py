"""A trial whose items are those that must be found, by number: right, raised, endless, large, crashed."""

import os
import sys

from benchmarks.fuzz import trial
from benchmarks.fuzz.parsers import Outcome, described


def try_item(_seed: int, number: int) -> Outcome:
    if number == 1:
        try:
            {}["nothing"]
        except KeyError as error:
            return Outcome(wrong=described(error))
    while number == 2:
        pass
    if number == 3:
        return Outcome(wrong=str(len(bytearray(600_000_000))))
    if number == 4:
        os.abort()
    return Outcome()


if __name__ == "__main__":
    try:
        trial.SECONDS = 1  # as ten would go by
        trial.serve(int(sys.argv[1]), try_item)
    except MemoryError:
        os._exit(1)
