from __future__ import annotations

import pytest

from worker.pages.tree.decoding import decode_page

TEXT = "<p>El niño pidió más atención según la educación pública de São Paulo.</p>"


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (TEXT.encode(), ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=iso-8859-1"),
        (TEXT.encode("utf-16"), ""),
        (TEXT.encode("cp1252"), "text/html; charset=ISO-8859-1"),
        (TEXT.encode("cp1252"), ""),
        (TEXT.encode(), "text/html; charset=ISO-8859-1"),
        (TEXT.encode(), "text/html; charset=no-such-charset"),
    ],
    ids=[
        "utf-8",
        "mark before header",
        "utf-16",
        "header",
        "detected",
        "utf-8 under a wrong header",
        "unknown charset",
    ],
)
def test_text_survives(data: bytes, content_type: str) -> None:
    assert decode_page(data, content_type) == TEXT


def test_meta_is_read_and_web_labels_are_the_browsers() -> None:
    page = '<meta charset="gb2312"><p>漢字 鎔</p>'
    assert decode_page(page.encode("gb18030")) == page
    assert decode_page(b'<meta charset="latin1"><p>\x93quoted\x94</p>').endswith("“quoted”</p>")


def test_valid_utf8_beats_a_declared_charset_of_several_bytes() -> None:
    for label in ("gb2312", "big5", "shift_jis", "euc-kr"):
        page = f'<meta charset="{label}">{TEXT}'
        assert decode_page(page.encode()) == page
    few = '<meta charset="gb2312"><p>é</p>'.encode()
    assert decode_page(few) != few.decode(), "one character may be an accident"


def test_a_page_cut_within_a_character_is_still_utf8() -> None:
    assert decode_page(("é" * 100).encode()[:-1]).startswith("é" * 99)
