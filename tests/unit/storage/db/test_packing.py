"""What is kept small comes back as it was, whoever kept it."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from worker.storage.db.packing import pack, unpack


@given(st.binary(max_size=5_000))
def test_bytes_come_back(data: bytes) -> None:
    assert unpack(pack(data)) == data


@given(st.binary(max_size=5_000), st.integers(0, 9))
def test_what_an_earlier_version_kept_is_read(data: bytes, level: int) -> None:
    assert unpack(zlib.compress(data, level)) == data


def test_a_page_is_kept_small() -> None:
    page = b"".join(b"<p class='story'>Ferry number %d has left.</p>" % number for number in range(500))
    assert len(pack(page)) < len(page) // 5
