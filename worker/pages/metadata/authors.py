"""Who wrote an article: people and agencies, as the page declares them or signs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import chain, islice

from worker.pages.metadata.json_ld import LinkedArticle
from worker.pages.metadata.surroundings import beside_headline, called, is_elsewhere, line_of
from worker.pages.metadata.titles import Outlet
from worker.pages.tree.spacing import fold_space
from worker.pages.tree.tree import Element
from worker.text.agencies import AGENCIES
from worker.text.characters import UNSPACED
from worker.text.months import SHORT_MONTHS

_MOST = 10
_AUTHOR_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "byl",
    "cxenseparse:author",
    "dable:author",
    "dc.creator",
)
_BY = re.compile(
    r"^\W*(?:(?:(?:(?:view |see )?(?:all|more) )?(?:posts |articles |stories |written |published "
    r"|reported |story |words )?by"
    r"|por|par|von|di|de|door|text|texto|texte|autor(?:in)?(?:/autor(?:in)?)?|author|redactado por"
    r"|escrito por|écrit par)(?:\s*:|\b(?=\s)))+\s*",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?<![a-z])(?:by-?line|text-?authors?|authors?|author-?(?:name|link|wrapper|list)|auteurs?"
    r"|autor(?:es|en|in)?|writers?|verfasser|firma"
    r"|journalists?|reporters?|signature|vcard|creator|article-?by)(?![a-z])"
)
_DATED = re.compile(rf"(?:\s*[|•·–—-])?\s(?:{'|'.join(SHORT_MONTHS)})[a-z]*\.?\s\d.*")
_ABOUT = re.compile(r"bio|about|avatar|image|photo|description|comment|social|follow|box")
_PERSONS_PAGE = re.compile(
    r"/(?:authors?|staff|autor(?:es|en|in)?|auteurs?|journalistes?|reporters?|redaktion|redactor(?:es)?"
    r"|people|person|profile|profiles|firmas?|by"
    r"|contributors?|columnist\w*|writers?|users?)/[^/]+",
    re.IGNORECASE,
)
_LONGEST = 300  # characters of a field
_LONGEST_BYLINE, _LONGEST_NAME = 80, 60
_SPLIT = re.compile(r"\s*(?:,|;|\||•|·|/(?!\w+\.)|\s[–—-]\s|\band\b|\by\b|\bund\b|\bet\b|\be\b|&|、|・)\s*")
# What bylines put behind a reporter's name.
_TITLE_AFTER = re.compile(r"\s+(?:기자(?:\s외\s\d+명)?|記者|记者)$")
_ASIDE = re.compile(r"\s*\([^()]*\)\s*$")
_DESK = re.compile(r"\b(?:staff|desk|newsroom|team|editors?|redac|redak|redaz|rédac)", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:reporter|editor|journalist|sponsored|correspondent|corresponsal|staff|writer|columnist"
    r"|contributor|author|autor|news|desk|team|press|agency|newsroom|"
    r"redacci[óo]n|rédaction|redaction|redazione|redação|redactie|redaktion|redakteur(?:in)?|admin"
    r"|administrator|webmaster|user|guest|associated|"
    r"times|tribune|gazette|telegram|herald|today|twitter|facebook|published|updated|minutes?|read|share"
    r"|senior|chief)\b|^the\b",
    re.IGNORECASE,
)
_MARKS = "\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e"  # vowel signs, which are no letters
_NAME = re.compile(rf"[^\W\d_][\w{_MARKS}.'’-]*(?: [\w{_MARKS}.'’(-][\w{_MARKS}.'’)-]*){{1,5}}")
_UNSPACED_NAME = re.compile(rf"[{UNSPACED}\uac00-\ud7af]{{2,12}}")
_ONE_WORD = re.compile(r"[^\W\d_][^\W_]{4,29}")  # a pen name; shorter ones are initials
_WRITTEN_NAME = re.compile(r"(?:[A-ZÀ-Ý][\w.'’-]*|al|bin|ben|da|de|del|den|der|di|do|dos|du|el|la|le|van|von|y)(?: |$)")
_AGENCY = re.compile(
    "(?:[Tt]he )?(?:" + "|".join(f"(?i:{name})" for one in AGENCIES for name in one.names) + "|"
    + "|".join(sign for one in AGENCIES for sign in one.signs) + ")"
)  # fmt: skip


def read_authors(
    tree: Element, metas: Iterable[Element], linked: LinkedArticle, titles: Sequence[str], outlet: Outlet
) -> tuple[str, ...]:
    """People and agencies from the first source that names any: JSON-LD, <meta>, links to a person's page, bylines.

    Roles, desks and initials are none. The outlet itself is named where it alone is declared.
    """
    declared = _declared(metas)
    outlets: list[str] = []
    for source in (linked.authors, *declared.values()):
        names = _names(source, outlet, outlets)
        if names:
            more = _names(declared["author"], outlet, outlets)
            return (more if set(names) < set(more) else names)[:_MOST]
    signed = _names(_signed(tree, titles), outlet, [])
    return signed[:_MOST] or tuple(dict.fromkeys(outlets))[:1]


def _declared(metas: Iterable[Element]) -> dict[str, list[str]]:
    """What <meta> declares, by name of the field: several names may stand in tags of one name."""
    found: dict[str, list[str]] = {name: [] for name in _AUTHOR_METAS}
    for meta in metas:
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        if name in found and (content := meta.get("content")):
            found[name].append(fold_space(content[:_LONGEST]))
    return found


def _names(texts: Sequence[str], outlet: Outlet, outlets: list[str]) -> tuple[str, ...]:
    """The people and agencies in these fields; the outlet's own names go into `outlets`."""
    found: dict[str, None] = {}
    for part in (part for text in texts for part in _parts(text)):
        if _AGENCY.fullmatch(part):
            found[part] = None
        elif outlet.is_named_by(part):
            outlets += [part] if not _DESK.search(part) else []
        elif _is_person(part):
            found[part] = None
    return tuple(found)


def _parts(text: str) -> Iterator[str]:
    text = _BY.sub("", unescape(text))
    if "://" in text or len(text) > _LONGEST:
        return
    if _AGENCY.fullmatch(text.strip()):
        yield text.strip()
        return
    parts = _SPLIT.split(text)
    for part in parts:
        name = _TITLE_AFTER.sub("", _ASIDE.sub("", part).strip(" .:()"))
        for agency in _trailing_agency(name):
            name = name[: -len(agency)].strip()
        is_piece = len(parts) > 1 and name.isascii() and " " not in name  # a place, a role
        if name and "@" not in name and len(name) <= _LONGEST_NAME and (not is_piece or _AGENCY.fullmatch(name)):
            yield name


def _trailing_agency(name: str) -> Iterator[str]:
    """ "Ana Pereira The Associated Press": the agency for which someone writes."""
    words = name.split()
    for count in (3, 2):
        tail = " ".join(words[-count:])
        if len(words) >= count + 2 and _AGENCY.fullmatch(tail):
            yield tail
            return


def _is_person(name: str) -> bool:
    if any(char.isdigit() for char in name) or _ROLE.search(name):
        return False
    is_name = _NAME.fullmatch(name) or _UNSPACED_NAME.fullmatch(name)
    return bool(is_name or (_ONE_WORD.fullmatch(name) and not name.isupper() and name[:1].isupper()))


def _signed(tree: Element, titles: Sequence[str]) -> list[str]:
    """The first of the page's bylines that has a person's name; asked only where nothing is declared."""
    body = tree.find("body")
    if body is None:
        return []
    linked = [a for a in body.iter("a") if "author" in (a.get("rel") or "").lower() and not is_elsewhere(a)]
    if linked:
        return list(dict.fromkeys(line_of(a)[:_LONGEST_BYLINE] for a in linked[:_MOST]))
    beside = beside_headline(body, titles)
    pages = (e for e in beside if e.tag == "a" and _PERSONS_PAGE.search(e.get("href") or ""))
    bylines = (e for e in called(body, _BYLINE) if not _ABOUT.search((e.get("class") or "").lower()))
    marked = (e for e in body.iter("span", "a", "div", "p") if "author" in (e.get("itemprop") or "").lower())
    by_word = (e for e in beside if (found := _BY.match(line_of(e))) and found.end() > 2)
    for element in chain(islice(pages, 3), islice(marked, 3), islice(bylines, 8), islice(by_word, 3)):
        line = line_of(element)
        if 0 < len(line) <= _LONGEST_BYLINE and (name := _first_name(line)):
            return [name]
    return []


def _first_name(line: str) -> str:
    """The names a byline begins with; a place, a role or a date follows."""
    text = re.split(r"[|•·(@\d]|\s[–—-]\s|,", _DATED.sub("", _BY.sub("", line)))[0].strip()
    words = [word for part in _SPLIT.split(text) for word in part.split()]
    written = all(_WRITTEN_NAME.fullmatch(word) for word in words)
    return text if 2 <= len(words) <= 12 and written and words[0][0].isupper() else ""
