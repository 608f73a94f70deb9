"""Sentences by which an outlet speaks of itself to its readers: sign up, subscribe, follow us, read also.

They stand in the middle of reports that have nothing else in common, and are no evidence that two texts are alike.
"""

from __future__ import annotations

import re

# What such a sentence is about. One of these alone says little: there are reports on newsletters and subscriptions.
_SUBJECT = (
    r"newsletters?|e-?mails?|inbox|spam|subscri\w+|unsubscribe|sign[- ]?up|notifications?|podcast|app|channel|homepage"
    r"|bolet[ií]n(?:es)?|correos?(?: electr[óo]nicos?)?|bandeja|suscri\w+|suscr[ií]b\w*|notificaciones|canal|whatsapp"
    r"|telegram|facebook|twitter|instagram|youtube|google (?:news|noticias)"
)
# And what it asks of the reader, as only a reader is spoken to.
_START = r"(?:^|[.!?…:;,]\s|\b(?:and|or|to|please|then|y|o|para|por favor)\s)"
_ASKED = (
    rf"{_START}(?:click|tap|press|enter|sign up|subscribe|follow us|join (?:our|us)"
    r"|download (?:our|the)|get (?:our|the)|don't miss|stay (?:up to date|informed)|check your|read our"
    r"|pulsa|haz clic|da clic|clic|suscr[ií]b[ae]te"
    r"|suscr[ií]base|s[ií]guenos|[úu]nete|reg[ií]strate|descarga (?:nuestra|la|nuestro)|recibe|mantente|no te pierdas"
    r"|activa|introduce|ingresa tu)\b"
    r"|\b(?:you(?:'ll| will| can| may) (?:receive|get|unsubscribe|opt out)|your (?:inbox|e-?mail|spam))\b"
    r"|\b(?:te (?:llegar[áa]|enviaremos|suscribes)|darte de baja|tu (?:bandeja|correo|e-?mail)|recibir[áa]s)\b"
)
_APPEAL = re.compile(_ASKED, re.IGNORECASE), re.compile(rf"\b(?:{_SUBJECT})\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+[\"”’»)]*|\n|$)")
_LONGEST = 500  # characters; what is longer is no appeal


def strip_appeals(text: str) -> str:
    """`text` without the sentences that ask its readers to sign up, subscribe or follow; the rest as it was."""
    asked, subject = _APPEAL
    if not subject.search(text) or not asked.search(text):
        return text
    return "".join(" " if _is_appeal(found[0]) else found[0] for found in _SENTENCE.finditer(text))


def _is_appeal(sentence: str) -> bool:
    asked, subject = _APPEAL
    plain = sentence.strip()
    return len(plain) < _LONGEST and bool(asked.search(plain)) and bool(subject.search(plain))
