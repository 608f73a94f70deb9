"""Whom a report credits: "according to the Geological Survey", "informó Protección Civil", "(Reuters)".

The same few agencies stand in reports of everything they watch: that two reports share one says nothing about what
they tell. People who are quoted are often those it is about, and stay.
"""

from __future__ import annotations

import re

from worker.text.agencies import AGENCIES
from worker.text.folding import fold

_CAPITAL = r"(?:(?:[A-Z]\.){2,4}|[A-ZÀ-ÖØ-Þ][\w&’'-]*)"
_LINK = r"(?:of|for|and|the|de|del|la|los|las|y|e|para|en)"
_PHRASE = rf"{_CAPITAL}(?: (?:{_LINK} ){{0,2}}{_CAPITAL}){{0,7}}"
_ARTICLE = r"(?:(?:[Tt]he|[Ee]l|[Ll]a|[Ll]os|[Ll]as|al) )?"
_CREDIT = (
    r"(?:[Aa]ccording to|[Cc]iting|said|told|reported by|[Ss]eg[uú]n|[Dd]e acuerdo (?:con|a)|citando a"
    r"|(?:inform|report|señal|precis|indic|confirm|detall|comunic|asegur|public)(?:ó|aron)|(?:dijo|dijeron))"
)
_SAY = (
    r"(?:has |had |ha |había )?(?:said|says|reported|reports|told|dijo"
    r"|estimated|located|measured|placed|put|recorded|registered"
    r"|(?:inform|report|señal|precis|indic|confirm|detall|comunic|asegur|registr|ubic|situ)(?:ó|ado|a)\b)"
)
_CREDITED = re.compile(
    rf"\b(?:{_CREDIT} {_ARTICLE}(?P<after>{_PHRASE})|{_ARTICLE}\b(?P<before>{_PHRASE})(?=,? {_SAY}))"
)
_WIRE = re.compile(rf"\((?:{'|'.join(agency.bracketed for agency in AGENCIES if agency.bracketed)})\)")
_AGENCY_WORD = "|".join(fold(agency.bracketed) for agency in AGENCIES if agency.is_word)
_INSTITUTION = re.compile(
    r"\b(?:agenc\w+|administra\w+|associa\w+|asocia\w+|authorit\w+|autorid\w+|board|bomberos|brigade|bureau"
    r"|cent(?:er|re|ro)|civil|comisi\w+|commission\w*|committee|comite|cuerpo|department\w*|departament\w+|direccion"
    r"|fiscalia|foundation|fundacion|geolog\w+|guard|guardia|institut\w+|journal|meteorol\w+|ministry|ministerio"
    r"|monitor\w*|news\w*|observat\w+|office|oficina|organi[sz]a\w+|police|policia|press|prensa|procuraduria|radio|red"
    r"|secretaria|seismolog\w+|servic\w+|sismolog\w+|survey|television|times|university|universidad"
    rf"|{_AGENCY_WORD})\b"
)
_ROLE = re.compile(r"\b(?:chief|director\w*|head|minister|mayor|officer|president\w*|secretary|sheriff|spokes\w+)\b")
_ACRONYM = re.compile(r"[A-Z]{3,6}|(?:[A-Z]\.){2,4}")


def strip_sources(text: str) -> str:
    """`text` without the institutions it only credits; what they do, and who speaks by name, stays."""
    return _CREDITED.sub(_without_institution, _WIRE.sub(" ", text))


def _without_institution(found: re.Match[str]) -> str:
    part = "after" if found["after"] else "before"
    if not _is_institution(found[part]):
        return found[0]
    start, end = found.start(part) - found.start(), found.end(part) - found.start()
    return f"{found[0][:start]} {found[0][end:]}"


def _is_institution(phrase: str) -> bool:
    folded = fold(phrase)
    return bool(_ACRONYM.fullmatch(phrase) or (_INSTITUTION.search(folded) and not _ROLE.search(folded)))
