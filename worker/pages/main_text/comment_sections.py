"""Readers' comments under a label that says so: a box after the story that begins with "Leave a reply" or alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.pages.main_text.witness import is_paragraph
from worker.pages.tree.blocks import HEADINGS, Block

_LONGEST = 60  # characters of a label
_COUNTED = r"\W*(?:\d[\d.,]*\W*)?"
_LABEL = re.compile(
    _COUNTED + r"(?:(?:all |reader |readers[’']? |user |view |show |los |todos los |leser)?"
    r"(?:comments?|comentarios?|kommentare?|commentaires?|coment[áa]rios?|commenti)"
    r"|(?:leave|post|write|add) (?:a |your )?(?:reply|comment)|join the (?:discussion|conversation)|discussion"
    r"|(?:deja|escribe|haz|añade|agrega)(?: un| tu)? comentario|[úu]nete a la (?:conversaci[óo]n|discusi[óo]n)"
    r"|deixe (?:um|seu) coment[áa]rio|(?:participe da|entre na) (?:conversa|discuss[ãa]o)"
    r"|laisse[rz] un commentaire|(?:schreiben sie )?einen kommentar(?: schreiben| verfassen)?"
    r"|kommentar (?:schreiben|verfassen)"
    r"|(?:reader|readers[’']?) (?:responses|reactions)|lo que dicen (?:los|nuestros) lectores)" + _COUNTED,
    re.IGNORECASE,
)
# What may head a part of a story too: in a heading it is one's, unless a number of them stands beside it, or what is
# under it speaks as readers do: of oneself, to others, asking, and quotes nobody.
_UNSURE = re.compile(
    _COUNTED
    + r"(?:responses?|replies|reactions|respuestas|reacciones|r[ée]actions|reaktionen|antworten|respostas)"
    + _COUNTED,
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")
_TALK = re.compile(
    r"\b(?:i|i[’']\w+|my|mine|we|our|you|your|yo|mis?|nosotros|nuestr[oa]s?|t[uú]|tus|usted(?:es)?|eu|meus?|minhas?|voc[êe]s?"
    r"|ich|mein\w*|wir|unser\w*|je|j[’']\w+|mon|nous|notre|vous|votre)\b|\?",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«»]")
_FEWEST_TALKING, _MOST_TALKING = 2, 2 / 3  # paragraphs of a box, and their share, that speak so
_ENOUGH_BEFORE = 60  # letters of paragraphs
_SOON = 6  # blocks: a name and a date stand over what a reader says
_SHORTEST = 12  # letters of that


def comment_sections(blocks: Sequence[Block]) -> set[int]:
    """Numbers of the blocks in such boxes, label and all; a story stands before them, and no headline in them."""
    found: set[int] = set()
    before = 0
    for number, block in enumerate(blocks):
        if number not in found and before >= _ENOUGH_BEFORE and len(block.text) <= _LONGEST:
            found.update(_comments_under(blocks, number))
        if is_paragraph(block) and number not in found:
            before += len(block.key)
    return found


def _comments_under(blocks: Sequence[Block], number: int) -> range:
    block = blocks[number]
    is_sure = _LABEL.fullmatch(block.text) is not None
    if not is_sure and not _UNSURE.fullmatch(block.text):
        return range(0)
    inside = _box(blocks, number)
    is_heading = any(place.tag in HEADINGS for place in block.place.line())
    is_sure = is_sure or not is_heading or _NUMBER.search(block.text) is not None
    return inside if is_sure or _is_talk([blocks[each] for each in inside[1:]]) else range(0)


def _is_talk(blocks: Sequence[Block]) -> bool:
    told = [block.text for block in blocks if block.is_told(_SHORTEST)]
    talking = sum(_TALK.search(text) is not None and not _QUOTED.search(text) for text in told)
    return talking >= max(_FEWEST_TALKING, len(told) * _MOST_TALKING)


def _box(blocks: Sequence[Block], label: int) -> range:
    """The smallest box that begins with the label and soon tells something: in a bar of buttons it names one."""
    for place in blocks[label].place.line():
        if place.first != label or place.tag in ("body", "main", "article"):
            break
        inside = range(place.first, place.end)
        if any(blocks[number].is_told(_SHORTEST) for number in inside[1:_SOON]):
            return range(0) if any(blocks[number].headline for number in inside) else inside
    return range(0)
