"""In which language a page speaks: its reader's own, or the one their browser asks for."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request

from worker.digests import Catalog, catalog_for, choose_language

ROOM = "worker.web"


def speak(language: str) -> Catalog:
    """Return what the pages say in that language."""
    return catalog_for(language, ROOM)


def asked_for(request: Request) -> Catalog:
    """Return what the pages say in the first language the browser names that there is; English otherwise."""
    named = request.headers.get("accept-language", "")[:200].split(",")
    return speak_first(name.strip().partition(";")[0] for name in named)


def speak_first(tags: Iterable[str | None]) -> Catalog:
    """Return what the pages say in the first of the languages that they can be written in; English otherwise."""
    return speak(choose_language(tags))
