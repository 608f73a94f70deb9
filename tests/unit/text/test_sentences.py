from __future__ import annotations

from worker.text.sentences import split_sentences


def test_a_line_is_cut_where_a_sentence_begins() -> None:
    line = "“The boat is late,” he said. “It often is.” Why? ¿Quién sabe? 12 people waited, e.g. at No. one."
    assert split_sentences(line) == [
        "“The boat is late,” he said.", "“It often is.”", "Why?", "¿Quién sabe?", "12 people waited, e.g. at No. one.",
    ]  # fmt: skip


def test_a_line_without_an_end_is_one() -> None:
    assert split_sentences("Ferry fares to rise") == ["Ferry fares to rise"]
