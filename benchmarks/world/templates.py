"""Pages: a report in its outlet's layout, with everything that stands around it there."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from benchmarks.world.outlets import Outlet
from benchmarks.world.said import Said, Teaser
from benchmarks.world.script_data import script_values
from benchmarks.world.second.letters import FILTERS
from benchmarks.world.second.states import state_values
from benchmarks.world.truth import Answer

_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
}  # fmt: skip
_BY = {"en": ("By", "by", "BY", "Words:"), "es": ("Por", "POR", "Por:", "Texto:")}
_HANDLES = ("oldhand", "luz_77", "Prairie Dog", "mesa4ever", "R. Ochoa")
_STUB = 45  # words


def render_page(outlet: Outlet, said: Said, url: str, home: str, teasers: Sequence[Teaser]) -> str:
    """Return the page's HTML: the report in its layout, or the wall that stands before it."""
    rng = random.Random(f"{said.report.id}{outlet.key}")
    layout = outlet.layout if said.report.answer is Answer.PAGE else said.report.answer.value
    if layout == outlet.layout and not outlet.posts and said.report.piece.words <= 60 and rng.random() < 0.3:
        layout = "brief"
    page = _page(rng, outlet, said, url, home, teasers)
    return _environment(outlet.hand.package).get_template(f"{layout}.html.jinja").render(p=page)


def _page(
    rng: random.Random, outlet: Outlet, said: Said, url: str, home: str, teasers: Sequence[Teaser]
) -> dict[str, Any]:
    lines, at, paragraphs = outlet.lines, said.report.published, said.dated
    byline = rng.choice(lines["bylines"])
    evergreen = [Teaser(title, f"{home}/guide/{number}") for number, title in enumerate(lines["evergreen"][:5])]
    around = list(teasers) + evergreen[: max(0, 6 - len(teasers))]
    return {
        **lines, "language": outlet.language, "charset": outlet.charset, "outlet": outlet.name, "url": url,
        "title": said.title, "paragraphs": paragraphs, "middle": max(1, (len(paragraphs) + 1) // 2),
        "standfirst": _first_sentence(said) if len(paragraphs) > 2 else "", "summary": said.summary,
        "stub": " ".join(" ".join(paragraphs).split()[:_STUB]) + " …", "teasers": around, "evergreen": evergreen,
        "byline": byline, "by": rng.choice(_BY[outlet.language]), "bio": lines["bio"].replace("{byline}", byline),
        "number": sum(map(ord, outlet.key)), "comments": _comments(rng, lines),
        "iso": at.isoformat(), "short_date": f"{at:%d/%m/%Y %H:%M}",
        "long_date": _long_date(outlet.language, at), "handles": _HANDLES,
        "hours": [f"{at - timedelta(minutes=25 * step):%H:%M}" for step in range(6)],
        **script_values(rng, said, url, byline, around), **state_values(said, around),
    }  # fmt: skip


def _comments(rng: random.Random, lines: Mapping[str, Any]) -> list[str]:
    """Return what readers wrote: of a few thoughts, in combinations that hardly come twice."""
    parts = ("said", "answered", "answered", "closed")
    return [" ".join(rng.choice(lines[part]) for part in parts) for _ in range(rng.randint(3, 7))]


def _first_sentence(said: Said) -> str:
    return said.paragraphs[0].split(". ")[0].rstrip(".") + "."


def _long_date(language: str, at: datetime) -> str:
    month = _MONTHS[language][at.month - 1]
    return f"{at.day} de {month} de {at.year}" if language == "es" else f"{month} {at.day}, {at.year}"


@cache
def _environment(package: str) -> Environment:
    loader = ChoiceLoader([PackageLoader(package, "layouts"), PackageLoader(__package__, "layouts")])
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= FILTERS
    return environment
