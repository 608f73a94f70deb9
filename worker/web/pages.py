"""Our own pages in one frame, escaped by the template engine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(loader=PackageLoader("worker.web"), autoescape=True, undefined=StrictUndefined)


def page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page of ours made from a template of `worker/web/templates`."""
    return HTMLResponse(_templates().get_template(template).render(**values), status_code=status)


def notice(title: str, text: str, *, status: int = 200) -> HTMLResponse:
    """Return a page that says one thing."""
    return page("notice.html", title=title, text=text, status=status)
