"""What an outlet is called: its site's own name, or its feed's title without the words that only say it is a feed."""

from __future__ import annotations

import re

from worker.text.folding import fold

_KIND = (
    r"rss(?:\s*2(?:\.0)?)?|atom|(?:rss|atom|xml|news|main|full)\s*feeds?|feeds?|newsfeed|"
    r"(?:the\s+)?latest(?:\s+(?:news|headlines|stories|articles|posts|updates))?|(?:recent|all|new)\s+(?:news|stories|articles|posts)|"
    r"(?:top|breaking)\s+(?:news|stories)|headlines|"
    r"(?:las\s+)?ultimas?\s+(?:noticias|notas|horas?)|lo\s+(?:ultimo|mas\s+reciente)|todas\s+las\s+(?:noticias|notas)|titulares"
)
# As a part of its own, between bars or dashes, these name a page and not whose it is.
_PART = re.compile(rf"(?:{_KIND}|home(?:\s*page)?|front\s*page|portada|inicio|news|noticias)")
_TAIL = re.compile(rf"\s+(?:{_KIND})$")
_HEAD = re.compile(rf"^(?:{_KIND})\s+(?:from|of|on|by|at|de|del|en|:)\s+")
_BAR = re.compile(r"(\s+[-–—|·•»›>/]+\s+|\s*[|»›]\s*|:\s+)")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?")
_EMPTY = frozenset({"", "the", "el", "la", "los", "las", "a", "un", "una"})


def outlet_name(title: str, site_name: str = "") -> str:
    """What to call the outlet of a feed with this title, whose pages say that they are `site_name`'s ("" for nothing).

    The site's own name counts where the title has it and says more, as "Prairie Post latest" does, or says nothing; a
    page may belong to somebody else. It counts before a host's name, by which an article is called until its page is
    read. A title of which nothing would be left stays.
    """
    plain = " ".join(title.split())
    own = " ".join(site_name.split())
    if own and (not plain or _HOST.fullmatch(plain) or f" {_words(own)} " in f" {_words(plain)} "):
        return own
    pieces = _BAR.split(plain)
    kept = [number for number in range(0, len(pieces), 2) if not _PART.fullmatch(fold(pieces[number].strip()))]
    if not kept:
        return plain
    named = "".join(pieces[kept[0] : kept[-1] + 1]).strip()
    return _without_kind(named)


def _without_kind(name: str) -> str:
    # Folding keeps the length but for ligatures: where it does not, the name stays as it is.
    folded = fold(name)
    if len(folded) != len(name):
        return name
    start = head.end() if (head := _HEAD.match(folded)) else 0
    end = tail.start() if (tail := _TAIL.search(folded)) else len(name)
    left = name[start:end].strip()
    return name if fold(left) in _EMPTY else left


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
