"""Terms that reports of many events are written with, "president" or "border": they say little of which one is told.

How rare a word is in everyday language does not show that: "senate" is rare there, and stands in every fifth report.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from math import log

_EVERY = 0.25  # added to each term's share of reports: with less, a word that every tenth report has weighs too little


def distinction(term: str) -> float:
    """How far a term tells reports apart (0-1): 1 for one that hardly any report has, near 0 where every one does.

    The inverse document frequency (Spärck Jones 1972) in news, as a share of the highest. The shares of reports are
    those of `news_terms.txt`, which says where they come from; a list that grew with what is read would make
    stories depend on the order of arrival.
    """
    return max(0.0, log(_load_shares().get(term, 0.0) + _EVERY) / log(_EVERY))


@cache
def _load_shares() -> dict[str, float]:
    lines = files("worker.stories").joinpath("news_terms.txt").read_text("utf8").splitlines()
    rows = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {term: int(thousandths) / 1000 for thousandths, terms in rows for term in terms.split()}
