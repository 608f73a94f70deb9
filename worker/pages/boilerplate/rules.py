"""The rules of `rules.toml`: lines that are boilerplate wherever they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Protocol

from worker.pages.boilerplate.openings import Openings
from worker.pages.boilerplate.prompts import Label, Prompt
from worker.text.agencies import AGENCIES
from worker.text.months import SHORT_MONTHS
from worker.text.wordings import SiteWording, site_wordings

# Bullets, arrows and pictograms that sites put before such lines.
_LEAD = " \t>»›→▶►•·*|+-–—¿¡([\ufe0f" + "".join(
    map(chr, (*range(0x2190, 0x2200), *range(0x2600, 0x27C0), *range(0x1F300, 0x1FB00)))
)
_UNREPORTED = "{unreported}"
_BY_SENSE: Mapping[str, Callable[[SiteWording], Matcher]] = {"reader-prompt": Prompt.of, "page-label": Label.of}
_END = r"[\s.:!…>»›→|)\]]*$"
# A clause that follows a comma, by its first word.
_UNDONE = (
    r"(?!.*,\s+(?-i:the|an?|its?|he|she|this|they|el|la|los|las|lo|os?|as|der|die|das|les?|ils?|elles?|er|sie|es)\s)"
)


class Matcher(Protocol):
    """What knows the lines of a rule in one language."""

    @property
    def opening(self) -> str:
        """A pattern that every line it knows begins with; "" where there is none."""

    def matches(self, line: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Wording:
    """How a rule's lines are worded in one language: lines that `always` are its, and those that `unless` a word of
    `reporting` stands in them, since a prompt speaks to the reader and only a story says who said or did something."""

    always: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    reporting: re.Pattern[str]

    @property
    def opening(self) -> str:
        return "|".join(each.pattern for each in (self.always, self.unless) if each is not None)

    def matches(self, line: str) -> bool:
        if self.always is not None and self.always.match(line):
            return True
        return self.unless is not None and self.unless.match(line) is not None and not self.reporting.search(line)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named habit of news sites. `longest` bounds the lines it looks at, in characters."""

    name: str
    why: str
    wordings: tuple[Matcher, ...]
    examples: tuple[str, ...]
    longest: int = 220

    def matches(self, line: str) -> bool:
        if len(line) > self.longest:
            return False
        line = _bare(line)
        return any(wording.matches(line) for wording in self.wordings)


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order they are tried."""
    data = tomllib.loads((files("worker.pages.boilerplate") / "rules.toml").read_text("utf-8"))
    wordings = site_wordings()
    pointers = [*data["pointers"], *(pointer for one in wordings for pointer in one.pointers)]
    shared = {
        "{pointer}": f"(?:{'|'.join(pointers)})",
        "{undone}": _UNDONE,
        "{end}": _END,
        "{month}": "|".join(SHORT_MONTHS),
        "{agency}": "|".join(agency.name for agency in AGENCIES if agency.owns_photos),
        "{wire}": "|".join(text for agency in AGENCIES for text in (*agency.names, *agency.signs)),
    }
    made: list[Rule] = []
    for entry in data["rules"]:
        name = entry["name"]
        worded: list[Matcher] = [_wording(entry["patterns"], data["reporting"], shared)] if entry["patterns"] else []
        worded += [_wording(one.patterns[name], one.reporting, shared) for one in wordings if name in one.patterns]
        worded += map(_BY_SENSE[name], wordings) if name in _BY_SENSE else ()
        made.append(Rule(name, entry["why"], tuple(worded), tuple(entry["examples"]), entry["longest"]))
    return tuple(made)


def matching_rule(line: str) -> Rule | None:
    """The first rule that knows this line, if any."""
    return _matching_rule(line) if len(line) <= _lengths()[-1] else None


@cache
def _lengths() -> list[int]:
    """How long the rules' lines may be, the shortest first."""
    return sorted({rule.longest for rule in rules()})


@lru_cache(maxsize=512)  # a page's lines are asked about twice: as blocks and as text
def _matching_rule(line: str) -> Rule | None:
    least = next(longest for longest in _lengths() if longest >= len(line))
    likely = _openings(least).owners(_bare(line)) | _unopened()
    return next((rule for rule in map(rules().__getitem__, sorted(likely)) if rule.matches(line)), None)


def _bare(line: str) -> str:
    return line if line[:1].isalnum() else line.lstrip(_LEAD)


@cache
def _openings(least: int) -> Openings[int]:
    """Beginnings of lines of that length, and which rules they are of: most lines are none, and to ask each language of
    each rule takes long."""
    return Openings(
        (alternative, number)
        for number, rule in enumerate(rules())
        if rule.longest >= least
        for wording in rule.wordings
        if wording.opening
        for alternative in _alternatives(wording.opening)
    )


@cache
def _unopened() -> frozenset[int]:
    """The rules that some lines are known by whatever they begin with."""
    return frozenset(n for n, rule in enumerate(rules()) if not all(wording.opening for wording in rule.wordings))


def _wording(patterns: Sequence[str], reporting: Sequence[str], shared: Mapping[str, str]) -> Wording:
    reports = rf"\b(?:{'|'.join(reporting)})\b"
    kinds: dict[bool, list[str]] = {False: [], True: []}
    for alternative in (each for pattern in patterns for each in _alternatives(pattern)):
        rest = alternative.removeprefix(_UNREPORTED)
        text = rest.replace(_UNREPORTED, f"(?!.*{reports})")
        for mark, meaning in shared.items():
            text = text.replace(mark, meaning)
        kinds[rest != alternative].append(text)
    always, unless = (re.compile("|".join(each), re.IGNORECASE) if each else None for each in kinds.values())
    return Wording(always, unless, re.compile(reports, re.IGNORECASE))


def _alternatives(pattern: str) -> Iterator[str]:
    """The parts of a pattern between the bars that stand in no brackets."""
    depth = start = 0
    in_class = False
    for place, char in enumerate(pattern):
        if pattern[place - 1 : place] == "\\" and pattern[place - 2 : place - 1] != "\\":
            continue
        in_class = char != "]" if in_class else char == "["
        depth += 0 if in_class else (char == "(") - (char == ")")
        if char == "|" and not depth and not in_class:
            yield pattern[start:place]
            start = place + 1
    yield pattern[start:]
