"""Figures that name an event as a date does: how strong a quake was, how a match ended.

Tolls are none of these: they grow while a story runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.stories.dateline import MONTH

_NUMBER = r"(\d{1,2}[.,]\d)(?!\d)"
_QUAKE = "earthquake|quake|tremor|terremoto|temblor|sismo"
_AFTERSHOCK = re.compile(
    rf"(?:aftershocks?|réplicas?)(?: of| with| de| con)?(?: a)?(?: magnitude?)?(?: of| de)? {_NUMBER}"
    rf"|{_NUMBER}[ -](?:magnitude[ -])?(?:aftershock|réplica)|magnitude?[ -](?:de )?{_NUMBER} (?:aftershock|réplica)"
)
_ABOUT = r"(?:at least |about |around |some |al menos |unos |cerca de )?"
_MAGNITUDE = re.compile(
    rf"(?:magnitude?|{_QUAKE})(?:[ -]| of | de |: ){_ABOUT}{_NUMBER}"
    rf"|(?<![\d.,]){_NUMBER}(?:[ -]| - )(?:magnitude|{_QUAKE})"
    rf"|(?<![\d.,]){_NUMBER} (?:degrees |grados )?(?:on|en) (?:the|la) (?:open-ended )?(?:richter|escala)"
)
_FIRST_ESTIMATE = re.compile(
    rf"(?:revis|upgrad|downgrad|correct|correg|corrig|rectific|actualiz|ajust)\w{{0,6}}(?: \w+){{0,4}} {_NUMBER}"
)
_SCORE = re.compile(
    rf"(?P<day>(?:{MONTH}) )?(?<![\w.,:$€£-])(?<!\bto )"
    rf"(\d{{1,3}})[-–](\d{{1,3}})(?![\w-]|[.,:]\d| (?:de |of )?(?:{MONTH}))"
)
# A pair of numbers is a score where it stands beside what teams do; elsewhere it is a range, a vote or an idiom.
_BESIDE = 60  # characters
_PLAYED = re.compile(
    r"\b(?:beat\w*|w(?:in|ins|inn\w+|on)|los[est]\w*|defeat\w*|victor\w+|draws?|drew|leads?|led|trail\w*|thrash\w*"
    r"|rout\w*|edge[ds]?|goals?|gol(?:es|e\w+)?|gan[aóo]\w*|venc\w+|derrot\w+|perd\w+|pierd\w+"
    r"|empat\w+|remont\w+|triunf\w+|marcador|imp(?:us|on)\w+)\b"
)
_VOTED = re.compile(
    r"\b(?:vot\w+|ballots?|sena\w+|congres\w+|parl[ai]\w+|suprem[aeo]"
    r"|rul(?:ed|ing)|polls?|encuesta\w*|age[ds]?|percent|per cent|por ciento)\b"
)
_REVISED = 0.5  # first estimates of a quake are mended by a few tenths


@dataclass(frozen=True, slots=True)
class Facts:
    """What the opening of a report, or the openings of a story's, say of an event. A score's higher side is first."""

    magnitudes: frozenset[float] = frozenset()
    scores: frozenset[tuple[int, int]] = frozenset()

    def contradict(self, other: Facts) -> bool:
        """Whether both cannot be of one event.

        Every magnitude of one is more than half a unit from every one of the other's; or each knows a single
        score, and neither can have grown into the other.
        """
        if self.magnitudes and other.magnitudes:
            return min(abs(a - b) for a in self.magnitudes for b in other.magnitudes) > _REVISED
        if len(self.scores) != 1 or len(other.scores) != 1:
            return False
        (high, low), (other_high, other_low) = *self.scores, *other.scores
        return (high - other_high) * (low - other_low) < 0


def find_facts(opening: str) -> tuple[str, ...]:
    """Terms for the magnitudes and scores in a title and lead; `read_facts` reads them.

    An aftershock's magnitude is not its quake's; of one that was revised, both figures are.
    """
    text = opening.casefold()
    strong = {one or other or third for one, other, third in _MAGNITUDE.findall(_AFTERSHOCK.sub(" ", text))}
    revised = set(_FIRST_ESTIMATE.findall(text)) if strong else set()
    magnitudes = {f"m{number.replace(',', '.')}" for number in strong | revised}
    scores = {
        "s{}-{}".format(*sorted((int(found[2]), int(found[3])), reverse=True))
        for found in _SCORE.finditer(text)
        if not found["day"] and _is_played(text[max(0, found.start() - _BESIDE) : found.end() + _BESIDE])
    }
    return tuple(sorted(magnitudes | scores))


def _is_played(around: str) -> bool:
    return bool(_PLAYED.search(around)) and not _VOTED.search(around)


def read_facts(terms: Iterable[str]) -> Facts:
    """Facts that `find_facts` wrote."""
    magnitudes, scores = set(), set()
    for term in terms:
        if term.startswith("m"):
            magnitudes.add(float(term[1:]))
        else:
            high, low = term[1:].split("-")
            scores.add((int(high), int(low)))
    return Facts(frozenset(magnitudes), frozenset(scores))
