"""An article made ready for many queries: where each word stands, and which passage that is.

Title and body share one run of positions, with a gap that no phrase can bridge. A *passage* is one bit
of an integer, so that AND, OR and NOT over passages are single operations on integers however long the
article is:

    bit 0      the title
    bit 1      the opening: title and lead together, since a headline often leaves to the first
               sentence what it takes for granted
    bit 2 ...  windows of WINDOW words over the body, each beginning half a window after the last
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from worker.topics.article import TopicArticle
from worker.topics.layout import dateline_length, is_roundup
from worker.topics.queries.tree import Scope
from worker.topics.tokens import Tokens, tokenise

LEAD_WORDS = 60
WINDOW = 60
"""About two sentences of news. Words that belong together stand in one window, or in two that overlap."""
_STEP = WINDOW // 2  # divides LEAD_WORDS, so that a step lies within the lead or outside
_GAP = 2_000
TITLE_BIT, OPENING_BIT, FIRST_WINDOW = 0, 1, 2


class Length(StrEnum):
    """How long an article is: what a mention tells depends on it. A short one is a headline and a sentence or two."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"

    @property
    def below(self) -> float:
        """The words that it stays below."""
        return {Length.SHORT: 60, Length.MEDIUM: 200, Length.LONG: float("inf")}[self]


@dataclass(frozen=True, slots=True)
class ArticleIndex:
    """`positions` maps a folded word to where it stands, ascending. `body_start` is the position of the body's
    first word and `dateline_end` that of the first behind its dateline; `windows` says how many windows the body has,
    at least one. `is_roundup` says that it is several short items under one headline, which stands for none of them."""

    article: TopicArticle
    title: Tokens
    body: Tokens
    positions: dict[str, list[int]]
    body_start: int
    dateline_end: int
    windows: int
    is_roundup: bool

    @property
    def length(self) -> Length:
        """How long an article it is, its title counted."""
        words = len(self.title.words) + len(self.body.words)
        return next(length for length in Length if words < length.below)

    @property
    def passages(self) -> int:
        """The mask of all passages."""
        return (1 << (FIRST_WINDOW + self.windows)) - 1

    def passages_at(self, position: int) -> int:
        """The mask of the passages that hold the word at `position`."""
        return self.passages_of((position,))

    def passages_of(self, positions: Iterable[int]) -> int:
        """The mask of the passages that hold a word at any of `positions`."""
        start, mask = self.body_start, 0
        steps = set()
        for position in positions:
            if position >= start:
                steps.add((position - start) // _STEP)
            else:
                mask = 1 << TITLE_BIT | 1 << OPENING_BIT
        for step in steps:
            last = min(step, self.windows - 1)
            mask |= 1 << (FIRST_WINDOW + last)
            if step == last > 0:
                mask |= 1 << (FIRST_WINDOW + last - 1)
            if step < LEAD_WORDS // _STEP:
                mask |= 1 << OPENING_BIT
        return mask

    def within(self, scope: Scope, position: int) -> bool:
        """Whether `position` lies in that part of the article."""
        if scope is Scope.ANYWHERE:
            return True
        if scope is Scope.TITLE:
            return position < self.body_start
        if scope is Scope.DATELINE:
            return self.body_start <= position < self.dateline_end
        return position >= self.body_start and (scope is Scope.BODY or position < self.body_start + LEAD_WORDS)

    def characters(self, first: int, last: int) -> tuple[str, int, int]:
        """Field ("title" or "text"), start and end of the words from position `first` to `last`."""
        if first < self.body_start:
            return "title", self.title.spans[first][0], self.title.spans[last][1]
        start = self.body_start
        return "text", self.body.spans[first - start][0], self.body.spans[last - start][1]


def index_article(article: TopicArticle) -> ArticleIndex:
    """Read the words of `article` once, for any number of topics."""
    title, body = tokenise(article.title), tokenise(article.text)
    body_start = len(title.words) + _GAP
    positions: dict[str, list[int]] = {}
    for start, words in ((0, title.words), (body_start, body.words)):
        for position, word in enumerate(words, start):
            positions.setdefault(word, []).append(position)
    return ArticleIndex(
        article, title, body, positions, body_start,
        dateline_end=body_start + bisect_left(body.spans, (dateline_length(article.text),)),
        windows=max(1, (len(body.words) - 1) // _STEP),
        is_roundup=is_roundup(article),
    )  # fmt: skip
