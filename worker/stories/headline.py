"""What heads an article: its title, or of a post that has none its first line, where that looks like a headline."""

from __future__ import annotations

_MIN_WORDS, _MAX_WORDS = 3, 25
_NO_HEADLINE = (".", ":", ",", ";", "…")  # what a sentence, or a line of a list, ends with


def headline_of(title: str, text: str) -> str:
    """Return the title, or the first of several lines where it is short and no sentence; else nothing."""
    if title.strip():
        return title
    first, _, rest = text.strip().partition("\n")
    is_headline = _MIN_WORDS <= len(first.split()) <= _MAX_WORDS and not first.rstrip().endswith(_NO_HEADLINE)
    return first if rest.strip() and is_headline else ""
