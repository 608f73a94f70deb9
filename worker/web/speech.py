"""In which language a page speaks: its reader's own, or the one their browser asks for."""

from __future__ import annotations

from starlette.requests import Request

from worker.digests import Catalog, catalog_for

ROOM = "worker.web"


def speak(language: str) -> Catalog:
    """Return what the pages say in that language."""
    return catalog_for(language, ROOM)


def asked_for(request: Request) -> Catalog:
    """Return what the pages say in the first language the browser names that there is; English otherwise."""
    for name in request.headers.get("accept-language", "")[:200].split(","):
        primary = name.strip().partition(";")[0].partition("-")[0].lower()
        if primary in {"en", "es"}:
            return speak(primary)
    return speak("en")
