"""The outlets: who publishes, in which layout, by which kind of feed, and how their servers treat visitors."""

from __future__ import annotations

import random
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from benchmarks.world.hands import Hand
from benchmarks.world.second import SECOND

LAYOUTS = (
    "blog", "teasers", "boxes", "lists", "consented", "shell", "linked", "live", "tables", "comments", "folded",
    "broadcaster", "divs", "brief", "stream", "content_hub", "flat_state", "endless", "takeaways", "gallery", "mobile",
    "parts", "builder", "letter", "ticker",
)  # fmt: skip
"""Layouts of whole pages; posts and walls have their own."""

FEEDS = (
    "rss", "rss_full", "rss_bare", "rss_captions", "rss_odd", "atom", "atom_full", "json", "sitemap", "rdf",
    "redirector", "relative", "rss_excerpt", "rss_marked", "rss_dirty", "json_text", "atom_xhtml",
)  # fmt: skip
"""Kinds of feeds; those of `THIN` say nothing but the headline, so that behind them the page must be had."""
THIN = frozenset({"rss_bare", "sitemap"})

FIRST = Hand(
    name="first",
    package=__package__,
    layouts=LAYOUTS,
    feeds=FEEDS,
    thin=THIN,
    full=frozenset({"rss_full", "atom_full", "posts"}),
    redirecting=frozenset({"redirector"}),
    lines=(
        "skip", "also", "more", "promo", "inline", "share", "tags", "rights", "bio", "open", "caption", "updated",
        "points", "machine", "listen", "poll", "follow",
    ),
    lists=("nav", "buttons", "said", "answered", "closed", "evergreen", "bylines", "captions"),
    counted=("answered", "evergreen", "captions"),
    notices=("consent", "wall", "robot", "region", "adblock", "letter"),
)  # fmt: skip
HANDS = {hand.name: hand for hand in (FIRST, SECOND)}


@dataclass(frozen=True, slots=True)
class Outlet:
    """`lines` are its own words on every page by what they are; `answers` the share of pages that are walls."""

    key: str
    name: str
    language: str
    layout: str
    feed: str
    lines: Mapping[str, Any]
    habit: str = ""
    hand: Hand = FIRST
    posts: bool = False
    agency: bool = False
    answers: Mapping[str, float] = field(default_factory=dict)

    @property
    def host(self) -> str:
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return f"{'-'.join(re.findall(r'[a-z0-9]+', plain))}.example"

    @property
    def charset(self) -> str:
        return "iso-8859-1" if self.habit == "latin" else "utf-8"

    @property
    def furniture(self) -> list[str]:
        """Return the lines that belong to no story: of five words and more, so that none is said by chance."""
        singles = [self.lines[name] for name in self.hand.lines]
        many = [line for name in (*self.hand.notices, *self.hand.counted) for line in self.lines[name]]
        fixed = (line.rpartition("}")[2].strip() for line in (*singles, *many))  # behind a name that each page fills in
        return [line for line in fixed if len(line.split()) >= 5]


def draw_outlets(rng: random.Random, hand: Hand = FIRST) -> list[Outlet]:
    """Return all outlets with the layouts, feeds and lines that this world deals them."""
    said = _load("furniture.toml", hand.package)
    layouts, kinds = _dealt(rng, hand.layouts), _dealt(rng, hand.feeds)
    found = []
    for number, row in enumerate(_load("outlets.toml")["outlet"]):
        feed = "posts" if row.get("posts") else next(kinds)
        while row.get("answers") and feed in hand.thin:
            feed = next(kinds)
        layout = "post" if row.get("posts") else next(layouts)
        lines = _own_lines(rng, hand, said[row["language"]], row["name"])
        found.append(Outlet(key=f"o{number}", layout=layout, feed=feed, lines=lines, hand=hand, **row))
    return found


def _dealt(rng: random.Random, kinds: tuple[str, ...]) -> Any:
    """Yield kinds in an order of chance, each once before any comes again."""
    while True:
        yield from rng.sample(kinds, len(kinds))


def _own_lines(rng: random.Random, hand: Hand, said: Mapping[str, list[Any]], outlet: str) -> dict[str, Any]:
    one = {name: rng.choice(said[name]) for name in hand.lines}
    many = {name: rng.sample(said[name], len(said[name])) for name in hand.lists}
    named = {**one, **many, **{name: rng.choice(said[name]) for name in hand.notices}}
    return {name: _with_name(lines, outlet) for name, lines in named.items()}


def _with_name(lines: str | list[str], outlet: str) -> str | list[str]:
    if isinstance(lines, str):
        return lines.replace("{outlet}", outlet)
    return [line.replace("{outlet}", outlet) for line in lines]


def _load(name: str, package: str = __package__) -> dict[str, Any]:
    return tomllib.loads(files(package).joinpath(name).read_text("utf-8"))
