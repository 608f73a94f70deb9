"""`storywatch extract --manifest`: many stored pages, read in parallel, one line out for each line in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from worker.analysis.document_pool import Source, read_all
from worker.cli.source import read_file
from worker.cli.terminal import remark, watched
from worker.errors import ConfigurationError, DocumentError
from worker.replay.json_lines import read_json_lines, take_text
from worker.setup.tables import AnalyzeSettings


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A line of the manifest; `path` is seen from the manifest's folder already."""

    id: str
    path: Path
    url: str


def read_manifest(manifest: Path) -> list[StoredPage]:
    """Return the pages a manifest names. Raises `ConfigurationError` that names the line."""
    return [_stored_page(manifest, number, row) for number, row in read_json_lines(manifest)]


def extract_pages(pages: list[StoredPage], limits: AnalyzeSettings) -> Iterator[dict[str, Any]]:
    """Yield the fixed form of each page, in order; what could not be read is a remark and an empty form."""
    readings = read_all("page", [partial(_source, page) for page in pages], limits)
    for page, reading in watched(zip(pages, readings, strict=True), total=len(pages), label="Pages"):
        if isinstance(reading, DocumentError):
            remark(f"{page.id}: {reading}")
            yield page_form(page.id, _UNREADABLE)
        else:
            yield page_form(page.id, reading)


def page_form(page_id: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return the fixed form of one extracted page."""
    keys = ("title", "text", "published", "language", "authors", "kind", "removed")
    return {"id": page_id, **{key: found[key] for key in keys}}


_UNREADABLE: dict[str, Any] = {
    "title": "", "text": "", "published": None, "language": None, "authors": [],
    "kind": "not_an_article", "removed": [],
}  # fmt: skip


def _stored_page(manifest: Path, number: int, row: dict[str, Any]) -> StoredPage:
    where = f"{manifest} line {number}"
    path = manifest.parent / take_text(row, "path", where)
    return StoredPage(take_text(row, "id", where), path, take_text(row, "url", where, default=""))


def _source(page: StoredPage) -> Source:
    try:
        return Source(read_file(page.path), page.url)
    except ConfigurationError as error:
        raise DocumentError("unreadable_file", str(error)) from error
