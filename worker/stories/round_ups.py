"""Round-ups: pages that tell many events in turn, so that what is told of one of them is no report of it."""

from __future__ import annotations

import re

from worker.text.folding import fold

# By their headlines, as outlets call what they make every day or week, in English and Spanish.
_HEADLINE = re.compile(
    r"\b(?:(?:morning|evening|daily|weekly|weekend|noon|news|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r" (?:briefing|brief|briefs|digest|roundup|round-up|wrap|wrap-up|update|rundown|recap|edition)"
    r"|(?:briefing|news in brief|round-?up|week in review|the week ahead|what (?:to know|you need to know) today"
    r"|today's (?:headlines|papers|news)|top (?:stories|headlines)|headlines at a glance)\b"
    r"|(?:\d+|two|three|four|five|six|seven|eight|nine|ten) (?:things|stories|headlines) (?:to know|you|we|of the)"
    r"|resumen (?:de noticias|informativo|del dia|de la (?:semana|jornada|manana))|boletin informativo"
    r"|noticias (?:breves|mas importantes)|lo mas (?:importante|destacado|leido) (?:del|de la|de hoy)"
    r"|(?:primeras planas|portadas) (?:de hoy|de este|del)|las noticias (?:de hoy|del dia|de la (?:semana|manana))"
    r"|(?:la|las|the) (?:semana|week) en\b|(?:(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|\d+) )"
    r"(?:noticias|claves|cosas) (?:de|del|que|para) (?:hoy|dia|la semana|la jornada|debes|empezar))"
)
_OPENING = re.compile(
    r"^\W*(?:good (?:morning|evening|afternoon)\b.{0,40}\bhere(?:'s| is| are)\b|here(?:'s| is| are) (?:what|the (?:news"
    r"|top))|buenos dias\b.{0,60}\b(?:noticias|claves|importante)|estas son las (?:noticias|principales))"
)


def is_round_up(title: str, text: str) -> bool:
    """Whether an article says by its headline or its first words that it gathers the news of some time."""
    return bool(_HEADLINE.search(fold(title[:200])) or _OPENING.search(fold(text[:200]).replace("’", "'")))
