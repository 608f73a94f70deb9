"""The desk's answers: a page in its frame, a word, or the way to another page."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from urllib.parse import quote

from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from worker.digests import Catalog
from worker.web.desk.route import DESK
from worker.web.desk.visit import Visit
from worker.web.forms import form_token
from worker.web.moments import tell_moment
from worker.web.pages import templates

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_STYLE = "style.css"
_A_YEAR = 365 * 86_400


def show(visit: Visit, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page made from a template of `worker/web/templates/desk`."""
    say = visit.say
    html = templates().get_template(f"desk/{template}").render(
        _=say.gettext, ngettext=say.ngettext, say=say, visit=visit, person=visit.known and visit.known.person,
        style=style_address(), said=said(say, visit.query("said")), proof=proof_field(visit),
        when=lambda moment: when(visit, moment), **values,
    )  # fmt: skip
    return HTMLResponse(html, status_code=status, headers={"Content-Security-Policy": POLICY})


def tell(visit: Visit, title: str, text: str, *, status: int = 200) -> HTMLResponse:
    """Return a page that says one thing."""
    return show(visit, "word.html", title=title, text=text, status=status)


def go(path: str, *, said: str = "", at: str = "") -> Response:
    """Lead the browser to another page of the desk: `said` is what is told there, `at` the place on it.

    The address names no host: whoever came by another name for this machine keeps it, and their login.
    """
    word = f"{'&' if '?' in path else '?'}said={quote(said)}" if said else ""
    return RedirectResponse(f"{DESK}{path}{word}{f'#{quote(at)}' if at else ''}", 303)


def go_back(visit: Visit, *, otherwise: str, said: str = "", at: str = "") -> Response:
    """Lead the browser to where the form's `back` says that it came from, if that is a page of the desk."""
    back = visit.form.one("back")
    within = back.startswith((f"{DESK}/", f"{DESK}?")) or back == DESK
    is_ours = within and back.isascii() and back.isprintable() and "//" not in back and "\\" not in back
    return go(back.removeprefix(DESK) if is_ours else otherwise, said=said, at=at)


def proof_field(visit: Visit) -> Markup:
    """Return the field by which a form is known to be ours, and of this login."""
    token = form_token(visit.deps, "desk", visit.known.proof_of if visit.known else "")
    return Markup('<input type="hidden" name="form" value="{}">').format(token)


def said(say: Catalog, word: str) -> str:
    """Return the sentence that the word in an address stands for: what is told after something was done."""
    return {
        "saved": say.gettext("Saved."),
        "added": say.gettext("Added."),
        "removed": say.gettext("Removed."),
        "ended": say.gettext("Logged out there."),
        "polled": say.gettext("Asked for: what is due is polled in its host's turn."),
        "kept": say.gettext("Kept from now on; what was read lately is read again."),
        "due": say.gettext("The next digest goes in a moment, where there is anything to tell."),
        "forgotten": say.gettext("Forgotten."),
        "retried": say.gettext("It is tried again now."),
        "merged": say.gettext("The story that was asked for has gone into this one."),
        "labelled": say.gettext("Kept: it counts for the topic."),
        "sent": say.gettext("A link is on its way by mail."),
    }.get(word, "")


def when(visit: Visit, moment: datetime | None) -> str:
    """Return the moment as the person who looks would say it."""
    return tell_moment(moment, now=visit.now, zone=visit.zone, say=visit.say)


def show_style(_visit: Visit) -> Response:
    """Return the style sheet, which a browser may keep: another one has another address."""
    keep = {"Cache-Control": f"public, max-age={_A_YEAR}, immutable"}
    return Response(_style(), media_type="text/css", headers=keep)


def style_address() -> str:
    """Return the address of the style sheet as it is now."""
    return f"{DESK}/{_STYLE}?{sha256(_style()).hexdigest()[:12]}"


@cache
def _style() -> bytes:
    return files("worker.web").joinpath("templates", "desk", _STYLE).read_bytes()
