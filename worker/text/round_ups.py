"""Headlines of round-ups: what outlets call a page that tells many events in turn, every day or week."""

from __future__ import annotations

import re

from worker.text.folding import fold

_LONGEST = 300  # characters of a headline that are looked at

_HEADLINE = re.compile(
    r"\b(?:(?:morning|evening|daily|weekly|weekend|noon|news|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r" (?:briefing|brief|briefs|digest|roundup|round-up|wrap|wrap-up|update|rundown|recap|edition|newsletter)"
    r"|(?:news|week|day|world|business|sports) in brief|briefing(?=:|$)|round-?up(?=:|$)|in brief(?=:|$)"
    r"|week in review|the week ahead|(?:things|what|what you need) to know(?: today| this week|:|$)"
    r"|today's (?:headlines|papers|news)|top (?:stories|headlines)|headlines at a glance"
    r"|(?:\d+|two|three|four|five|six|seven|eight|nine|ten) (?:things|stories|headlines) (?:to know|you|we|of the)"
    r"|resumen (?:de noticias|informativo|semanal|matutino|del dia|de la (?:semana|jornada|manana))|boletin informativo"
    r"|noticias (?:breves|mas importantes)"
    r"|los? mas (?:importante|relevante|destacado|leido)s? (?:del|de la|de hoy)"
    r"|(?:primeras planas|portadas) (?:de hoy|de este|del)"
    r"|(?:titulares|noticias) (?:de hoy|del dia|de la (?:semana|manana))"
    r"|lo que (?:debes|necesitas|hay que) saber (?:hoy|esta semana|del? )"
    r"|(?:la|las|the) (?:semana|week) en\b|en breve(?=:|$)"
    r"|(?:(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|\d+) )"
    r"(?:noticias|claves|cosas) (?:de|del|que|para) (?:hoy|dia|la semana|la jornada|debes|empezar))"
    r"|^(?:headlines|titulares|breves|siete dias|seven days|newsletter|boletin)(?=:|$)"
    r"|here's what (?:you need )?to know"
)


def names_round_up(headline: str) -> bool:
    """Whether a headline is that of a round-up, in English or Spanish; that of a report on a newsletter is none."""
    return bool(_HEADLINE.search(fold(headline[:_LONGEST]).replace("’", "'").strip()))
