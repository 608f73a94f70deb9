"""Foreign text made fit to be shown on one line: nothing invisible or reordering, and an end to it."""

from __future__ import annotations

import re

from worker.digests.excerpt import beginning, shorten
from worker.text.characters import ACCENTS, ARABIC_LETTER_MARK, INVISIBLE, JOINER

# Controls, line separators, zero-width characters, bidirectional controls (Unicode TR36 §3.3), interlinear
# and tag characters, lone surrogates and the noncharacters HTML forbids. The joiner stays.
_UNSHOWABLE = re.compile(
    f"[{INVISIBLE.replace(JOINER, '')}{ARABIC_LETTER_MARK}"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u2065\u206a-\u206f\u3164"
    "\uffa0\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe-\U000dffff\U000efffe-\U0010ffff]"
)
# More than three marks on one letter climb over the neighbouring lines ("Zalgo").
_MARK = f"[{ACCENTS}\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILED_MARKS = re.compile(f"({_MARK}{{3}}){_MARK}+")


def one_line(text: str, limit: int) -> str:
    """`text` on one line of at most `limit` characters, without anything invisible or reordering.

    It is still foreign text: escape it for HTML, and use `header_text` for a mail header.
    """
    # The factor leaves room for what is dropped, and bounds the work for any input.
    shown = _PILED_MARKS.sub(r"\1", _UNSHOWABLE.sub("", text[: limit * 8 + 1000]))
    return shorten(" ".join(shown.split()), limit)


def title_line(title: str, text: str, limit: int) -> str:
    """What an article is called on one line: its title, or the beginning of its text; "" where it has neither."""
    return one_line(title, limit) or beginning(one_line(text, limit))
