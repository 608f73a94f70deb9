"""Why an article matched: the pieces of evidence, the places in the text, and one line for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.topics.plan import BoostStep, JoinStep, TermStep
from worker.topics.reading import Occurrence, Reading
from worker.topics.scoring import Showing
from worker.topics.topic_match import MatchedSpan

MAX_SPANS = 60
MAX_SPANS_OF_TERM = 4
_MAX_TERMS_IN_REASON = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one signal adds to the log-odds, where it shows, and the steps that held."""

    name: str
    log_odds: float
    showing: Showing
    steps: tuple[int, ...]


def reasons(evidence: Sequence[Evidence], reading: Reading) -> tuple[str, ...]:
    """One line for each piece that counts, the weightiest first: `+2.1 caravans (title): "caravan"`."""
    telling = [piece for piece in evidence if round(abs(piece.log_odds), 1) > 0]
    telling.sort(key=lambda piece: -abs(piece.log_odds))
    return tuple(_reason(piece, reading) for piece in telling)


def matched_spans(evidence: Sequence[Evidence], reading: Reading) -> tuple[MatchedSpan, ...]:
    """The first places of each term that spoke for the topic, title first; none lies within another."""
    found: dict[tuple[str, int, int], str] = {}
    for piece in evidence:
        if piece.log_odds > 0:
            for source, (first, last) in _places(piece, reading):
                found.setdefault(reading.index.characters(first, last), source)
    spans = [MatchedSpan(*place, term) for place, term in found.items()]
    spans.sort(key=lambda span: (span.field != "title", span.start, -span.end))
    kept: list[MatchedSpan] = []
    for span in spans:
        if not (kept and kept[-1].field == span.field and span.end <= kept[-1].end):
            kept.append(span)
    return tuple(kept[:MAX_SPANS])


def _reason(piece: Evidence, reading: Reading) -> str:
    written: dict[str, str] = {}
    for first, last in sorted(place for _, place in _places(piece, reading)):
        field, start, end = reading.index.characters(first, last)
        article = reading.index.article
        text = " ".join((article.title if field == "title" else article.text)[start:end].split())
        written.setdefault(text.casefold(), text)
    shown = ", ".join(f"“{text[:60]}”" for text in list(written.values())[:_MAX_TERMS_IN_REASON])
    return f"{piece.log_odds:+.1f} {piece.name} ({piece.showing.zones}): {shown}"


def _places(piece: Evidence, reading: Reading) -> Iterator[tuple[str, Occurrence]]:
    """Terms and places of a piece that lie in passages where the piece as a whole holds."""
    for step in piece.steps:
        passages = reading.presence(step).passages
        for number in _terms(step, reading):
            term = reading.plan.steps[number]
            inside = (place for place in reading.occurrences(number) if reading.index.passages_at(place[0]) & passages)
            for place, _ in zip(inside, range(MAX_SPANS_OF_TERM), strict=False):
                yield term.term.source if isinstance(term, TermStep) else "", place


def _terms(number: int, reading: Reading) -> Iterator[int]:
    """The term steps at or below a step that occur, leaving out what is negated."""
    step = reading.plan.steps[number]
    if isinstance(step, TermStep):
        if reading.occurrences(number):
            yield number
    elif isinstance(step, BoostStep):
        yield from _terms(step.step, reading)
    elif isinstance(step, JoinStep):
        for child in reading.candidates(step):
            yield from _terms(child, reading)
