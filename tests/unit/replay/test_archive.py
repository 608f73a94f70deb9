from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from worker.errors import ConfigurationError
from worker.replay.archive import arrivals, read_archive

DAY = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_undated_articles_arrive_a_minute_apart() -> None:
    first, second, third = arrivals([None, None, None])
    assert second - first == third - second == MINUTE


def test_an_undated_run_ends_just_before_the_first_date() -> None:
    assert arrivals([None, None, DAY]) == [DAY - 2 * MINUTE, DAY - MINUTE, DAY]


def test_an_undated_article_follows_the_one_before_it() -> None:
    assert arrivals([DAY, None, None, DAY]) == [DAY, DAY + MINUTE, DAY + 2 * MINUTE, DAY]
    assert arrivals([]) == []


def archive(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_dates_without_a_zone_are_utc(tmp_path: Path) -> None:
    dates = ["2026-03-02", "2026-03-02T01:00:00+01:00", "2026-03-02T00:00:00Z", None]
    rows = [{"id": str(number), "text": "x", "published": date} for number, date in enumerate(dates)]
    found = [article.published for article in read_archive(archive(tmp_path, *rows))]
    assert found == [DAY, DAY, DAY, None]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "a", "text": "x", "published": "yesterday"}, "line 2: 'published' is 'yesterday'"),
        ({"id": "a", "text": "x", "published": "0001-01-01T00:00+14:00"}, "expected a year from 1000"),
        ({"id": "first", "text": "x"}, "line 2: the id 'first' was there before"),
        ({"text": "x"}, "line 2: 'id' is None"),
        ({"id": "a", "text": ["x"]}, "line 2: 'text' is"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_archive(archive(tmp_path, {"id": "first", "text": "x"}, row))
