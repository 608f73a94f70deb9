"""An article as a search finds it: whether the query holds of it, and the words that show it, marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.topics.article import TopicArticle
from worker.topics.article_index import index_article
from worker.topics.evaluation import QueryEvaluation, evaluate
from worker.topics.plan import Plan
from worker.topics.queries.tree import Node, Not, Term, TopicQuery, children

_EXCERPT = 260  # characters
_BEFORE = 60  # of them before the first word that was found
_MOST = 40  # places that are looked at

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `found` where it is what was asked for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """Headline and the telling stretch of the text, in pieces; together they are as written."""

    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]


class ArticleReader:
    """A query ready to read articles with. `query` None holds of every article, and marks nothing."""

    def __init__(self, query: TopicQuery | None) -> None:
        self._plan = Plan()
        self._root = self._plan.add(query.root) if query else None
        self._terms = tuple(dict.fromkeys(self._plan.add(term) for term in _wanted_terms(query.root))) if query else ()

    def read(self, article: TopicArticle) -> Sighting | None:
        """Return how the article shows what is asked for; None where it is not what is asked for."""
        if self._root is None:
            return _sight(article, [], [])
        seen = evaluate(self._plan, index_article(article))
        if not seen.holds(self._root):
            return None
        spans = list(self._spans(seen))
        return _sight(
            article,
            [(start, end) for field, start, end in spans if field == "title"],
            [(start, end) for field, start, end in spans if field == "text"],
        )

    def share_in_title(self, title: str) -> float:
        """Return which part of the words that are asked for stands in the headline, of 1."""
        if not self._terms:
            return 0.0
        seen = evaluate(self._plan, index_article(TopicArticle(title, "")))
        found = sum(bool(seen.occurrences(term)) for term in self._terms)
        return min(1.0, found / min(len(self._terms), 3))

    def _spans(self, seen: QueryEvaluation) -> Iterator[tuple[str, int, int]]:
        for term in self._terms:
            for first, last in seen.occurrences(term)[:_MOST]:
                yield seen.index.characters(first, last)


def _wanted_terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
    elif not isinstance(node, Not):
        for child in children(node):
            yield from _wanted_terms(child)


def _sight(article: TopicArticle, in_title: Sequence[Span], in_text: Sequence[Span]) -> Sighting:
    text, spans = article.text, _apart(in_text)
    start = _begin(text, spans[0][0] - _BEFORE) if spans else 0
    end = min(len(text), start + _EXCERPT)
    shown = text[start:end].rsplit(" ", 1)[0] if end < len(text) and " " in text[start + 1 : end] else text[start:end]
    inside = [(first - start, last - start) for first, last in spans if last <= start + len(shown)]
    pieces = _pieces(shown, inside)
    return Sighting(
        _pieces(article.title, _apart(in_title)),
        (
            *((Piece("… "),) if start else ()),
            *(Piece(" ".join(piece.text.split("\n")), piece.found) for piece in pieces),
            *((Piece(" …"),) if start + len(shown) < len(text) else ()),
        ),
    )


def _begin(text: str, place: int) -> int:
    """The beginning of the word at that place, or of the text."""
    if place <= 0:
        return 0
    blank = text.find(" ", place, place + _BEFORE)
    return blank + 1 if blank >= 0 else place


def _apart(spans: Sequence[Span]) -> list[Span]:
    """The spans in their order; those that share a character are one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _pieces(text: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    pieces, place = list[Piece](), 0
    for start, end in spans:
        pieces += [Piece(text[place:start]), Piece(text[start:end], found=True)]
        place = end
    return tuple(piece for piece in (*pieces, Piece(text[place:])) if piece.text)
