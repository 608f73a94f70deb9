"""Hands: who made the pages, the feeds and the lines of a world, so that one set can check what another taught."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hand:
    """A set of layouts (of whole pages; posts and walls have their own), feeds and lines of furniture.

    `package` has its `furniture.toml` and its `layouts`; what is not there is had from `benchmarks.world`. Feeds in
    `thin` say nothing but the headline, so that behind them the page must be had; those in `full` have the whole text,
    and those in `redirecting` lead over a page that counts clicks. Of the lines an outlet has one of each in `lines`,
    all of each in `lists`, of which those in `counted` belong to no story, and one set of each in `notices`.
    """

    name: str
    package: str
    layouts: tuple[str, ...]
    feeds: tuple[str, ...]
    thin: frozenset[str]
    full: frozenset[str]
    redirecting: frozenset[str]
    lines: tuple[str, ...]
    lists: tuple[str, ...]
    counted: tuple[str, ...]
    notices: tuple[str, ...]
