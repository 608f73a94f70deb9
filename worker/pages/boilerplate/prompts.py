"""Lines told by their sense: what speaks to the reader about the site, and labels made of a site's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.text.wordings import SiteWording

# A clause behind a comma, by its first word: "Get the app store to answer for it, the senator demanded".
_CLAUSE = re.compile(
    r",\s+(?:the|an?|its?|he|she|this|they|and|but|el|la|los|las|lo|y|pero|os?|as|der|die|das|les?|ils?|elles?|er|sie|es|mais|mas)\s"
)
QUOTED = re.compile(r"[“”„«»\"]")
"""What is quoted is somebody's word, and no prompt of the site's."""
_WORD = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!?…;,:“”\"]")
_LONGEST_LABEL = 60  # characters
_MOST_WORDS = 8
_FEWEST_KNOWN = 3  # words of a label that names something besides: "All articles by Karin Holm"
_MOST_NAMES = 2
_TELLING = 4  # letters of a word that is more than grammar


@dataclass(frozen=True, slots=True)
class Prompt:
    """Opens as one speaks to a reader (an imperative, "if you") or of one's own ("our"), and is about a matter of the
    site's (account, newsletter, channel, this article), while nothing in it reports or is quoted."""

    opens: re.Pattern[str]
    owns: re.Pattern[str]
    matter: re.Pattern[str]
    reporting: re.Pattern[str]

    @classmethod
    def of(cls, wording: SiteWording) -> Prompt:
        """The prompts of one language."""
        rows = (wording.openers, wording.owned, wording.matters, wording.reporting)
        opening, owned, matter, reporting = map("|".join, rows)
        return cls(
            re.compile(rf"(?:{opening})", re.IGNORECASE),
            re.compile(rf"(?:{owned})", re.IGNORECASE),
            re.compile(rf"\b(?:{matter})(?!\w)", re.IGNORECASE),
            re.compile(rf"\b(?:{reporting})\b", re.IGNORECASE),
        )

    @property
    def opening(self) -> str:
        """What each of its lines begins with, as a pattern."""
        return f"{self.opens.pattern}|{self.owns.pattern}"

    def matches(self, line: str) -> bool:
        start = 0
        if not self.opens.match(line):
            own = self.owns.match(line)
            if own is None:
                return False
            start = own.end()  # "our reporting" is not what "our" speaks of
        if not self.matter.search(line, start):
            return False
        return not (self.reporting.search(line) or QUOTED.search(line) or _CLAUSE.search(line))


@dataclass(frozen=True, slots=True)
class Label:
    """A short line without a stop, of the words a site's labels are made of; it may end in a name."""

    words: frozenset[str]
    opening = ""

    @classmethod
    def of(cls, wording: SiteWording) -> Label:
        """The labels of one language."""
        return cls(frozenset(wording.labels))

    def matches(self, line: str) -> bool:
        if len(line) > _LONGEST_LABEL or _STOP.search(line):
            return False
        words = _WORD.findall(line)
        known = [word for word in words if word.lower() in self.words]
        names = words[len(known) :]
        if not 2 <= len(words) <= _MOST_WORDS or words[: len(known)] != known:
            return False
        if names and not (len(known) >= _FEWEST_KNOWN and len(names) <= _MOST_NAMES and all(map(_is_name, names))):
            return False
        return any(len(word) >= _TELLING for word in known)


def _is_name(word: str) -> bool:
    return word[:1].isupper()
