"""A story that a page holds for its scripts: in JSON-LD, in the data of a framework, in what a React server sent.

Only asked where the page itself shows little. Whoever wrote the data named its fields as they liked, so a story is told
by what it is: the longest run of sentences in one field or one list, under a title that is the page's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from typing import Any

from worker.pages.main_text.script_values import load_json, read_values
from worker.pages.tree.block_reader import read_blocks
from worker.pages.tree.blocks import letters
from worker.pages.tree.spacing import ends_sentence
from worker.pages.tree.tree import Element, parse_page

_MOST_BYTES = 3_000_000
_MOST_NODES = 100_000
_DEEPEST = 60
_SHORTEST = 80  # letters of a field that says it is the article's body
_SHORTEST_UNNAMED = 250
_SHORTEST_PARAGRAPH = 30
_MOST_LINKED = 0.8
_LONGEST = 300_000  # characters of one field
_SIGNS = ("__next_f.push", '={"', '= {"', '=[{"', '= [{"')
_WORD_COUNT = re.compile(r'"wordCount"\s*:\s*"?(\d{1,6})\b')
_BODY_KEYS = re.compile(
    r"^(?:article|post|story|full|main|content|raw|html)?_?-?(?:body|content|rendered|text|html|copy|story|markup)"
    r"(?:_?-?(?:html|text|raw|rendered|value|elements?|blocks?|components?|paragraphs?|nodes?))?$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"related|recommend|trending|popular|latest|comment|teaser|sidebar|footer|header|nav|menu|promo|newsletter"
    r"|consent|cookie|privacy|config"
    r"|i18n|locale|translation|messages|author|bio|caption|seo|meta$|advert|ads$|mostread|next(?:article|post)"
    r"|prev|more",
    re.IGNORECASE,
)
_TITLES = ("headline", "headlines", "title", "name")
# Elements of a body that are none of the story's paragraphs, by their type.
_NO_PARAGRAPH = re.compile(
    r"link|image|photo|picture|video|audio|gallery|embed|social|divider|correction", re.IGNORECASE
)
_TAGS = re.compile(r"<(?:p|div|br|h[1-6]|li|blockquote|ul|section)\b[^>]*>", re.IGNORECASE)
_SHOWN = frozenset(
    [
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "a", "b", "strong", "i", "em",
        "article", "main", "section", "div", "figure", "figcaption", "nav", "header", "footer", "aside", "table",
        "tr", "td", "th", "br", "span",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """A run of text in the data: its lines, whether its title is the page's (None: it has none), how it is named."""

    lines: tuple[str, ...]
    own: bool | None
    named: bool

    @property
    def size(self) -> int:
        return sum(len(line) for line in self.lines)


def data_scripts(tree: Element) -> list[tuple[str, str]]:
    """(type, text) of the scripts that may hold data; to be taken before the tree loses its scripts."""
    return [
        ((script.get("type") or "").lower(), text)
        for script in tree.iter("script")
        if (text := script.text) and 20 < len(text) <= _MOST_BYTES
    ]


def _holds_data(kind: str, text: str) -> bool:
    return "json" in kind or any(sign in text for sign in _SIGNS)


def stated_words(scripts: Sequence[tuple[str, str]]) -> int:
    """The `wordCount` of the page's JSON-LD; 0 where there is none, or several that differ: neighbours have theirs."""
    found = {int(count) for kind, text in scripts if "ld+json" in kind for count in _WORD_COUNT.findall(text)}
    return found.pop() if len(found) == 1 else 0


def script_story(
    scripts: Sequence[tuple[str, str]], titles: Collection[str], *, linked_only: bool = False
) -> list[str]:
    """Lines of the story that the scripts hold; none where they hold none. `linked_only` asks the JSON-LD alone."""
    keys = {letters(title) for title in titles} - {""}
    linked = [text for kind, text in scripts if "ld+json" in kind]
    found = [one for text in linked for one in _runs(load_json(text), keys, linked=True)]
    if not found and not linked_only:
        data = [text for kind, text in scripts if "ld+json" not in kind and _holds_data(kind, text)]
        found = [one for tree in read_values(data) for one in _runs(tree, keys, linked=False)]
    own = [one for one in found if one.own] or [one for one in found if one.own is None]
    own = own or [one for one in found if one.named and len(found) == 1]
    best = max(own, key=lambda one: (one.named, one.size), default=None)
    return list(best.lines) if best is not None else []


def _runs(tree: Any, titles: set[str], *, linked: bool) -> Iterator[_Found]:
    """Runs of text in the tree, each with the title nearest above it."""
    todo: list[tuple[Any, str, bool | None, int]] = [(tree, "", None, 0)]
    for _ in range(_MOST_NODES):
        if not todo:
            return
        node, key, own, depth = todo.pop()
        if isinstance(node, dict):
            own = _is_own(node, titles, own)
            if linked and isinstance(node.get("liveBlogUpdate"), list):
                yield _Found(tuple(_updates(node["liveBlogUpdate"])), own, named=True)
                continue
            below = [(value, name, own, depth + 1) for name, value in node.items() if not _is_others(name)]
        elif isinstance(node, list):
            yield from _listed(node, key, own, linked=linked)
            below = [(value, key, own, depth + 1) for value in node if isinstance(value, dict | list)]
        else:
            yield from _told(node, key, own, linked=linked)
            continue
        if depth < _DEEPEST:
            todo.extend(reversed(below))


@lru_cache(maxsize=2048)
def _is_others(name: str) -> bool:
    return _OTHERS.search(name) is not None


def _is_own(node: dict[str, Any], titles: set[str], above: bool | None) -> bool | None:
    said = [letters(title) for name in _TITLES if name in node and (title := _plain(node[name]))]
    said = [key for key in said if len(key) >= 12]
    if not said:
        return above
    return any(key.startswith(title) or title.startswith(key) for key in said for title in titles if len(title) >= 12)


def _plain(title: Any) -> str:
    """A title, also where it is an object with its text in it."""
    if isinstance(title, dict):
        title = next((title[name] for name in ("rendered", "text", "plain", "basic") if title.get(name)), "")
    return unescape(title) if isinstance(title, str) else ""


def _told(value: Any, key: str, own: bool | None, *, linked: bool) -> Iterator[_Found]:
    """A field that is a story by its name or its length."""
    if not isinstance(value, str) or len(value) < _SHORTEST:
        return
    named = key == "articleBody" if linked else _BODY_KEYS.match(key) is not None
    if linked and not named:
        return
    lines = _lines_of(value[:_LONGEST])
    told = [line for line in lines if _is_sentence(line)]
    size = sum(map(len, told))
    if size >= (_SHORTEST if linked else _SHORTEST_UNNAMED) and (named or len(told) > 1):
        yield _Found(tuple(lines), own, named)


def _listed(node: list[Any], key: str, own: bool | None, *, linked: bool) -> Iterator[_Found]:
    """A list of paragraphs, each a string or an object with one; or what a React element shows."""
    if linked:
        return
    if node[:1] == ["$"] and len(node) == 4:
        if node[1] in ("article", "main"):
            lines = _lines_of(_shown(node, 0))
            if sum(len(line) for line in lines if _is_sentence(line)) >= _SHORTEST_UNNAMED:
                yield _Found(tuple(lines), own, named=node[1] == "article")
            return
        node = [node]
    parts = [part for item in node[:2_000] if (part := _paragraph(item))]
    told = [part for part in parts if _is_sentence(part)]
    if len(told) > 1 and sum(map(len, told)) >= _SHORTEST_UNNAMED and len(told) * 2 >= len(node):
        yield _Found(tuple(parts), own, named=_BODY_KEYS.match(key) is not None)


def _paragraph(item: Any) -> str:
    """What an item of a list of paragraphs says."""
    if isinstance(item, str):
        return " ".join(_lines_of(item))
    if isinstance(item, list):
        return " ".join(_lines_of(_shown(item, 0))) if item[:1] == ["$"] else ""
    if not isinstance(item, dict) or _is_none_of_the_story(item):
        return ""
    for name in ("text", "content", "value", "html", "paragraph", "children", "body", "data"):
        value = item.get(name)
        if isinstance(value, str) and value.strip():
            return " ".join(_lines_of(value))
        if isinstance(value, list):
            said = "".join(_span(part) for part in value)
            if said.strip():
                return " ".join(said.split())
        if isinstance(value, dict) and (said := _paragraph(value)):
            return said
    return ""


def _is_none_of_the_story(item: dict[str, Any]) -> bool:
    """Whether an element of a body is a link, a picture or the like, or a teaser, which has a title of its own."""
    kind = str(item.get("type") or item.get("_type") or "")
    if _OTHERS.search(kind) or _NO_PARAGRAPH.search(kind):
        return True
    return any(len(_plain(item.get(name))) >= 12 for name in _TITLES)


def _span(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, dict):
        value = next((part[name] for name in ("text", "value", "content", "children") if name in part), "")
        return "".join(map(_span, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
    return ""


def _shown(node: Any, depth: int) -> str:
    """HTML of what a React element shows."""
    if depth > _DEEPEST:
        return ""
    if isinstance(node, str):
        return "" if node.startswith("$") else escape(node)
    if isinstance(node, list):
        if node[:1] == ["$"] and len(node) == 4 and isinstance(node[3], dict):
            inner = _shown(node[3].get("children"), depth + 1) + _raw(node[3])
            return f"<{node[1]}>{inner}</{node[1]}>" if node[1] in _SHOWN else inner
        return "".join(_shown(part, depth + 1) for part in node)
    return ""


def _raw(props: dict[str, Any]) -> str:
    inner = props.get("dangerouslySetInnerHTML")
    html = inner.get("__html") if isinstance(inner, dict) else ""
    return html if isinstance(html, str) and not html.startswith("$") else ""


def _updates(updates: Sequence[Any]) -> Iterator[str]:
    for update in updates[:500]:
        if isinstance(update, dict):
            for name in ("headline", "articleBody"):
                if isinstance(update.get(name), str):
                    yield from _lines_of(update[name])


def _lines_of(value: str) -> list[str]:
    """A field's lines, out of HTML, out of HTML that was escaped, or as they are."""
    if "&lt;" in value or ("&" in value and not _TAGS.search(value)):
        value = unescape(value)
    if not re.search(r"<[a-zA-Z/!]", value):
        return [line.strip() for line in value.split("\n") if line.strip()]
    tree, _ = parse_page(f"<div>{value}</div>")
    if tree is None:
        return []
    blocks = read_blocks(tree)
    return [each.text for each in blocks if each.link_share <= _MOST_LINKED and each.place.tag != "figcaption"]


def _is_sentence(line: str) -> bool:
    return len(line) >= _SHORTEST_PARAGRAPH and ends_sentence(line.rstrip())
