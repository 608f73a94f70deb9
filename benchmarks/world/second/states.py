"""What applications keep of their pages in scripts: rows of elements, arguments of a function, answers to requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from benchmarks.world.said import Said, Teaser

_ROW = 1_400  # characters of a row that is pushed at once


def state_values(said: Said, teasers: Sequence[Teaser]) -> dict[str, Any]:
    """Return what layouts put into their scripts, by the names they know it by."""
    return {"rows": _rows(said, teasers), "nuxt": _nuxt(said, teasers), "transfer": _transfer(said, teasers)}


def _rows(said: Said, teasers: Sequence[Teaser]) -> list[Markup]:
    """The page as rows of elements, each `["$", tag, key, properties]`, pushed in pieces that begin anywhere."""
    body = [_element("p", str(place), text, "mb-4 text-lg") for place, text in enumerate(said.dated)]
    body.insert(len(body) // 2 + 1, ["$", "$L9", "ad-1", {"slot": "inline-1", "sizes": [[300, 250]]}])
    cards = [
        ["$", "$Lb", one.href, {"children": [_element("h3", "h", one.title), _element("p", "t", one.text)]}]
        for one in teasers
    ]
    head = [_element("h1", "t", said.title), _element("time", "d", said.report.published.isoformat())]
    article = ["$", "article", None, {"className": "prose", "children": [head, ["$", "div", None, {"children": body}]]}]
    aside = ["$", "aside", None, {"children": cards}]
    rows = (
        '2:"$Sreact.fragment"\n9:I[51842,["931","static/chunks/931-0c.js"],"AdSlot"]\n'
        'b:I[20714,["931","static/chunks/931-0c.js"],"Card"]\n'
        f'0:{{"P":null,"b":"vK1","p":"","c":["","story"],"f":[["$La"]],"G":["$2",[]]}}\na:{_json([article, aside])}\n'
    )
    pieces = (rows[start : start + _ROW] for start in range(0, len(rows), _ROW))
    return [_safe(_json([1, piece])) for piece in pieces]


def _element(tag: str, key: str, text: str, classes: str = "") -> list[object]:
    return ["$", tag, key, {"className": classes, "children": text} if classes else {"children": text}]


def _nuxt(said: Said, teasers: Sequence[Teaser]) -> Markup:
    """The state as a function that is called with all its values, so that none is written twice."""
    values: list[object] = [None, False, said.title, *said.dated, *(one.title for one in teasers)]
    names = [f"a{place}" for place in range(len(values))]
    blocks = ",".join(f'{{kind:"text",body:{name}}}' for name in names[3 : 3 + len(said.dated)])
    others = ",".join(f"{{title:{name}}}" for name in names[3 + len(said.dated) :])
    state = f"{{data:[{{story:{{headline:a2,premium:a1,error:a0,blocks:[{blocks}]}},more:[{others}]}}],error:a0}}"
    call = ",".join(map(_json, values))
    return _safe(f"window.__NUXT__=(function({','.join(names)}){{return {state}}}({call}))")


def _transfer(said: Said, teasers: Sequence[Teaser]) -> Markup:
    """Answers to the requests that the server made, by their hashes."""
    html = "".join(f"<p>{Markup.escape(text)}</p>" for text in said.dated)
    story = {"id": said.report.id, "titulo": said.title, "cuerpo": html, "fecha": said.report.published.isoformat()}
    listed = [{"titulo": one.title, "bajada": one.text, "url": one.href} for one in teasers]
    answers = {
        key: {"b": body, "h": {}, "s": 200, "st": "OK", "u": f"/api/v2/{name}", "rt": "json"}
        for key, name, body in (("2713904117", "ranking", listed), ("3388120456", "nota", story))
    }
    return _safe(_json({**answers, "__nghData__": []}))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _safe(script: str) -> Markup:
    return Markup(script.replace("<", "\\u003c"))
