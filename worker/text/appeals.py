"""Sentences by which an outlet speaks of itself to its readers: sign up, log in, subscribe, follow us, read also.

They stand in the middle of reports that have nothing else in common, and are no evidence that two texts are alike.
"""

from __future__ import annotations

import re

# What such a sentence is about. One of these alone says little: there are reports on newsletters and subscriptions.
_SUBJECT = (
    r"newsletters?|e-?mails?|inbox|spam|subscri\w+|unsubscribe|sign[- ]?up|notifications?|podcast|app|channel|homepage"
    r"|log[- ]?in|passwords?|account|free (?:trial|articles?|reports?|access)|regist(?:er|ration)"
    r"|privacy (?:notice|policy)"
    r"|bolet[ií]n(?:es)?|correos?(?: electr[óo]nicos?)?|bandeja|suscri\w+|suscr[ií]b\w*|notificaciones|canal|whatsapp"
    r"|telegram|facebook|twitter|instagram|youtube|google (?:news|noticias)"
    r"|cuenta|contraseña|sesi[óo]n|art[íi]culos? grat\w+|prueba grat\w+|acceso grat\w+|registr\w+|aviso de privacidad"
)
# And what it asks of the reader, as only a reader is spoken to.
_START = r"(?:^|[.!?…:;,]\s|\b(?:and|or|to|please|then|y|o|para|por favor)\s)"
_ASKED = (
    rf"{_START}(?:click|tap|press|enter|sign up|subscribe|follow us|join (?:our|us)"
    r"|log in|sign in|register|take a|try our|thank you for|thanks for|already (?:a|have|registered|subscribed)"
    r"|download (?:our|the)|get (?:our|the)|don't miss|stay (?:up to date|informed)|check your|read our"
    r"|pulsa|haz clic|da clic|clic|suscr[ií]b[ae]te"
    r"|suscr[ií]base|s[ií]guenos|[úu]nete|reg[ií]strate|descarga (?:nuestra|la|nuestro)|recibe|mantente|no te pierdas"
    r"|activa|introduce|ingresa tu|inicia|gracias por|¿?ya (?:tienes|eres|est[áa]s)|prueba|accede)\b"
    r"|\b(?:you(?:'ll| will| can| may) (?:receive|get|unsubscribe|opt out)|you(?:'ve| have) (?:read|reached|used)"
    r"|your (?:inbox|e-?mail|spam|password|free|last free|subscription|account))\b"
    r"|\b(?:te (?:llegar[áa]|enviaremos|suscribes|quedan?)|darte de baja|recibir[áa]s|has (?:le[ií]do|llegado)"
    r"|tu (?:bandeja|correo|e-?mail|cuenta|contraseña|suscripci[óo]n))\b"
)
_APPEAL = re.compile(_ASKED), re.compile(rf"\b(?:{_SUBJECT})\b")  # of text in lower case: three times as fast
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+[\"”’»)]*|\n|$)")
_LONGEST = 500  # characters; what is longer is no appeal


def strip_appeals(text: str) -> str:
    """`text` without the sentences that ask its readers to sign up, subscribe or follow; the rest as it was."""
    if not _asks(text.lower()):
        return text
    return "".join(" " if _is_appeal(found[0]) else found[0] for found in _SENTENCE.finditer(text))


def _is_appeal(sentence: str) -> bool:
    plain = sentence.strip()
    return len(plain) < _LONGEST and _asks(plain.lower())


def _asks(text: str) -> bool:
    asked, subject = _APPEAL
    return bool(subject.search(text)) and bool(asked.search(text))
