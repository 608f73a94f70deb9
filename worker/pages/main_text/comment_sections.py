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
# What may head a part of a story too: in a heading it is one's, unless a number of them stands beside it.
_UNSURE = re.compile(
    _COUNTED
    + r"(?:responses?|replies|reactions|respuestas|reacciones|r[ée]actions|reaktionen|antworten|respostas)"
    + _COUNTED,
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d")
_ENOUGH_BEFORE = 60  # letters of paragraphs
_SOON = 6  # blocks: a name and a date stand over what a reader says
_SHORTEST = 12  # letters of that


def comment_sections(blocks: Sequence[Block]) -> set[int]:
    """Numbers of the blocks in such boxes, label and all; a story stands before them, and no headline in them."""
    found: set[int] = set()
    before = 0
    for number, block in enumerate(blocks):
        if number not in found and before >= _ENOUGH_BEFORE and _is_label(block):
            found.update(_box(blocks, number))
        if is_paragraph(block) and number not in found:
            before += len(block.key)
    return found


def _is_label(block: Block) -> bool:
    if len(block.text) > _LONGEST:
        return False
    if _LABEL.fullmatch(block.text):
        return True
    is_heading = any(place.tag in HEADINGS for place in block.place.line())
    return bool(_UNSURE.fullmatch(block.text)) and not (is_heading and not _NUMBER.search(block.text))


def _box(blocks: Sequence[Block], label: int) -> range:
    """The smallest box that begins with the label and soon tells something: in a bar of buttons it names one."""
    for place in blocks[label].place.line():
        if place.first != label or place.tag in ("body", "main", "article"):
            break
        inside = range(place.first, place.end)
        if any(blocks[number].is_told(_SHORTEST) for number in inside[1:_SOON]):
            return range(0) if any(blocks[number].headline for number in inside) else inside
    return range(0)
