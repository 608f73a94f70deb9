from __future__ import annotations

import subprocess
import sys

import pytest

from worker.analysis.document_pool import LimitedReader, Source, as_job, read_all, read_one
from worker.analysis.document_reader import answer
from worker.errors import ConfigurationError, DocumentError
from worker.setup.tables import AnalyzeSettings

LIMITS = AnalyzeSettings()
FEED = Source(
    b"<rss version='2.0'><channel><title>Harbour News</title><link>https://h.example/</link>"
    b"<item><title>Ferry late</title><link>/ferry</link></item></channel></rss>",
    "https://h.example/feed",
)
SITE = Source(
    b"<html><head><link rel=alternate type='application/rss+xml' title='Harbour' href='/feed'></head></html>",
    "https://h.example/",
)


def test_a_feed_is_read_in_a_process_of_its_own() -> None:
    found = read_one("feed", FEED, LIMITS)
    assert found["title"] == "Harbour News"
    assert found["entries"][0]["url"] == "https://h.example/ferry"


def test_the_answers_are_those_of_the_rooms() -> None:
    assert answer(as_job("links", SITE))["result"] == [
        {"url": "https://h.example/feed", "title": "Harbour", "type": "application/rss+xml"}
    ]
    assert answer(as_job("feed", Source(b"hello", "")))["code"]
    assert answer(as_job("page", Source(b"", "")))["result"]["kind"] == "not_an_article"


def test_a_document_that_is_none_is_a_fault_with_its_code() -> None:
    with pytest.raises(DocumentError) as caught:
        read_one("feed", Source(b"hello", ""), LIMITS)
    assert caught.value.code != "killed"


class _Doomed(LimitedReader):
    """A reader whose process ends as the kernel's alarm ends it."""

    started = 0

    def _start(self) -> subprocess.Popen[str]:
        self.started += 1
        program = "import os, signal; input(); os.kill(os.getpid(), signal.SIGALRM)"
        return subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )


def test_a_killed_reader_costs_its_document_and_is_started_again() -> None:
    with _Doomed(LIMITS) as reader:
        for _ in range(2):
            with pytest.raises(DocumentError, match="more than 10 s or 512 MB") as caught:
                reader.read(as_job("feed", FEED))
            assert caught.value.code == "killed"
    assert reader.started == 2


def test_the_kernel_ends_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import worker.analysis.document_reader as reader; reader._START_SECONDS = 0; "
        "reader.answer = lambda job: __import__('time').sleep(60); reader.serve(1, 512)"
    )

    def start(_: LimitedReader) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    monkeypatch.setattr(LimitedReader, "_start", start)
    with pytest.raises(DocumentError) as caught:
        read_one("page", SITE, LIMITS)
    assert caught.value.code == "killed"


def test_many_keep_their_order_and_a_fault_is_a_value() -> None:
    def gone() -> Source:
        raise DocumentError("unreadable_file", "gone")

    found = list(read_all("feed", [lambda: FEED, gone, lambda: Source(b"x", ""), lambda: FEED], LIMITS))
    assert [isinstance(one, DocumentError) for one in found] == [False, True, True, False]
    assert found[0] == found[3]


def test_our_own_faults_are_not_hidden() -> None:
    def wrong() -> Source:
        raise ConfigurationError("wrong")

    with pytest.raises(ConfigurationError):
        list(read_all("feed", [wrong], LIMITS))
