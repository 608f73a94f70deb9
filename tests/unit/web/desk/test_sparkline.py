"""A sparkline holds whatever came, within its frame."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from worker.web.desk.feeds.sparkline import DAYS, HEIGHT, WIDTH, draw

TODAY = date(2026, 3, 2)


def test_a_day_without_entries_has_no_bar() -> None:
    assert draw({}, TODAY).path == ""
    line = draw({TODAY: 4, TODAY - timedelta(days=1): 1, TODAY - timedelta(days=DAYS): 9}, TODAY)
    assert (line.total, line.most) == (5, 4)
    assert line.path == f"M{12 * WIDTH} 28v-7h6V28z" + f"M{13 * WIDTH} 28v-28h6V28z"


@given(st.dictionaries(st.integers(-3, 20), st.integers(0, 10**9), max_size=25))
def test_no_bar_leaves_the_frame(back: dict[int, int]) -> None:
    line = draw({TODAY - timedelta(days=days): count for days, count in back.items()}, TODAY)
    bars = re.findall(r"M(\d+) \d+v-(\d+)h", line.path)
    assert all(int(left) < DAYS * WIDTH and 2 <= int(high) <= HEIGHT for left, high in bars)
    assert len(bars) == sum(1 for days, count in back.items() if count and 0 <= days < DAYS)
    assert len(line.path) < 400
