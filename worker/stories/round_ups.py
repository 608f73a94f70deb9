"""Round-ups: pages that tell many events in turn, so that what is told of one of them is no report of it."""

from __future__ import annotations

import re

from worker.text.folding import fold
from worker.text.round_ups import names_round_up

_OPENING = re.compile(
    r"^\W*(?:good (?:morning|evening|afternoon)\b.{0,40}\bhere(?:'s| is| are)\b|here(?:'s| is| are) (?:what|the (?:news"
    r"|top))|buenos dias\b.{0,60}\b(?:noticias|claves|importante)|estas son las (?:noticias|principales))"
)


def is_round_up(title: str, text: str) -> bool:
    """Whether an article says by its headline or its first words that it gathers the news of some time."""
    return names_round_up(title) or bool(_OPENING.search(fold(text[:200]).replace("’", "'")))
