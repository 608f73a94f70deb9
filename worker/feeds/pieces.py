"""A feed that is no well-formed XML, taken apart: what stands around its entries, and each entry by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from worker.feeds.sections import hide_sections

_MAX_ENTRIES = 5_000
_MAX_REPEATED = 3_000_000  # characters of the frame, which is read once for each entry


@dataclass(frozen=True, slots=True)
class FeedPieces:
    """The entries in their order; `around` is the document without them, `opening` and `closing` its outer tags alone.

    `opening + entry + closing` is a feed of one entry.
    """

    around: str
    opening: str
    closing: str
    entries: tuple[str, ...]

    def framed(self, entries: Sequence[str]) -> str:
        """Return a document of these entries alone."""
        return self.opening + "".join(entries) + self.closing

    def groups(self) -> list[tuple[str, ...]]:
        """Return the entries in their order, well-formed neighbours together and each of the others by itself."""
        groups: list[tuple[str, ...]] = []
        judged = ((is_well_formed(self.framed([entry])), entry) for entry in self.entries)
        for well_formed, group in groupby(judged, key=lambda one: one[0]):
            entries = tuple(entry for _, entry in group)
            groups += [entries] if well_formed else [(entry,) for entry in entries]
        return groups


def is_well_formed(text: str) -> bool:
    """Whether an XML parser reads the text as it stands."""
    from xml.parsers import expat  # a process that reads no feed does without

    parser = expat.ParserCreate("utf-8", " ")
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return False
    return True


def take_apart(text: str, entry: str = "item|entry", frame: str = "rss|feed|rdf|channel") -> FeedPieces | None:
    """Split where entries begin, also where the one before has not ended; both are elements of these names.

    None where there are no entries or thousands, or what stands around them is broken too, or long.
    """
    tags = hide_sections(text)
    starts = [found.start() for found in _tag("<", entry, r"(?=[\s>/])").finditer(tags)]
    if not 0 < len(starts) <= _MAX_ENTRIES:
        return None
    opening, closing = _frame(tags[: starts[0]], frame)
    too_long = len(opening) * len(starts) > _MAX_REPEATED
    if not opening or too_long or not is_well_formed(opening + closing):
        return None
    ends, ending_tag = [], _tag("</", entry, r"\s*>")
    for start, following in pairwise([*starts, len(text)]):
        ending = ending_tag.search(tags, start, following)
        ends.append(ending.end() if ending else following)
    entries = tuple(text[start:end] for start, end in zip(starts, ends, strict=True))
    return FeedPieces(text[: starts[0]] + text[ends[-1] :], opening, closing, entries)


def _tag(start: str, names: str, end: str) -> re.Pattern[str]:
    return re.compile(rf"{start}((?:[A-Za-z_][\w.-]*:)?({names})){end}", re.IGNORECASE)


def _frame(head: str, names: str) -> tuple[str, str]:
    """Return the tags that are open where the entries begin, and those that close them."""
    found = list(_tag("<", names, r"\b[^<>]*(?<!/)>").finditer(head))
    if any(tag[2].lower() == "rdf" for tag in found):
        found = found[:1]  # its channel stands beside the entries
    return "".join(tag.group() for tag in found), "".join(f"</{tag[1]}>" for tag in reversed(found))
