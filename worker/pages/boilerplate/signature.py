"""The last lines of an article that sign it: who wrote it, and which outlet printed it."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Sequence

from worker.pages.tree.blocks import letters

_LAST = 3  # lines; further up people are quoted and introduced
_LONGEST_NOTE = 500
_LONGEST_OUTLET = 160
# What follows an author's name in a note on him; said of anyone else it may be news.
_AUTHOR_DOES = re.compile(
    r"\W+(?:is|was|has|covers|writes|reports|edits|joined|works|lives|teaches|specializes|contributed|es|cubre|escribe"
    r"|trabaja|é|cobre|escreve|est|couvre|écrit|ist|schreibt|berichtet|arbeitet)\b",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:said|told|arrested|killed|charged|died|dead|sued|wounded|missing|accused|sentenced|fired"
    r"|murió|muert[oa]|detenid[oa]|morreu|mort[oea]|pres[oa]|arrêtée?|tuée?|verhaftet|getötet|starb)\b",
    re.IGNORECASE,
)
_ROLES = (
    r"(?:reporter|correspondent|staff writer|news editor|columnist|journalist|contributor"
    r"|periodista|reporter[oa]|corresponsal|redactor[a]?|columnista"
    r"|jornalista|repórter|correspondente|colunista|journaliste|correspondant[e]?|chroniqueu(?:r|se)"
    r"|Journalist(?:in)?|Korrespondent(?:in)?|Redakteur(?:in)?|Autor(?:in)?)"
)
_PERSON = r"[A-ZÀ-Ý][\w.’'-]+(?: (?:[A-ZÀ-Ý][\w.’'-]*|de|da|del|la|van|von|der)){1,4}"
_OUTLET = (
    r"(?:(?:the|el|la|los|o|a|os|le|les|l[’']|der|die|das) )?"
    r"[A-ZÀ-Ý][\w&.’'-]*(?: (?:of|and|&|de|del|do|da|du|des|la|[A-ZÀ-Ý])[\w&.’'-]*){0,5}"
)
_BEAT = r"(?:based in|in|covering|who covers|and covers|focusing on|specializing in|where (?:he|she|they) covers?)"
# A note on someone whom the page does not name as its author must be that and nothing else.
_NOTE = re.compile(
    rf"{_PERSON} (?:is|es|é|est|ist) (?:(?:an?|the|una?|uma?|une?|eine?) )?(?:[\w-]+ ){{0,4}}{_ROLES}"
    rf"(?: [\w-]+)? (?:of|for|at|with|de|del|en|do|da|no|na|du|à|au|der|des|bei|von|für) (?P<outlet>{_OUTLET})"
    rf"(?:,? {_BEAT} [^.]{{2,100}})?\.?"
)
# A note on someone by what only such notes say: books, a beat, where to follow.
_BIO = re.compile(
    rf"(?:{_PERSON})(?:,? \(?[^,.]{{2,40}}\)?,)? (?:is|es|é|est|ist) "
    rf"(?:(?:an?|the|una?|uma?|une?|eine?|la|el|o) )?(?:[\w-]+,? ){{0,4}}{_ROLES}\b"
)
# What is written of nobody but a writer, of whom the page may say nothing else.
_WRITES = re.compile(
    rf"{_PERSON}(?: (?:writes about|escribe (?:sobre|de)|escreve sobre|écrit sur|schreibt über)\b"
    r"| (?:is|es|é|est|ist) (?:an? |una? |uma? |une? |eine? )?(?:[\w-]+ ){0,2}"
    r"(?:staff (?:writer|reporter|photographer)|redactora?|rédact(?:eur|rice)|redatora?|Redakteur(?:in)?)\b)"
)
# Where somebody came from, and when: with a word of the trade it is said of nobody but a writer at the foot of a page.
_CAME = re.compile(
    rf"{_PERSON},? (?:joined|llegó a|se (?:incorporó|sumó|unió) a|chegou a[oà]?|entrou n[oa]|kam (?:zu|zum|zur)"
    rf"|a rejoint) {_OUTLET},? (?:in|en|em|im jahr)?\s*(?:19|20)\d\d\b[^.]*\b(?:beat|news\w*|paper|reporter|reporting"
    r"|radio|magazine|correspondent|fuente|diario|periódico|redacción|corresponsal|jornal|revista|journal|rédaction"
    r"|zeitung|redaktion)\b"
)
_LIFE = re.compile(
    r"@\w{3,}|\b(?:has (?:written|covered|worked)|writes (?:about|for)|covers|is the author of|based in"
    r"|ha (?:publicado|escrito|trabajado|cubierto)"
    r"|colabora|especializad[ao]|cubre|escribe (?:sobre|para)|autora? de|nació en|publicou|escreve|cobre"
    r"|especialista|nasceu em|a publié|écrit (?:sur|pour)"
    r"|couvre|spécialiste|spécialisée?|née? (?:à|en)|schreibt|berichtet|arbeitet|geboren in)\b",
    re.IGNORECASE,
)
_OUTLET_IS = re.compile(
    r"\W+(?:is|has been|es|é|est|ist)\b.*\b(?:owned|published|founded|established"
    r"|(?:since|desde|depuis|seit) (?:18|19|20)\d\d|newspaper|news (?:outlet|site|organi[sz]ation)|magazine"
    r"|periódico|diario|jornal|journal|quotidien|zeitung)\b",
    re.IGNORECASE,
)


def find_signature(
    lines: Sequence[str], removed: Container[int], authors: Collection[str] = (), outlet: str = ""
) -> dict[int, str]:
    """Line number → "author-note" or "outlet-note", for the last lines still standing that are one.

    A name alone is a "byline" or an "outlet-note" among the first lines too. `authors` and `outlet` are the page's
    own; without them only the plainest form of a note on an author counts.
    """
    standing = [number for number, line in enumerate(lines) if line and number not in removed]
    names = {**{letters(author): "byline" for author in authors}, letters(outlet): "outlet-note"}
    found = {n: names[key] for n in standing[:_LAST] if (key := letters(lines[n])) and key in names}
    for number in reversed(standing[-_LAST:] if len(standing) > _LAST else standing[1:]):
        rule = _rule_of(lines[number], authors, outlet)
        if not rule:
            break
        found[number] = rule
    return found


def _rule_of(line: str, authors: Collection[str], outlet: str) -> str:
    if len(line) > _LONGEST_NOTE or _HAPPENED.search(line):
        return ""
    if any(_is_about(line, name) or letters(line) == letters(name) for name in authors):
        return "author-note"
    note = _NOTE.fullmatch(line)
    if note and (not authors or (outlet and outlet.casefold() in note["outlet"].casefold())):
        return "author-note"
    if _WRITES.match(line) or _CAME.match(line) or (_BIO.match(line) and _LIFE.search(line)):
        return "author-note"
    return "outlet-note" if outlet and len(line) <= _LONGEST_OUTLET and _is_outlet_line(line, outlet) else ""


def _is_about(line: str, name: str) -> bool:
    return line.casefold().startswith(name.casefold()) and _AUTHOR_DOES.match(line, len(name)) is not None


def _is_outlet_line(line: str, outlet: str) -> bool:
    """The outlet's name alone, or a sentence that begins with it, or with its last word, and says what it is."""
    if letters(line) == letters(outlet):
        return True
    for name in (outlet, outlet.rsplit(" ", 1)[-1]):
        start = re.match(rf"(?:the\s+)?{re.escape(name)}(?!\w)", line, re.IGNORECASE)
        if start and _OUTLET_IS.match(line, start.end()):
            return True
    return False
