"""Text without boilerplate, and an account of every line that was taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from worker.pages.article import CleanText, RemovedLine, SiteProfile
from worker.pages.boilerplate.bylines import is_byline
from worker.pages.boilerplate.headline import Headlines, is_headline, read_headlines
from worker.pages.boilerplate.inline_prompts import cut_prompts, find_talk
from worker.pages.boilerplate.rankings import find_rankings
from worker.pages.boilerplate.repetition import find_repeats
from worker.pages.boilerplate.rules import Rule, matching_rule
from worker.pages.boilerplate.signature import find_signature
from worker.pages.boilerplate.teaser import LaterLines, cut_teaser
from worker.pages.tree.blocks import letters
from worker.pages.tree.spacing import ends_sentence, fold_space

LEARNED = "learned"
"""The rule of lines that recur on a site's pages."""

TEASER = "neighbour"
"""The rule of lines that tell of the site's other articles."""

# A heading of pointers stands alone or ends in a colon; what it points to follows on lines of its own.
_POINTERS_FOLLOW = re.compile(r"(?:[:»>|]|^\W*(?:\w+\W+){0,3}\w+)\W*$")
_MOST_POINTERS = 12
_LONGEST_POINTER = 120
# Only the first lines can be the headline said again in other words, or a teaser.
_OPENING_LINES = 8
_OPENING_PARAGRAPHS = 3  # deck, lead and one more; past them the story is being told
_PARAGRAPH = 80
_MOST_DATES = 4  # an article's own stand at its head, its foot, and under a picture


def strip_boilerplate(text: str, *, title: str | None = None, site: SiteProfile | None = None) -> CleanText:
    """`text` without boilerplate lines; paragraphs of the result are apart by one blank line.

    Works on plain text (a feed's body, an archive): each line is judged by the rules of `rules.toml`, as a
    repetition of the headline or of an earlier line, and as a teaser cut off in mid-sentence. Lines
    of `site.boilerplate` (as made by `normalize_line`) go first, by the rule "learned"; so do `site.teasers`.
    """
    return clean_lines(text.split("\n"), titles=(title,) if title else (), site=site)


def normalize_line(line: str) -> str:
    """The form in which lines of a site are compared and remembered: letters and digits, lower case."""
    return letters(line)


def clean_lines(
    lines: Sequence[str],
    *,
    titles: Sequence[str] = (),
    site: SiteProfile | None = None,
    verdicts: Mapping[int, str] | None = None,
    authors: Sequence[str] = (),
    outlet: str = "",
) -> CleanText:
    """As `strip_boilerplate`, for lines already apart; `verdicts` names lines condemned by the markup.

    `authors` and `outlet` are names the page states: notes on them at the end of the text are recognised by these.
    """
    folded = [fold_space(line) for line in lines]
    rules = _judge(
        folded, read_headlines(titles), site, dict(verdicts or {}), partial(is_byline, authors=authors, outlet=outlet)
    )
    rules |= find_signature(folded, rules, authors, outlet)
    later, talk = LaterLines(folded), find_talk(folded)
    kept: list[str] = []
    removed: list[RemovedLine] = []
    for number, line in enumerate(folded):
        if number in rules:
            removed.append(RemovedLine(line, rules[number]))
            continue
        told, prompts = cut_prompts(line) if number in talk else (line, [])
        removed += prompts
        if told:
            opening, last = len(kept) < _OPENING_LINES, number + 1 >= len(folded)
            rest, cut = cut_teaser(told, later, number, opening=opening, last=last)
            if cut:
                removed.append(RemovedLine(cut, "cut-off-teaser"))
            if rest:
                kept.append(rest)
    return CleanText("\n\n".join(kept), tuple(removed))


def _judge(
    lines: Sequence[str],
    titles: Headlines,
    site: SiteProfile | None,
    verdicts: dict[int, str],
    signs: Callable[[str], bool],
) -> dict[int, str]:
    """Line number → name of the rule that takes it out; `signs` says whether an opening line is a byline."""
    known = dict.fromkeys(site.boilerplate, LEARNED) | dict.fromkeys(site.teasers, TEASER) if site is not None else {}
    pointers = shown = told = 0
    for number, line in enumerate(lines):
        if not line:
            continue
        shown += 1
        opening = shown <= _OPENING_LINES and told < _OPENING_PARAGRAPHS
        rule = _rule_of(line, verdicts.get(number), titles, known, opening=opening)
        if not rule and opening and signs(line):
            rule = "byline"
        if rule == "headline" and not told and shown <= _OPENING_LINES:
            verdicts |= {
                each: "masthead" for each in range(number) if lines[each] and not ends_sentence(lines[each])
            } | verdicts
        if rule:
            verdicts[number] = rule
            pointers = _MOST_POINTERS if rule == "read-also" and _POINTERS_FOLLOW.search(line) else pointers
        elif pointers and len(line) <= _LONGEST_POINTER and not ends_sentence(line):
            verdicts[number] = "read-also"
            pointers -= 1
        else:
            pointers = 0
            told += len(line) >= _PARAGRAPH and ends_sentence(line)
    _spare_own_form(verdicts)
    verdicts |= find_rankings(lines, verdicts)
    for number, rule in find_repeats(lines, verdicts).items():
        verdicts.setdefault(number, rule)
    return verdicts


def _spare_own_form(verdicts: dict[int, str]) -> None:
    """Dates over and over are a chronicle's or a calendar's own: then none of them goes."""
    dates = [number for number, rule in verdicts.items() if rule == "timestamp"]
    if len(dates) > _MOST_DATES:
        for number in dates:
            del verdicts[number]


def _rule_of(line: str, verdict: str | None, titles: Headlines, known: Mapping[str, str], *, opening: bool) -> str:
    if verdict:
        return verdict
    if known and (rule_of_site := known.get(normalize_line(line))):
        return rule_of_site
    if titles.whole and is_headline(line, titles, opening=opening):
        return "headline"
    rule: Rule | None = matching_rule(line)
    return rule.name if rule is not None else ""
