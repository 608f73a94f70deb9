"""Our own pages in one frame, escaped by the template engine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from worker.digests import Catalog, TokenError, TokenFault
from worker.web.speech import speak_first

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def templates() -> Environment:
    """Return the environment of `worker/web/templates`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("worker.web"), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )


def page(template: str, *, status: int = 200, say: Catalog | None = None, **values: object) -> HTMLResponse:
    """Return a page of ours made from a template of `worker/web/templates`."""
    say = say or speak_first(())
    html = templates().get_template(template).render(_=say.gettext, say=say, **values)
    return HTMLResponse(html, status_code=status)


def notice(
    title: str, text: str, *, status: int = 200, say: Catalog | None = None, link: tuple[str, str] | None = None
) -> HTMLResponse:
    """Return a page that says one thing; `link` is an address of ours and what it is called."""
    return page("notice.html", title=title, text=text, status=status, say=say, link=link)


def refusal(error: TokenError, say: Catalog) -> HTMLResponse:
    """Return the page for a link that is forged, damaged or too old: it tells nothing of anybody."""
    if error.fault is TokenFault.EXPIRED:
        text = say.gettext("This link has expired; use the one in a newer mail.")
        return notice(say.gettext("This link has expired"), text, status=410, say=say)
    text = say.gettext("This link is not valid; use the one in your mail.")
    return notice(say.gettext("This link does not work"), text, status=404, say=say)


def nowhere(say: Catalog) -> HTMLResponse:
    """Return the page for an address that there is not."""
    return notice(say.gettext("Nothing here"), say.gettext("There is no page at this address."), status=404, say=say)


def gone(say: Catalog) -> HTMLResponse:
    """Return the page for a link to what there was."""
    text = say.gettext("The story or the subscription is no longer kept.")
    return notice(say.gettext("Nothing here"), text, status=404, say=say)
