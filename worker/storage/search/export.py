"""Found articles as JSON and CSV have them: the same names wherever they are given out."""

from __future__ import annotations

from typing import Any

from worker.storage.search.archive_search import FoundArticle, FoundPage
from worker.topics.search import Piece

HEADERS = (
    "id", "title", "url", "outlet", "language", "published", "story", "copy_of", "topics", "excerpt",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(one: FoundArticle) -> dict[str, Any]:
    """Return an article; `marks` are start and end of the words that were asked for, in the excerpt's characters."""
    return {
        "id": one.id, "title": _text(one.sighting.title), "url": one.url, "outlet": one.outlet,
        "language": one.language, "published": one.published.isoformat(), "story": one.story_id,
        "copy_of": one.copy_of, "topics": list(one.topics), "excerpt": _text(one.sighting.excerpt),
        "marks": _marks(one.sighting.excerpt),
    }  # fmt: skip


def csv_row(one: FoundArticle) -> list[str]:
    """Return the cells of an article under `HEADERS`.

    What a spreadsheet would run as a formula (OWASP, "CSV Injection") is led by an apostrophe.
    """
    values = as_json(one) | {"topics": " ".join(one.topics)}
    return [_cell("" if values[name] is None else str(values[name])) for name in HEADERS]


def page_as_json(found: FoundPage) -> dict[str, Any]:
    """Return a page. `older` is null at the end of the archive, else what to ask for next when `page` is `pages`."""
    return {
        "articles": [as_json(one) for one in found.articles], "page": found.page, "pages": found.pages,
        "older": found.older, "looked_at": found.looked_at,
    }  # fmt: skip


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _marks(pieces: tuple[Piece, ...]) -> list[list[int]]:
    found, place = list[list[int]](), 0
    for piece in pieces:
        if piece.found:
            found.append([place, place + len(piece.text)])
        place += len(piece.text)
    return found
