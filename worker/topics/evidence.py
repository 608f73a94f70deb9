"""Why an article matched: the pieces of evidence, the places in the text, and one line for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from worker.topics.evaluation import QueryEvaluation
from worker.topics.plan import BoostStep, JoinStep, TermStep
from worker.topics.scoring import Showing
from worker.topics.topic_match import MatchedSpan
from worker.topics.word_features import WordFeatures

MAX_SPANS = 60
MAX_SPANS_OF_TERM = 4
MAX_SPANS_OF_SIGNAL = 24
MAX_REASONS = 16
LEARNED_FOR, LEARNED_AGAINST = "learned words for it", "learned words against it"
_MAX_TERMS_IN_REASON = 4
_MAX_LEARNED_IN_REASON = 6
_NOWHERE = Showing(0.0, title=False, opening=False, coverage=0.0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one signal adds to the log-odds, where it shows, and the steps that make it up.

    What a learned model gives for words, and against, are two pieces more, of no steps: `words` are the
    weightiest of them with what each adds.
    """

    name: str
    log_odds: float
    showing: Showing
    steps: tuple[int, ...]
    words: tuple[tuple[str, float], ...] = ()


def word_evidence(weights: Mapping[str, float], features: WordFeatures) -> Iterator[Evidence]:
    """What a model's weights give an article's words: a piece for, and a piece against."""
    values = features.values
    fewer, other = (weights, values) if len(weights) < len(values) else (values, weights)
    added = [(prefix, weights[prefix] * values[prefix]) for prefix in fewer if prefix in other]
    for name, sign in ((LEARNED_FOR, 1), (LEARNED_AGAINST, -1)):
        telling = sorted(((each, prefix) for prefix, each in added if each * sign > 0), key=lambda it: -abs(it[0]))
        if telling:
            words = tuple((features.written[prefix], each) for each, prefix in telling[:_MAX_LEARNED_IN_REASON])
            yield Evidence(name, sum(each for each, _ in telling), _NOWHERE, (), words)


def witness_evidence(weights: Mapping[str, float], numbers: Mapping[str, float]) -> Iterator[Evidence]:
    """What a model's weights give the numbers that witnesses said of an article."""
    for name in weights.keys() & numbers.keys():
        yield Evidence(name, weights[name] * numbers[name], _NOWHERE, ())


@dataclass(slots=True)
class Witness:
    """Tells of one article what speaks for its topics. What several topics share is told once."""

    evaluation: QueryEvaluation
    _spans: dict[tuple[int, ...], tuple[MatchedSpan, ...]] = field(default_factory=dict)
    _quotes: dict[tuple[int, ...], str] = field(default_factory=dict)
    _merged: dict[frozenset[tuple[int, ...]], tuple[MatchedSpan, ...]] = field(default_factory=dict)

    def reasons(self, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        """One line for each piece that counts, the weightiest first: `+2.1 caravans (title): “caravan”`."""
        telling = [piece for piece in evidence if abs(piece.log_odds) >= 0.05]
        telling.sort(key=lambda piece: -abs(piece.log_odds))
        return tuple(f"{piece.log_odds:+.1f} {piece.name}{self._quote(piece)}" for piece in telling[:MAX_REASONS])

    def spans(self, evidence: Sequence[Evidence]) -> tuple[MatchedSpan, ...]:
        """The first places of each term that spoke for the topic, title first; none lies within another."""
        speaking = frozenset(piece.steps for piece in evidence if piece.log_odds > 0 and piece.steps)
        known = self._merged.get(speaking)
        if known is None:
            pieces = (piece for piece in evidence if piece.log_odds > 0 and piece.steps)
            known = self._merged[speaking] = self._merge(pieces)
        return known

    def _merge(self, pieces: Iterator[Evidence]) -> tuple[MatchedSpan, ...]:
        found: dict[tuple[str, int, int], MatchedSpan] = {}
        for piece in pieces:
            for span in self._spans_of(piece.steps):
                found.setdefault((span.field, span.start, span.end), span)
        kept: list[MatchedSpan] = []
        for span in sorted(found.values(), key=_place):
            if not (kept and kept[-1].field == span.field and span.end <= kept[-1].end):
                kept.append(span)
        return tuple(kept[:MAX_SPANS])

    def _quote(self, piece: Evidence) -> str:
        if not piece.steps:
            return ": " + ", ".join(f"“{word}”" for word, _ in piece.words) if piece.words else ""
        known = self._quotes.get(piece.steps)
        if known is None:
            known = self._quotes[piece.steps] = f" ({piece.showing.zones}): {self._words(piece.steps)}"
        return known

    def _words(self, steps: tuple[int, ...]) -> str:
        return ", ".join(f"“{text}”" for text in self.words(steps))

    def words(self, steps: tuple[int, ...]) -> tuple[str, ...]:
        """The first words of the article that make up the steps, as written, each once."""
        article = self.evaluation.index.article
        written: dict[str, str] = {}
        for span in self._spans_of(steps):
            text = " ".join((article.title if span.field == "title" else article.text)[span.start : span.end].split())
            written.setdefault(text.casefold(), text)
        return tuple(text[:60] for text in islice(written.values(), _MAX_TERMS_IN_REASON))

    def _spans_of(self, steps: tuple[int, ...]) -> tuple[MatchedSpan, ...]:
        known = self._spans.get(steps)
        if known is None:
            known = self._spans[steps] = tuple(sorted(islice(self._find(steps), MAX_SPANS_OF_SIGNAL), key=_place))
        return known

    def _find(self, steps: tuple[int, ...]) -> Iterator[MatchedSpan]:
        """The terms of the steps, at places that lie in passages where the step as a whole holds."""
        index = self.evaluation.index
        for step in steps:
            passages = self.evaluation.presence(step).passages
            for number in self._terms(step) if passages else ():
                term = self.evaluation.plan.steps[number]
                source = term.term.source if isinstance(term, TermStep) else ""
                places = self.evaluation.occurrences(number)
                inside = (place for place in places if index.passages_at(place[0]) & passages)
                for first, last in islice(inside, MAX_SPANS_OF_TERM):
                    yield MatchedSpan(*index.characters(first, last), source)

    def _terms(self, number: int) -> Iterator[int]:
        """The term steps at or below a step that occur, leaving out what is negated."""
        step = self.evaluation.plan.steps[number]
        if isinstance(step, TermStep):
            if self.evaluation.occurrences(number):
                yield number
        elif isinstance(step, BoostStep):
            yield from self._terms(step.step)
        elif isinstance(step, JoinStep):
            for child in self.evaluation.candidates(step):
                yield from self._terms(child)


def _place(span: MatchedSpan) -> tuple[bool, int, int]:
    return span.field != "title", span.start, -span.end
