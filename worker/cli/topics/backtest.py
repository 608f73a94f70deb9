"""`storywatch topics test --since` and `--archive`: what a topic would have found, as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from worker.cli.terminal import say, write_table

if TYPE_CHECKING:
    from worker.topics.backtest import BacktestResult, Headline, TermHits

_SHOWN_TERMS = 25
_SHOWN_DAYS = 31
_FIELDS = ("title:", "lead:", "body:")


def show_backtest(found: BacktestResult) -> None:
    """Print the report for people."""
    days = len(found.days)
    say(f"{found.articles} articles on {days} days: {found.hits} hits, {found.hits / max(1, days):.1f} a day")
    rows = [(str(day.day), str(day.articles), str(day.hits), str(day.before)) for day in found.days[-_SHOWN_DAYS:]]
    width = 4 if found.compared else 3
    _table("Hits a day", ("day", "articles", "hits", "in use")[:width], [row[:width] for row in rows])
    if found.compared:
        say(f"Against the version in use: {found.gained} gained, {found.lost} lost")
        _headlines("Gained", found.gained_sample)
        _headlines("Lost", found.lost_sample)
    else:
        _headlines("The surest hits", found.hit_sample)
    _headlines("Near misses", found.near_misses)
    _terms(found.terms)
    _silent([term.term for term in found.silent_terms])


def _headlines(title: str, headlines: Sequence[Headline]) -> None:
    if not headlines:
        return
    rows = [
        (_score(each.score), _score(each.before), str(each.article_id), str(each.day), each.title[:90])
        for each in headlines
    ]
    _table(title, ("score", "in use", "article", "day", "headline"), rows)


def _terms(terms: Sequence[TermHits]) -> None:
    ranked = sorted(terms, key=lambda term: (-term.alone, -term.averted, -term.hits, -term.articles))
    telling = [term for term in ranked if term.articles]
    rows = [
        (term.term, term.part, str(term.articles), str(term.hits), str(term.alone), str(term.averted))
        for term in telling[:_SHOWN_TERMS]
    ]
    write_table(
        ("term", "in", "articles", "hits", "lost without", "kept out"), rows, title="What each term contributes"
    )
    if len(telling) > _SHOWN_TERMS:
        say(f"and {len(telling) - _SHOWN_TERMS} more terms (--json has all)")


def _silent(terms: Sequence[str]) -> None:
    """Name the terms without a hit, of which a wrong letter may be the reason; a field alone is none."""
    anywhere = list(dict.fromkeys(term for term in terms if not term.startswith(_FIELDS)))
    if anywhere:
        say("\nIn no article: " + ", ".join(anywhere))
    if rest := len(set(terms)) - len(anywhere):
        say(f"In no article in the field asked for: {rest} more (--json has all)")


def _table(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    say(f"\n{title}")
    write_table(headers, rows)


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
