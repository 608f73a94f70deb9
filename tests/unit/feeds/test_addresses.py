"""What web address is meant by what is written."""

from __future__ import annotations

import pytest

from worker.feeds import meant_addresses

BOTH = ("https://news.example/feed", "http://news.example/feed")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://news.example/feed", ("https://news.example/feed",)),
        (" <HTTP://news.example/Feed?a=b:c> ", ("http://news.example/Feed?a=b:c",)),
        ("news.example/feed", BOTH),
        ("//news.example/feed", BOTH),
        ("feed:https://news.example/feed", ("https://news.example/feed",)),
        ("FEED://news.example/feed", BOTH),
        ("feed:news.example/feed", BOTH),
        ("itpc://news.example/feed", BOTH),
        ("view-source:https://news.example/feed", ("https://news.example/feed",)),
        ("https:/news.example/feed", ("https://news.example/feed",)),
        ("https:\\\\news.example/feed", ("https://news.example/feed",)),
        ("127.0.0.1:8000/feed", ("https://127.0.0.1:8000/feed", "http://127.0.0.1:8000/feed")),
        ("localhost:8000", ("https://localhost:8000", "http://localhost:8000")),
        ("диктор.example", ("https://диктор.example", "http://диктор.example")),
        ("feed:8080/x", ()),
        ("mailto:desk@news.example", ()),
        ("desk@news.example", ()),
        ("ftp://news.example/feed", ()),
        ("javascript:alert(1)", ()),
        ("/var/feed", ()),
        ("the news", ()),
        ("", ()),
        ("https://", ()),
    ],
)
def test_what_is_meant(written: str, meant: tuple[str, ...]) -> None:
    assert meant_addresses(written) == meant
