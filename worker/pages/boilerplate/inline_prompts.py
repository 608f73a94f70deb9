"""Prompts within a paragraph: "Subscribe to our newsletter" between two sentences of the story, or a paragraph that is
nothing but such talk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from worker.pages.article import RemovedLine
from worker.pages.boilerplate.prompts import QUOTED
from worker.pages.boilerplate.rules import matching_rule
from worker.pages.tree.blocks import letters
from worker.text.literals import Screen, lower
from worker.text.sentences import split_sentences
from worker.text.wordings import SiteWording, site_wordings

# Rules whose lines are nobody's sentences, wherever they stand.
_RULES = ("newsletter-prompt", "follow-us", "subscription-notice", "donation-appeal", "cookie-notice", "listen")
_BY_SENSE = "reader-prompt"  # of which a story may have a sentence, but no paragraph that only speaks to the reader
# What such a sentence has in any of our languages; a paragraph without it is not taken apart.
_TRACES = (
    "newsletter", "bolet", "suscri", "suscr[íi]b", "subscri", "sign[- ]?up", "whats ?app", "telegram", "google n",
    "abonn", r"\bassin", "inscr", "postfach", "inbox", "correo", "e-?mail", "your phone", "tu tel[ée]fono",
    "tu celular", "ap[úu]ntate", "our app", "la app", "nossa? app", "aplica[tc]", r"\bapp\b", "s[íi]gue",
    r"follow(?!ing|ed|s\b|-)", "siga", "suivez", "folgen", "donat", "doaç", r"spend(?:e|en sie)\b", "faites un don",
)  # fmt: skip
_MAY_HAVE_TRACE = tuple((Screen([trace]), re.compile(trace, re.IGNORECASE)) for trace in _TRACES)
_BETWEEN = (". ", "! ", "? ")  # what stands between two of them
_LEAST_LEFT = 0.4  # of the line's letters; with less the rest was said around the prompt
_LONGEST_PROMOTION = 450  # characters


@dataclass(frozen=True, slots=True)
class _Talk:
    """How one language speaks to its reader, of the outlet itself, and by which words it reports."""

    spoken: re.Pattern[str]
    outlet: re.Pattern[str]
    reporting: re.Pattern[str]

    @classmethod
    def of(cls, wording: SiteWording) -> _Talk:
        opening = "|".join((*wording.openers, *wording.owned))
        addresses, reporting = "|".join((*wording.readers, *wording.outlets)), "|".join(wording.reporting)
        return cls(
            re.compile(rf"(?:{opening})|.*\b(?:{addresses})\b|.*\?\W*$", re.IGNORECASE),
            re.compile(rf"\b(?:{'|'.join(wording.outlets)})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{reporting})\b", re.IGNORECASE),
        )

    def is_all_of(self, sentences: Sequence[str]) -> bool:
        """Whether all of them speak to the reader, one of the outlet, and none reports."""
        return any(map(self.outlet.search, sentences)) and all(
            self.spoken.match(each) and not self.reporting.search(each) for each in sentences
        )


@cache
def _talks() -> tuple[_Talk, ...]:
    return tuple(map(_Talk.of, site_wordings()))


def find_talk(lines: Sequence[str]) -> frozenset[int]:
    """Numbers of the lines that hold something of what prompts are about: the others need not be taken apart."""
    several = {number: lower(line) for number, line in enumerate(lines) if any(map(line.__contains__, _BETWEEN))}
    whole = "\n".join(several.values())
    likely = [(screen, trace) for screen, trace in _MAY_HAVE_TRACE if screen.passes(whole)]
    return frozenset(
        number
        for number, line in several.items()
        if any(screen.passes(line) and trace.search(line) for screen, trace in likely)
    )


def cut_prompts(line: str) -> tuple[str, list[RemovedLine]]:
    """(what stays, what goes) of a line of several sentences; (line, []) where none of them is a prompt."""
    if len(sentences := split_sentences(line)) < 2:
        return line, []
    rules = [_rule_of(sentence) for sentence in sentences]
    if not any(rules):
        return line, []
    if _is_promotion(line, sentences):
        return "", [RemovedLine(line, next(filter(None, rules)))]
    rules = [rule if rule in _RULES else "" for rule in rules]
    if not any(rules):
        return line, []
    rest = " ".join(sentence for sentence, rule in zip(sentences, rules, strict=True) if not rule)
    if len(letters(rest)) < len(letters(line)) * _LEAST_LEFT:
        return "", [RemovedLine(line, next(filter(None, rules)))]
    return rest, [RemovedLine(sentence, rule) for sentence, rule in zip(sentences, rules, strict=True) if rule]


def _is_promotion(line: str, sentences: Sequence[str]) -> bool:
    """Whether a line with a prompt speaks to the reader in every sentence, and reports and quotes nothing."""
    if len(line) > _LONGEST_PROMOTION or QUOTED.search(line):
        return False
    return any(talk.is_all_of(sentences) for talk in _talks())


def _rule_of(sentence: str) -> str:
    if QUOTED.search(sentence):
        return ""
    rule = matching_rule(sentence)
    return rule.name if rule is not None and rule.name in (*_RULES, _BY_SENSE) else ""
