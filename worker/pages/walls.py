"""What stands in place of a story: checks for robots, consent layers, gates for subscribers, error pages and the like.

Told by kinds of evidence that are independent of each other, and by no wording alone. A wall speaks to its reader, of
its own matters (`worker.text.wall_words`, by language) in every few words, and reports nothing; a story on the same
matters reports. What the words leave open, the page's title and its machinery may decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

from worker.text.literals import BEGINNING, LiteralIndex, beginnings, letter_runs, lower, required_literals
from worker.text.wall_words import WallWords, wall_words

NAMES = {
    "consent": "a consent page",
    "robots": "a check for robots",
    "gate": "a gate for subscribers",
    "scripts": "a notice on scripts",
    "geo": "a notice that the page is not for this country",
    "error": "a notice that the server has a fault",
    "missing": "the page says that nothing was found",
    "age": "a check of the reader's age",
    "adblock": "a notice on ad blockers",
    "redirect": "a page that leads to another",
}
"""Kinds of walls, and what an article's reason calls them."""

_LONGEST = 8_000  # characters; a longer text is more than a wall
_MOST = 0.5  # share of the characters that say anything in sentences of a wall
_FEWEST = 0.25  # the same, of all characters: the rest may be buttons, and requests that name no matter
_MOST_REPORTED = 0.25  # share of the characters in sentences that report
_MOST_READ = 1_500  # characters of a story after which no wall is expected
_SHORTEST_STORY = 80  # characters
_LABEL = 4  # words; fewer are a button or a heading
_SURE, _SHARED = 2.0, 0.5  # points for what only a wall says, and for what any may
_OF_ITS_KIND, _LEAST = 2.0, 2.5
_WORDS_A_POINT, _SHORT = 5, 12
_SENTENCES = re.compile(r"(?<=[.!?…:])\s+|\n+")
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"[“„«\"][^“”„«»\"]{0,400}[”“»\"]")
_NOT_A_WORD = re.compile(r"[ ’^.-]|\\W|\\x27")


class Said(Enum):
    """What a sentence is: a wall's; a button or a request, which both have; a story's, or one that reports."""

    WALL = "wall"
    EITHER = "either"
    STORY = "story"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class _Sense:
    """What a pattern of a language means: its role, the kind of wall it speaks of ("" for any), and which it is."""

    language: str
    role: str
    kind: str
    number: int


def find_wall(text: str, title: str = "") -> str:
    """What stands there in place of a story ("a consent page"), "" for a story; `title` is the page's own."""
    if len(text) > _LONGEST:
        return ""
    sizes: Counter[Said] = Counter()
    kinds: Counter[str] = Counter()
    for sentence in _split(text):
        kind, said = read_sentence(sentence)
        sizes[said] += len(sentence)
        kinds[kind] += len(sentence)
        if sizes[Said.STORY] + sizes[Said.REPORT] > min(len(text) * (1 - _MOST), _MOST_READ):
            return ""
    heading, is_headed = read_sentence(title) if title else ("", Said.EITHER)
    if is_headed is Said.WALL:
        sizes[Said.WALL] += len(title)
        kinds[heading] += len(title)
    if not _is_wall(sizes, sum(sizes.values())):
        return ""
    del kinds[""]
    return NAMES[max(kinds, key=kinds.__getitem__)]


def find_wall_left(text: str, removed: Iterable[str], title: str = "") -> str:
    """As `find_wall`, for what is left of a text: the lines that went may have been the most of a wall."""
    wall = find_wall(text, title)
    gone = "" if wall else "\n".join(removed)
    if len(gone) <= len(text) or _tells_story(text):
        return wall
    return find_wall(f"{gone}\n{text}", title)


def asks_more_than_it_tells(text: str) -> bool:
    """Whether most of a text speaks to its reader or of a wall's matters, and next to nothing reports.

    That makes no wall by itself: a column and a recipe do so too. Beside other evidence it tells.
    """
    if len(text) > _LONGEST:
        return False
    sizes: Counter[Said] = Counter()
    for sentence in _split(text):
        sizes[read_sentence(sentence)[1]] += len(sentence)
    total = sum(sizes.values())
    told = sizes[Said.STORY] + sizes[Said.REPORT]
    return told < total * _MOST and sizes[Said.REPORT] <= total * _MOST_REPORTED


@lru_cache(maxsize=512)  # a page's layers and its text say the same, and the text is asked about twice
def read_sentence(sentence: str) -> tuple[str, Said]:
    """The kind of wall that a sentence speaks of, "" for none, and what it is."""
    small = lower(_QUOTED.sub(" ", sentence))
    words = _WORD.findall(small)
    found: defaultdict[str, set[_Sense]] = defaultdict(set)
    for place, word in enumerate(words):
        for sense in _senses(word):
            if sense.role != "asks" or place == 0:
                found[sense.language].add(sense)
    most = max(map(len, found.values()), default=0)
    runs = letter_runs(small) if found else frozenset[str]()
    for language in [each for each, senses in found.items() if len(senses) >= most - 1]:
        likely = _phrases(language).found(small, runs)
        found[language].update(sense for pattern, sense in likely if pattern.search(small) is not None)
    if not found:
        return "", Said.EITHER if len(words) < _LABEL else Said.STORY
    senses = max(found.values(), key=len)
    return _weigh(senses, len(words))


def _weigh(senses: set[_Sense], words: int) -> tuple[str, Said]:
    """A sentence's points: what it speaks of, and that it speaks to its reader. A wall has one for every few words."""
    roles = Counter(sense.role for sense in senses)
    if roles["reports"]:
        return "", Said.REPORT
    points: defaultdict[str, float] = defaultdict(float)
    for sense in senses:
        if sense.kind:
            points[sense.kind] += _SURE if sense.role == "sure" else 1
    kind = max(points, key=points.__getitem__, default="")
    speaks = roles["reader"] + roles["asks"] > 0
    if roles["others"] and not speaks:
        return "", Said.STORY
    score = points[kind] + _SHARED * roles["shared"] + speaks
    least = _OF_ITS_KIND if words <= _SHORT else _LEAST
    if kind and points[kind] >= _OF_ITS_KIND and score >= max(least, words / _WORDS_A_POINT):
        return kind, Said.WALL
    return "", Said.EITHER if words < _LABEL or speaks else Said.STORY


def _is_wall(sizes: Counter[Said], total: int) -> bool:
    walled, told = sizes[Said.WALL], sizes[Said.STORY] + sizes[Said.REPORT]
    return (
        walled > 0
        and walled >= (walled + told) * _MOST
        and walled >= total * _FEWEST
        and sizes[Said.REPORT] <= total * _MOST_REPORTED
    )


def _tells_story(text: str) -> bool:
    told = sum(len(each) for each in _split(text) if read_sentence(each)[1] in (Said.STORY, Said.REPORT))
    return told >= _SHORTEST_STORY and told >= len(text) * _MOST


def _split(text: str) -> Iterator[str]:
    """The text's sentences, one after the other: of a story the first are enough."""
    start = 0
    for end in _SENTENCES.finditer(text):
        if end.start() > start:
            yield text[start : end.start()]
        start = end.end()
    if start < len(text):
        yield text[start:]


def _all_senses(row: WallWords) -> Iterator[tuple[str, _Sense]]:
    number = 0
    plain = {"reader": row.reader, "asks": row.asks, "reports": row.reports, "others": row.others, "shared": row.shared}
    for role, patterns in plain.items():
        for number, pattern in enumerate(patterns):
            yield pattern, _Sense(row.language, role, "", number)
    for role, kinds in (("matters", row.matters), ("sure", row.sure)):
        for kind, patterns in kinds.items():
            for number, pattern in enumerate(patterns):
                yield pattern, _Sense(row.language, role, kind, number)


@cache
def _by_start() -> dict[str, list[tuple[re.Pattern[str], _Sense]]]:
    """Patterns of single words, by what these begin with."""
    found: defaultdict[str, list[tuple[re.Pattern[str], _Sense]]] = defaultdict(list)
    for row in wall_words():
        for pattern, sense in _all_senses(row):
            if not _NOT_A_WORD.search(pattern):
                for start in beginnings(pattern):
                    found[start].append((re.compile(pattern), sense))
    return dict(found)


@lru_cache(maxsize=20_000)
def _senses(word: str) -> tuple[_Sense, ...]:
    index = _by_start()
    starts = {word[:length] for length in range(BEGINNING + 1)}
    return tuple(
        sense for start in starts for pattern, sense in index.get(start, ()) if pattern.fullmatch(word) is not None
    )


def _framed(pattern: str, sense: _Sense) -> str:
    begins = r"^\W*" if sense.role == "asks" else r"(?<!\w)"
    return rf"{begins}(?:{pattern})(?!\w)"


@cache
def _phrases(language: str) -> LiteralIndex[tuple[re.Pattern[str], _Sense]]:
    """Patterns of several words, by strings of which one stands wherever they are found."""
    row = next(each for each in wall_words() if each.language == language)
    phrases = [
        (pattern, (re.compile(_framed(pattern, sense)), sense))
        for pattern, sense in _all_senses(row)
        if _NOT_A_WORD.search(pattern)
    ]
    return LiteralIndex((literal, made) for pattern, made in phrases for literal in required_literals(pattern) or ("",))
