"""The cookie of a login: unreadable for scripts, and sent by no form of another site."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from worker.web.desk.route import DESK

_PLAIN, _SECURE = "storywatch_desk", "__Host-storywatch_desk"


def read(request: Request) -> str:
    """Return the login's token that the browser shows; "" for none."""
    return request.cookies.get(_name(request.app.state.base_url), "")[:200]


def give(response: Response, base_url: str, token: str, *, lasts: timedelta) -> None:
    """Have the browser keep the login's token; over https for this host alone, and sent by no plain http."""
    secure = _is_secure(base_url)
    response.set_cookie(
        _name(base_url), token, max_age=int(lasts.total_seconds()), path="/" if secure else DESK,
        secure=secure, httponly=True, samesite="lax",
    )  # fmt: skip


def take(response: Response, base_url: str) -> None:
    """Have the browser forget it."""
    secure = _is_secure(base_url)
    response.delete_cookie(_name(base_url), path="/" if secure else DESK, secure=secure, httponly=True, samesite="lax")


def _is_secure(base_url: str) -> bool:
    return base_url.startswith("https://")


def _name(base_url: str) -> str:
    return _SECURE if _is_secure(base_url) else _PLAIN
