"""Does a line that recurs on a site belong to the site, or to the stories it stands in?

Boilerplate stands in articles that have nothing else to do with each other. A background paragraph recurs too, but
within one running story; a wire agency's paragraph recurs at other sites; a set phrase ("The trial continues.") in
few of many articles. So what is counted are different subjects, not pages: articles that are about the same things
count once. What they are about is taken from their own lines only, and not from what was decided of them when they
came in: boilerplate itself makes strangers look like copies and like one story.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from worker.pages.article import ExtractedArticle
from worker.pages.boilerplate.stripping import LEARNED, normalize_line
from worker.pages.tree.spacing import ends_sentence

ENOUGH_ARTICLES = 5
"""Articles from which on a line is judged."""

_SHORTEST, _LONGEST = 4, 1_000  # letters; less is too little to be sure of, more is never boilerplate
_MOST_LINES = 60  # of one article: boilerplate stands at its edges more than in its middle
_SENTENCE = 40  # letters; shorter lines that end in a stop are slogans and labels
_PARAGRAPH = 240
_SUBJECTS_OF_LABEL, _SUBJECTS_OF_SENTENCE, _SUBJECTS_OF_PARAGRAPH = 3, 4, 5
_DAYS_OF_PARAGRAPH = 2
# Cosine of two articles' terms. Of the benchmark's pairs about one event 5% lie below, of unrelated ones 3% above.
_RELATED = 0.15
_SAME_TEXT = 0.8
_SYNDICATED = 2  # other sites that carry a sentence without repeating it
_LEAST_SHARE = 0.25  # of the pages of the same template, for a line among the story's own paragraphs
_APART = 0.8  # share of its sightings outside of the story's container that makes up for a small share of pages
_HALF_LIFE = timedelta(days=14)
# What a site says of a mistake in this article is part of it, in whatever form.
_CORRECTION = re.compile(
    r"\W*(?:corrections?|clarifications?|correcci[oó]n|aclaraci[oó]n|fe de erratas|rectifica(?:ci[oó]n|tif|tion)|"
    r"corre[cç][aã]o|errata|erratum|korrektur|berichtigung)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of an article that may be the site's; `apart` says it stood outside the story's own container."""

    key: int
    line: str
    apart: bool


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article in which the line stands.

    `terms` are a unit vector of what it is about by its own lines; empty where it has none, as a reprint.
    """

    published: datetime
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a line recurs on its site.

    `carriers` are the newest articles with it, a dozen at most. `share` is its part of the pages with the same
    template since it was first seen, recent ones counting more; `apart` the part of its sightings outside the
    story's container. `other_sites` counts sites that carry it in fewer than five articles.
    """

    line: str
    share: float
    apart: float
    other_sites: int
    carriers: tuple[Carrier, ...]


@dataclass(frozen=True, slots=True)
class RecurrenceVerdict:
    """Whether the line is the site's boilerplate, and why or why not, in a line."""

    boilerplate: bool
    reason: str


def line_key(line: str) -> int:
    """Return the 63 bits by which a line is counted; spacing, case and punctuation make no difference."""
    return int.from_bytes(blake2b(normalize_line(line).encode("utf-8", "replace"), digest_size=8).digest()) >> 1


def seen_lines(article: ExtractedArticle) -> tuple[SeenLine, ...]:
    """Return the lines of an article that are counted, each once: those kept, and those removed as learned.

    Lines a rule of its own removes need no learning. At most 60: of a long article, its edges.
    """
    learned = (line.line for line in article.removed if line.rule == LEARNED)
    found: dict[str, str] = {}
    for line in (*article.text.split("\n\n"), *learned):
        letters = normalize_line(line)
        if _SHORTEST <= len(letters) <= _LONGEST:
            found.setdefault(letters, line)
    lines = [SeenLine(line_key(line), line, letters in article.layout.apart) for letters, line in found.items()]
    half = _MOST_LINES // 2
    return tuple(lines if len(lines) <= _MOST_LINES else [*lines[:half], *lines[-half:]])


def decayed_share(carriers: Iterable[datetime], pages: Iterable[datetime], *, now: datetime) -> float:
    """Return the carriers' part of the pages by when they were read; after 14 days a page counts half."""
    whole = sum(_weight(moment, now) for moment in pages)
    return min(1.0, sum(_weight(moment, now) for moment in carriers) / whole) if whole else 0.0


def judge_recurrence(found: Recurrence) -> RecurrenceVerdict:
    """Decide whether the line is boilerplate. The order of the guards is the order of the reasons."""
    articles, subjects = count_apart(found.carriers, _SAME_TEXT), count_apart(found.carriers, _RELATED)
    fault = _fault(found, articles, subjects)
    said = f"in articles on {subjects} subjects, on {found.share:.0%} of such pages"
    return RecurrenceVerdict(not fault, fault or said)


def count_apart(carriers: Iterable[Carrier], likeness: float) -> int:
    """Return how many of the carriers are no more alike than that, one to any other; those without terms are none."""
    chosen: list[Carrier] = []
    for carrier in carriers:
        if carrier.terms and all(_cosine(carrier.terms, other.terms) < likeness for other in chosen):
            chosen.append(carrier)
    return len(chosen)


def _fault(found: Recurrence, articles: int, subjects: int) -> str:
    letters = len(normalize_line(found.line))
    is_sentence = letters >= _SENTENCE and ends_sentence(found.line)
    if _CORRECTION.match(found.line):
        return "a correction belongs to its article"
    if articles < ENOUGH_ARTICLES:
        return f"in only {articles} different articles"
    if is_sentence and found.other_sites >= _SYNDICATED:
        return f"syndicated: {found.other_sites} other sites carry it too"
    needed = _needed_subjects(letters, is_sentence=is_sentence) * (2 if is_sentence and found.other_sites else 1)
    if subjects < needed:
        return f"its articles are about {subjects} subjects, fewer than {needed}: it belongs to them"
    days = {carrier.published.date() for carrier in found.carriers}
    if letters >= _PARAGRAPH and len(days) < _DAYS_OF_PARAGRAPH:
        return "a long paragraph, on one day only"
    if found.share < _LEAST_SHARE and found.apart < _APART:
        return f"among the story's paragraphs, and on only {found.share:.0%} of such pages: a set phrase"
    return ""


def _needed_subjects(letters: int, *, is_sentence: bool) -> int:
    if letters >= _PARAGRAPH:
        return _SUBJECTS_OF_PARAGRAPH
    return _SUBJECTS_OF_SENTENCE if is_sentence else _SUBJECTS_OF_LABEL


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def _weight(moment: datetime, now: datetime) -> float:
    return float(0.5 ** (max(timedelta(), now - moment) / _HALF_LIFE))
