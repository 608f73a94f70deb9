"""Real and hostile documents kept beside the repository; figures are printed by `python -m benchmarks.feeds`."""

import gzip
from pathlib import Path

import pytest

from worker.errors import DocumentError
from worker.feeds import parse_feed

BENCH = Path(__file__).parents[4] / "shared" / "bench"
URL = "https://paper.example/feed.xml"


def documents(pattern: str) -> list[Path]:
    found = sorted(BENCH.glob(pattern))
    if not found:
        pytest.skip(f"no {pattern} in ../shared/bench")
    return found


@pytest.mark.bench
def test_every_real_document_ends_in_entries_or_a_reason() -> None:
    empty = []
    for path in documents("feeds/*.gz"):
        feed = parse_feed(gzip.decompress(path.read_bytes()), URL)
        assert all(entry.id for entry in feed.entries)
        if not feed.entries:
            empty.append(path.name)
    assert len(empty) <= 1


@pytest.mark.bench
@pytest.mark.parametrize("pattern", ["hostile/illformed/*", "hostile/xml/*"])
def test_every_hostile_document_ends_in_a_feed_or_a_reason(pattern: str) -> None:
    for path in documents(pattern):
        try:
            parse_feed(path.read_bytes(), URL, "text/xml")
        except DocumentError as error:
            assert error.code in {"not_a_feed", "html_page"}  # noqa: PT017 - most documents raise nothing
