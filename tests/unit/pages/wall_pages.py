"""Pages for walls and for stories that speak of the same things: the lists of tests/golden/pages/walls, in many shapes.

Each list was written before the rules, and only the first halves were looked at while the rules were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

_GOLDEN = Path(__file__).parents[2] / "golden" / "pages" / "walls"
_HEAD = '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{meta}</head><body>'
_NAV = (
    '<header><a href="/">The Norr Courier</a><nav><a href="/a">News</a><a href="/b">Sport</a><a href="/c">Culture</a>'
    '<a href="/d">Weather</a><a href="/e">Letters</a></nav></header>'
)
_FOOT = '<footer><a href="/imprint">Imprint</a> <a href="/contact">Contact</a></footer>'
_TYPE = '<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
_LINKED = (
    '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{title}",'
    '"datePublished":"2026-03-04T08:00:00Z"}}</script>'
)


@dataclass(frozen=True, slots=True)
class WallPage:
    """`kind` is that of the wall, "" for a story."""

    kind: str
    language: str
    shape: str
    title: str
    lines: tuple[str, ...]

    def html(self) -> bytes:
        """The page as a server would send it."""
        lines = [escape(line) for line in self.lines]
        paragraphs = "".join(f"<p>{line}</p>" for line in lines)
        title = escape(self.title)
        meta = {"article": _TYPE, "dated": _TYPE + _LINKED}.get(self.shape, "").format(title=title)
        body = {
            "plain": f"<h1>{title}</h1>{paragraphs}",
            "divs": "<div class=a1><div class=b7>" + "".join(f"<div>{line}</div>" for line in lines) + "</div></div>",
            "br": f"<div><b>{title}</b><br>{'<br>'.join(lines)}</div>",
            "article": f"{_NAV}<main><article><h1>{title}</h1>{paragraphs}</article></main>{_FOOT}",
            "dated": f"{_NAV}<main><article><h1>{title}</h1>{paragraphs}</article></main>{_FOOT}",
            "framed": f"{_NAV}<main><h1>{title}</h1>{paragraphs}</main>{_FOOT}",
            "layer": f'{_NAV}<div class="zz-box" role="dialog"><h2>{title}</h2>{paragraphs}</div>{_FOOT}',
            "form": f'<form action="/go"><h1>{title}</h1>{paragraphs}<input name="q"><button>OK</button></form>',
            "noscript": f'<div id="root"></div><noscript>{" ".join(lines)}</noscript><script src="/a.js"></script>',
        }[self.shape]
        return (_HEAD.format(language=self.language, title=title, meta=meta) + body + "</body></html>").encode()


def wall_pages(half: str) -> list[WallPage]:
    """Walls of the "first" or "second" half."""
    return [WallPage(*row[:4], lines=tuple(row[4].split(" / "))) for row in _rows(f"{half}.txt")]


def story_pages(half: str) -> list[WallPage]:
    """Stories of the "first" or "second" half that look like walls, or are as short."""
    return [WallPage("", *row[:3], lines=tuple(row[3].split(" / "))) for row in _rows(f"stories_{half}.txt")]


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_GOLDEN / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split(" | ")
