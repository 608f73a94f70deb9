"""The inverted index of samples: which articles have which, packed into pages of about a hundred entries.

A row for each entry costs PostgreSQL 90 bytes and more, 24 of them its header, and most entries are the only one of
their sample. A page is a row that holds all entries from its `first` sample up to the next page's, 12 bytes each. It
is the leaf of a B-tree (Bayer and McCreight 1972), split where it is full; the database's own tree finds it.

Measured on PostgreSQL with 300,000 articles, bytes an article, look-up and writing in ms (p50, p99): a row for each
entry 6,187, .8 (10), 2.8 (17); the same with 4-byte hashes 4,454, 3.8 (18), 7.8 (74); an array for each article
with a GIN index 4,031, 8 (2,935), 15 (72); these pages 1,157, 1.3 (4), 2.8 (13). With 4-byte hashes pages would take
769, but no migration could lead back.

Pages are read, changed and written: who changes them holds the story lock (`serialize_stories`). Reading needs none.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from struct import Struct

from sqlalchemy import Row, bindparam, insert, text, update
from sqlalchemy.orm import Session

from models import SamplePage

LOWEST = -(2**63)
"""What the first page of each month begins with."""

FULL = 128
"""Entries of the fullest page. PostgreSQL moves rows of over 2,000 bytes out of the table."""

Entry = tuple[int, int]
"""A sample, and an article that has it."""

_ENTRY = Struct(">qI")
_SAMPLE = Struct(">q")

# Only pages that hold the sample are sent. Where it is found across the border of two entries, `_articles` sees it.
_POSTGRESQL = """
    SELECT wanted.sample, page.first, page.entries
    FROM unnest(CAST(:samples AS bigint[])) AS wanted(sample) CROSS JOIN LATERAL (
        SELECT first, entries FROM sample_pages WHERE month = {month} AND first <= wanted.sample
        ORDER BY first DESC LIMIT 1
    ) AS page {holding}
"""
_HOLDING = "WHERE position(int8send(wanted.sample) IN page.entries) > 0"
# "CROSS" is an order to begin with what is wanted; without it SQLite reads the whole month for each sample.
_SQLITE = """
    SELECT wanted.value, page.first, page.entries
    FROM json_each(:samples) AS wanted CROSS JOIN sample_pages AS page
    WHERE page.month = {month} AND page.first = (
        SELECT first FROM sample_pages WHERE month = {month} AND first <= wanted.value ORDER BY first DESC LIMIT 1
    )
"""


def read_articles(session: Session, samples: Collection[int], months: Iterable[int]) -> dict[int, list[int]]:
    """Return the articles that have the samples, by sample; of those that no article has, nothing."""
    found: dict[int, list[int]] = defaultdict(list)
    for sample, _, entries in _read_pages(session, samples, months, holding=True):
        articles = _articles(entries, sample)
        if articles:
            found[sample] += articles
    return found


def add_entries(session: Session, article_id: int, samples: Collection[int], *, month: int, crowd: int) -> None:
    """Note that the article has the samples, but for those that over `crowd` articles of the month have already."""
    pages, new = {}, defaultdict(list)
    for sample, first, entries in _read_pages(session, samples, [month]):
        pages[first] = entries
        articles = _articles(entries, sample)
        if len(articles) <= crowd and article_id not in articles:
            new[first].append((sample, article_id))
    if not pages and samples:
        _insert(session, month, pack((sample, article_id) for sample in samples))
    _write(session, month, {first: (pages[first], added) for first, added in new.items()})


def remove_entries(session: Session, article_id: int, samples: Collection[int], *, month: int) -> None:
    """Forget that the article has the samples."""
    left = dict[int, bytes]()
    for sample, first, entries in _read_pages(session, samples, [month]):
        gone = _ENTRY.pack(sample, article_id)
        left[first] = b"".join(entry for entry in _cut(left.get(first, entries)) if entry != gone)
    _update(session, month, left)


def pack(entries: Iterable[Entry]) -> Iterator[tuple[int, bytes]]:
    """Yield pages for a month that has none: what each begins with, and its entries.

    Entries of one sample are never parted. They are at most fifty or so, less than half of a page.
    """
    ordered = sorted(entries)
    number = -(-len(ordered) // FULL)
    start = 0
    for part in range(1, number + 1):
        end = part * len(ordered) // number
        while end < len(ordered) and start < end and ordered[end][0] == ordered[end - 1][0]:
            end -= 1
        if end > start:
            yield (LOWEST if start == 0 else ordered[start][0]), _join(ordered[start:end])
            start = end


def unpack(entries: bytes) -> Iterator[Entry]:
    """Yield what a page holds."""
    yield from _ENTRY.iter_unpack(entries)


def _join(entries: Iterable[Entry]) -> bytes:
    return b"".join(_ENTRY.pack(*entry) for entry in entries)


def _cut(entries: bytes) -> Iterator[bytes]:
    return (entries[start : start + _ENTRY.size] for start in range(0, len(entries), _ENTRY.size))


def _articles(entries: bytes, sample: int) -> list[int]:
    """The articles of one sample in its page; searched for as bytes, which is faster than reading every entry."""
    wanted, found = _SAMPLE.pack(sample), []
    place = entries.find(wanted)
    while place >= 0:
        if place % _ENTRY.size == 0:
            found.append(_ENTRY.unpack_from(entries, place)[1])
        place = entries.find(wanted, place + 1)
    return found


def _read_pages(
    session: Session, samples: Collection[int], months: Iterable[int], *, holding: bool = False
) -> Sequence[Row[int, int, bytes]]:
    """Each sample with its page in each month that has pages; only those of samples that are there if `holding`."""
    if not samples:
        return []
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = _POSTGRESQL if is_postgresql else _SQLITE
    given = [*samples] if is_postgresql else json.dumps([*samples])
    one = [statement.format(month=int(month), holding=_HOLDING if holding else "") for month in months]
    return session.execute(text(" UNION ALL ".join(one)), {"samples": given}).all()


def _write(session: Session, month: int, changed: Mapping[int, tuple[bytes, list[Entry]]]) -> None:
    """Put entries into their pages, parting those that become too full."""
    larger, parts = {}, list[tuple[int, bytes]]()
    for first, (entries, added) in changed.items():
        # In front: what stays at the end of a row, PostgreSQL does not write into its log again.
        larger[first] = _join(added) + entries
        if len(larger[first]) > FULL * _ENTRY.size:
            own, *others = pack(unpack(larger[first]))
            larger[first] = own[1]
            parts += others
    _update(session, month, larger)
    _insert(session, month, parts)


def _update(session: Session, month: int, pages: Mapping[int, bytes]) -> None:
    if not pages:
        return
    statement = update(SamplePage).where(SamplePage.month == month, SamplePage.first == bindparam("page"))
    rows = [{"page": first, "entries": entries} for first, entries in pages.items()]
    session.connection().execute(statement.values(entries=bindparam("entries")), rows)


def _insert(session: Session, month: int, pages: Iterable[tuple[int, bytes]]) -> None:
    rows = [{"month": month, "first": first, "entries": entries} for first, entries in pages]
    if rows:
        session.connection().execute(insert(SamplePage), rows)
