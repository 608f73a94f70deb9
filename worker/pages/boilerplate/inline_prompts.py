"""Prompts that stand as sentences within a paragraph of the story: "Subscribe to our newsletter" between two others."""

from __future__ import annotations

import re

from worker.pages.article import RemovedLine
from worker.pages.boilerplate.rules import matching_rule
from worker.pages.tree.blocks import letters
from worker.text.literals import Screen, lower

# Rules whose lines are nobody's sentences, wherever they stand.
_RULES = ("newsletter-prompt", "follow-us", "subscription-notice", "cookie-notice", "listen")
# What such a sentence has in any of our languages; a paragraph without it is not taken apart.
_TRACE = re.compile(
    r"newsletter|bolet|suscri|suscr[íi]b|subscri|sign[- ]?up|whats ?app|telegram|google n|abonn|assin|inscr|postfach"
    r"|inbox"
    r"|correo|e-?mail|your phone|our app|la app|nossa? app|aplica[tc]|\bapp\b|s[íi]gue|follow|siga|suivez|folgen",
    re.IGNORECASE,
)
_MAY_HAVE_TRACE = Screen([_TRACE.pattern])
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[¿¡“«\"]?[A-ZÀ-Ý])")
_QUOTED = re.compile(r"[“”„«»\"]")
_LEAST_LEFT = 0.4  # of the line's letters; with less the rest was said around the prompt


def cut_prompts(line: str) -> tuple[str, list[RemovedLine]]:
    """(what stays, what goes) of a line of several sentences; (line, []) where none of them is a prompt."""
    if not (_MAY_HAVE_TRACE.passes(lower(line)) and _TRACE.search(line)):
        return line, []
    if len(sentences := _SENTENCES.split(line)) < 2:
        return line, []
    rules = [_rule_of(sentence) for sentence in sentences]
    if not any(rules):
        return line, []
    rest = " ".join(sentence for sentence, rule in zip(sentences, rules, strict=True) if not rule)
    if len(letters(rest)) < len(letters(line)) * _LEAST_LEFT:
        return "", [RemovedLine(line, next(filter(None, rules)))]
    return rest, [RemovedLine(sentence, rule) for sentence, rule in zip(sentences, rules, strict=True) if rule]


def _rule_of(sentence: str) -> str:
    if _QUOTED.search(sentence):
        return ""
    rule = matching_rule(sentence)
    return rule.name if rule is not None and rule.name in _RULES else ""
