"""Many queries compiled into one plan, so that an article's words are looked up once for all of them.

Every distinct word of every query is a *pattern* with a number; every distinct part of every query is a
*step* with a number. An article's words are looked up in two tables (whole words; prefixes by length),
and only the topics that one of the words found could satisfy are evaluated. Against Aho–Corasick
(pyahocorasick) over the raw text this respects word boundaries by itself, folds each distinct word once
and needs no library; both are linear in the text and independent of the number of patterns.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import TypeAlias

from worker.topics.queries.tree import And, Attribute, Node, Not, Or, Term, Word


@dataclass(frozen=True, slots=True)
class TermStep:
    """A term, the patterns of its words in its order, and the steps where whose words it does not count."""

    term: Term
    patterns: tuple[int, ...]
    unless: tuple[int, ...] = ()

    @property
    def rarest(self) -> int:
        """The pattern of its longest word, without which it cannot match."""
        longest = max(range(len(self.patterns)), key=lambda place: len(self.term.words[place].text))
        return self.patterns[longest]


@dataclass(frozen=True, slots=True)
class JoinStep:
    """All of the steps (`every`), or any of them.

    Of an OR, `terms` maps a pattern to those of its steps that are terms and need it: they are found from the
    words of the article instead of being tried one by one. `others` are the rest of its steps.
    """

    every: bool
    steps: tuple[int, ...]
    terms: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False)
    others: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class NotStep:
    """Where the step does not hold."""

    step: int


@dataclass(frozen=True, slots=True)
class BoostStep:
    """The step, counted `factor` times."""

    step: int
    factor: float


Step: TypeAlias = TermStep | Attribute | JoinStep | NotStep | BoostStep


@dataclass(slots=True)
class Plan:
    """What `add` has compiled so far. Not changed any more once articles are read with it.

    `words` and `prefixes` give the pattern of a word, `prefix_lengths` the lengths that occur, ascending.
    """

    words: dict[str, int] = field(default_factory=dict)
    prefixes: dict[str, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    prefix_lengths: list[int] = field(default_factory=list)
    _known: dict[Step, int] = field(default_factory=dict)
    _terms: dict[tuple[object, ...], int] = field(default_factory=dict)
    _phrases: dict[int, tuple[tuple[Term, ...], tuple[int, ...]]] = field(default_factory=dict)

    def add(self, node: Node) -> int:
        """The number of the step that evaluates `node`."""
        step: Step
        match node:
            case Term():
                return self._term(node)
            case Attribute():
                step = node
            case And(children):
                step = JoinStep(True, tuple(self.add(child) for child in children))
            case Or(children):
                step = self._any(tuple(self.add(child) for child in children))
            case Not(child):
                step = NotStep(self.add(child))
            case _:
                step = BoostStep(self.add(node.child), node.factor)
        number = self._known.setdefault(step, len(self.steps))
        if number == len(self.steps):
            self.steps.append(step)
        return number

    def _term(self, term: Term) -> int:
        """The step of a term. Its parts tell it from others: to weigh all that it is not, whole, takes far longer."""
        unless = self._unless(term.unless)
        key = (term.words, term.slop, term.scope, unless)
        if key not in self._terms:
            self._terms[key] = len(self.steps)
            self.steps.append(TermStep(term, tuple(self._pattern(word) for word in term.words), unless))
        return self._terms[key]

    def _unless(self, phrases: tuple[Term, ...]) -> tuple[int, ...]:
        """The steps of the phrases; many terms share them, and the one tuple that holds them is kept with its steps."""
        if not phrases:
            return ()
        if id(phrases) not in self._phrases:
            self._phrases[id(phrases)] = (phrases, tuple(self.add(each) for each in phrases))
        return self._phrases[id(phrases)][1]

    def triggers(self, number: int) -> frozenset[int] | None:
        """Patterns of which one must occur where the step holds; None where none need occur."""
        step = self.steps[number]
        if isinstance(step, TermStep):
            return frozenset({step.rarest})
        if isinstance(step, BoostStep):
            return self.triggers(step.step)
        if isinstance(step, JoinStep):
            return self._join_triggers(step)
        return None

    def _join_triggers(self, step: JoinStep) -> frozenset[int] | None:
        found = [self.triggers(child) for child in step.steps]
        bounded = [patterns for patterns in found if patterns is not None]
        if step.every:
            return min(bounded, key=len, default=None)
        return frozenset().union(*bounded) if len(bounded) == len(found) else None

    def _any(self, steps: tuple[int, ...]) -> JoinStep:
        terms: dict[int, list[int]] = {}
        others: list[int] = []
        distinct = tuple(dict.fromkeys(steps))
        for number in distinct:
            step = self.steps[number]
            if isinstance(step, TermStep):
                terms.setdefault(step.rarest, []).append(number)
            else:
                others.append(number)
        return JoinStep(False, distinct, {each: tuple(numbers) for each, numbers in terms.items()}, tuple(others))

    def _pattern(self, word: Word) -> int:
        # Whole words have even numbers and prefixes odd ones, so each table counts for itself.
        table = self.prefixes if word.prefix else self.words
        if word.prefix and len(word.text) not in self.prefix_lengths:
            insort(self.prefix_lengths, len(word.text))
        return table.setdefault(word.text, 2 * len(table) + word.prefix)
