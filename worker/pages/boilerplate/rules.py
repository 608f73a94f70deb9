"""The rules of `rules.toml`: lines that are boilerplate wherever they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from worker.text.agencies import AGENCIES
from worker.text.months import SHORT_MONTHS

# Bullets, arrows and pictograms that sites put before such lines.
_LEAD = r"[\s>»›→▶►•·*|+\-–—(\[\u2190-\u21ff\u2600-\u27bf\ufe0f\U0001f300-\U0001faff]*"
_END = r"[\s.:!…>»›→|)\]]*$"
# A clause that follows a comma, by its first word.
_UNDONE = (
    r"(?!.*,\s+(?-i:the|an?|its?|he|she|this|they|el|la|los|las|lo|os?|as|der|die|das|les?|ils?|elles?|er|sie|es)\s)"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A named habit of news sites. `longest` bounds the lines it looks at, in characters."""

    name: str
    why: str
    pattern: re.Pattern[str]
    examples: tuple[str, ...]
    longest: int = 220

    def matches(self, line: str) -> bool:
        return len(line) <= self.longest and self.pattern.match(line) is not None


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order they are tried."""
    data = tomllib.loads((files("worker.pages.boilerplate") / "rules.toml").read_text("utf-8"))
    marks = {
        "{pointer}": f"(?:{'|'.join(data['pointers'])})",
        "{unreported}": rf"(?!.*\b(?:{'|'.join(data['reporting'])})\b)",
        "{undone}": _UNDONE,
        "{end}": _END,
        "{month}": "|".join(SHORT_MONTHS),
        "{agency}": "|".join(agency.name for agency in AGENCIES if agency.owns_photos),
    }
    return tuple(
        Rule(
            name=entry["name"],
            why=entry["why"],
            pattern=_compile(entry["patterns"], marks),
            examples=tuple(entry["examples"]),
            longest=entry["longest"],
        )
        for entry in data["rules"]
    )


def matching_rule(line: str) -> Rule | None:
    """The first rule that knows this line, if any."""
    return _matching_rule(line) if len(line) <= _longest() else None


@cache
def _longest() -> int:
    return max(rule.longest for rule in rules())


@lru_cache(maxsize=512)  # a page's lines are asked about twice: as blocks and as text
def _matching_rule(line: str) -> Rule | None:
    return next((rule for rule in rules() if rule.matches(line)), None)


def _compile(patterns: Sequence[str], marks: Mapping[str, str]) -> re.Pattern[str]:
    text = "|".join(patterns)
    for mark, pattern in marks.items():
        text = text.replace(mark, pattern)
    return re.compile(f"{_LEAD}(?:{text})", re.IGNORECASE)
