"""What belongs to a story beside what was chosen as its text, and how much of the page's paragraphs the choice holds.

An extractor goes by one container; a story may go on in the next one, in an <aside>, behind "read more". What is taken
must prove that it belongs: it stands below the story's headline in what holds both headline and text, looks as the
chosen paragraphs do, comes before the comments, and is in no box whose name says that it is something else. A name
that the chosen text's own containers bear too says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from worker.pages.boilerplate.containers import container_rule
from worker.pages.boilerplate.rules import matching_rule
from worker.pages.main_text.root import headings_of, story_root
from worker.pages.main_text.witness import is_paragraph
from worker.pages.tree.blocks import Block, Place, hang_in, places_of
from worker.pages.tree.names import fold_names
from worker.pages.tree.spacing import ends_sentence

_SHORTEST = 40  # letters of a paragraph that is fetched
_MOST_LINKED = 0.5
NEAR_WHOLE, _FEWEST_MORE = 0.45, 1.5
_SURELY = 0.8
_SHORTEST_ANNOUNCEMENT = 30  # characters of "The council has published these papers:"
_MOST_LISTS = 4  # of links between paragraphs
_CELLS = ("td", "th", "li", "dd")
_MOST_POINTS = 8  # lines between headline and story
_HEADINGS = ("h2", "h3", "h4", "h5")
_PARTS = (*_HEADINGS, "li", "td", "th", "dt", "dd", "p", "pre", "blockquote")
# Words of a class or id that say of what stands there that it is no part of the story.
_OTHER = re.compile(
    r"(?<![a-z])(?:author|byline|bio|comment|subscri(?!bers?-?(?:only|content|premium))\w*|suscri(?!ptor(?:es)?-?(?:solo|premium))\w*|newsletter|promo|related|excerpt|teaser|card"
    r"|widget|sidebar|rail"
    r"|embed\w*|tweet\w*|twitter\w*|instagram|facebook|social|share|video|media|gallery|slide\w*|caption|credit"
    r"|notification|prompt"
    r"|paywall|sales|register|login|bookmark|toast|layer|modal|disclaimer|disclosure|note|policy|placeholder|ads?"
    r"|advert\w*|sponsor\w*"
    r"|callout|pull|quote|tooltip|reference|footnote|track|recirc\w*|recommend\w*|trending|popular|footer|header"
    r"|menu|nav|form|popup"
    r"|banner|cta|donat\w*|support|tags?|breadcrumbs?|meta|dateline)s?(?![a-z])"
)
_COMMENTS = re.compile(
    r"(?<![a-z])(?<!no-)(?<!has-)(?<!with-)(?:comment|comentario|commentaire|kommentar|coment[aá]rio|disqus"
    r"|respond|repl(?:y|ies)"
    r"|discussion|forum)\w*(?!-(?:open|closed|enabled|disabled|count|on|off))"
)
_SUBHEADING = re.compile(
    r"(?<![a-z])(?:ladillo|sub-?head(?:ing)?|cross-?head|intertitre|(?:entre|inter)-?t[ií]tulo|zwischen-?(?:titel|ueberschrift))"
    r"s?(?![a-z])"
)
_ANSWERS = re.compile(r"(?<![a-z])(?:faqs?|accordion|preguntas-frecuentes|questions?)(?![a-z])")
_SHORTEST_NAME = 5  # "reply"; most places have none
_ENOUGH_BEFORE = 200  # letters of paragraphs


def reader_comments(blocks: Sequence[Block]) -> set[int]:
    """Numbers of the blocks in boxes of readers' comments: so called, after other paragraphs, without a headline."""
    if not any(map(_is_comments, places_of(blocks))):
        return set()
    headed = {id(place) for block in blocks if block.headline for place in block.place.line()}
    within = hang_in(blocks, lambda place: id(place) not in headed and _is_comments(place))
    found: set[int] = set()
    told = 0
    for number, block in enumerate(blocks):
        if within[number]:
            if told >= _ENOUGH_BEFORE:
                found.add(number)
        elif is_paragraph(block):
            told += len(block.key)
    return found


class Story:
    """The chosen blocks of a page, what holds them and their headline, and the names their containers bear."""

    def __init__(
        self,
        blocks: Sequence[Block],
        chosen: Collection[int],
        headings: Sequence[int] | None = None,
        others: Collection[int] = frozenset(),
    ) -> None:
        """`headings` are what `headings_of` says of the blocks, for who asks it once for several choices; `others` the
        blocks that are known to be no part of the story."""
        self.blocks = blocks
        self.chosen = chosen
        self.others = others
        self.headings = headings_of(blocks) if headings is None else headings
        self.root = story_root(blocks, chosen, self.headings)
        self.homes = {id(blocks[number].home) for number in chosen}
        self.beside = {id(blocks[number].home.parent): number for number in sorted(chosen, reverse=True)}
        self.kinds = {blocks[number].home.form for number in chosen if is_paragraph(blocks[number])}
        self.names = {place.form for place in _places(blocks, chosen)}

    def share(self) -> float:
        """How much of the paragraphs under its root the choice holds; 1 where there are no others."""
        size = _size(self.blocks, self.chosen)
        unchosen = (number for number in self._under() if number not in self.chosen and number not in self.others)
        return size / (size + _size(self.blocks, filter(self._may_tell, unchosen)) or 1)

    def is_told_better_by(self, other: Collection[int]) -> bool:
        """Whether another choice is much longer, and nearly all that it has more stands under the root too."""
        if _size(self.blocks, other) < _size(self.blocks, self.chosen) * _FEWEST_MORE:
            return False
        more = [number for number in other if number not in self.chosen]
        told = [number for number in more if number in self._under() and not self._is_comment(number)]
        return _size(self.blocks, told) >= _size(self.blocks, more) * _SURELY

    def completed(self) -> Story:
        """The story with the blocks that prove to belong to it; itself where nothing is missing."""
        missing = self.missing()
        return Story(self.blocks, {*self.chosen, *missing}, self.headings, self.others) if missing else self

    def missing(self) -> set[int]:
        """Numbers of the blocks that prove to belong to the chosen ones."""
        if not self.chosen:
            return set()
        first, last = min(self.chosen), max(self.chosen)
        told = "\n".join(self.blocks[number].key for number in sorted(self.chosen))
        found: set[int] = set()
        under = self._under()
        for number in range(max(first, under.start), under.stop):
            block = self.blocks[number]
            if number in self.chosen or number in self.others:
                continue
            if number > last and self._is_comment(number):
                break
            belongs = self._belongs(block) or (number > first and self._is_answer(number))
            if belongs and block.key not in told:
                found.add(number)
        return found

    def _is_answer(self, number: int) -> bool:
        """Whether it is a question or a paragraph of what the page asks and answers."""
        block = self.blocks[number]
        if not any(_calls_answers(place.names) for place in self._strange(block)):
            return False
        if any(place.tag in ("footer", "form") or _is_comments(place) for place in self._strange(block)):
            return False
        return block.is_told(_SHORTEST) or (block.text.endswith("?") and block.link_share < _MOST_LINKED)

    def between(self) -> set[int]:
        """Numbers of the headings, list items and cells between chosen blocks, in the very container of those.

        A list of links is taken only where the paragraph before it announces it, or where there are so many of them
        that they are what the story is made of.
        """
        numbers = sorted(self.chosen)
        listed = self._is_made_of_lists(numbers)
        found: set[int] = set()
        for before, after in pairwise(numbers):
            if after - before < 2 or not (self._is_at_home(before) or self._is_at_home(after)):
                continue
            announced = listed or self._announces(before)
            for number in reversed(range(before + 1, after)):
                block = self.blocks[number]
                if block.place.tag in _HEADINGS and number + 1 != after and number + 1 not in found:
                    continue  # what it stands over is not the story's
                home = block.home.parent if _calls_heading(block.place.names) else block.home
                if number in self.others or id(home) not in self.homes or not self._is_plain(block):
                    continue
                if (block.link_share <= _MOST_LINKED and not block.menu) or (announced and block.place.tag == "li"):
                    found.add(number)
        return found

    def _is_made_of_lists(self, numbers: Sequence[int]) -> bool:
        gaps = (range(before + 1, after) for before, after in pairwise(numbers))
        return sum(any(map(self._is_listed_link, gap)) for gap in gaps) > _MOST_LISTS

    def _is_listed_link(self, number: int) -> bool:
        block = self.blocks[number]
        return block.place.tag == "li" and block.link_share > _MOST_LINKED and self._is_at_home(number)

    def _is_at_home(self, number: int) -> bool:
        return id(self.blocks[number].home) in self.homes

    def _announces(self, number: int) -> bool:
        text = self.blocks[number].text
        return text.endswith(":") and len(text) >= _SHORTEST_ANNOUNCEMENT and matching_rule(text) is None

    def _is_plain(self, block: Block) -> bool:
        if block.text.startswith("<") or not (block.place.tag in _PARTS or _calls_heading(block.place.names)):
            return False
        is_paragraph_of_cell = block.place.parent is not None and block.place.parent.tag in _CELLS
        if block.place.tag == "p" and not is_paragraph_of_cell and not ends_sentence(block.text):
            return False
        return not any(container_rule(place) or _is_other(place) for place in self._strange(block))

    def _belongs(self, block: Block) -> bool:
        if len(block.key) < _SHORTEST or not is_paragraph(block) or not ends_sentence(block.text) or block.menu:
            return False
        if block.place.form not in self.names or not self._lives_alike(block.home):
            return False
        return not any(
            place.tag in ("article", "figure", "figcaption", "form")
            or (container_rule(place) or "hidden") != "hidden"
            or _is_other(place)
            for place in self._strange(block)
            if not self._is_around_the_rest(place)
        )

    def _is_around_the_rest(self, place: Place) -> bool:
        """Whether a box for advertisements in the story's own container holds paragraphs: advertisements have none."""
        if container_rule(place) != "advertisement" or id(place.parent) not in self.homes:
            return False
        inside = self.blocks[place.first : place.end]
        return sum(is_paragraph(block) and ends_sentence(block.text) for block in inside) > 1

    def key_points(self) -> set[int]:
        """Numbers of the sentences in a list between the headline and the first paragraph, beside it."""
        first = min((number for number in self.chosen if is_paragraph(self.blocks[number])), default=0)
        return {
            number
            for number in range(max(0, first - _MOST_POINTS), first)
            if (block := self.blocks[number]).place.tag == "li"
            and not block.link_share
            and ends_sentence(block.text)
            and number in self._under()
            and self._lives_alike(block.home)
            and not any(container_rule(place) or _is_other(place) for place in self._strange(block))
        }

    def _lives_alike(self, home: Place) -> bool:
        """Whether it is a container as the chosen paragraphs have, hangs in one of theirs, or is folded behind one."""
        if home.form in self.kinds:
            return True
        return home.parent is not None and (id(home.parent) in self.homes or self._is_folded(home))

    def _is_folded(self, home: Place) -> bool:
        """Whether it is hidden beside a container of the story: what a button opens."""
        return home.kind == "hidden" and self.beside.get(id(home.parent), home.first) < home.first

    def _may_tell(self, number: int) -> bool:
        block = self.blocks[number]
        return (
            is_paragraph(block)
            and ends_sentence(block.text)
            and not any(
                place.tag in ("footer", "figure", "figcaption") or _is_comments(place) for place in self._strange(block)
            )
        )

    def _is_comment(self, number: int) -> bool:
        return any(_is_comments(place) for place in self._strange(self.blocks[number]))

    def _strange(self, block: Block) -> Iterator[Place]:
        """What the block hangs in below the root that the chosen text's containers are not called."""
        for place in block.place.line():
            if place is self.root:
                return
            if place.form not in self.names:
                yield place

    def _under(self) -> range:
        """Numbers of the blocks below the root."""
        return range(len(self.blocks)) if self.root is None else range(self.root.first, self.root.end)


def _places(blocks: Sequence[Block], chosen: Iterable[int]) -> Iterator[Place]:
    """What these blocks hang in, each place once."""
    seen: set[int] = set()
    for number in chosen:
        for place in blocks[number].place.line():
            if id(place) in seen:
                break
            seen.add(id(place))
            yield place


def _size(blocks: Sequence[Block], numbers: Collection[int] | Iterator[int]) -> int:
    return sum(len(blocks[number].key) for number in numbers)


def _is_other(place: Place) -> bool:
    return _calls_other(place.names)


def _is_comments(place: Place) -> bool:
    return len(place.names) >= _SHORTEST_NAME and _calls_comments(place.names)


def _called(words: re.Pattern[str]) -> Callable[[str], bool]:
    """Whether names have such a word; remembered for each."""

    @lru_cache(maxsize=8192)
    def is_called(names: str) -> bool:
        return words.search(fold_names(names)) is not None

    return is_called


_calls_other, _calls_comments, _calls_answers = map(_called, (_OTHER, _COMMENTS, _ANSWERS))
_calls_heading = _called(_SUBHEADING)
