"""The web applications: the readers' pages, and the owner's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp

from worker.errors import StorageError
from worker.setup.deps import Deps
from worker.setup.logs import get_log
from worker.step import Wakeups
from worker.web.archive import list_archive, show_archive
from worker.web.desk.doors import desk_routes
from worker.web.feedback import ask_feedback, save_feedback
from worker.web.hardening import HardenedHeaders
from worker.web.health import show_health, show_live, show_ready
from worker.web.manage import renew_manage, save_manage, show_manage
from worker.web.metrics import show_metrics
from worker.web.mute import ask_mute, save_mute
from worker.web.pages import notice, nowhere
from worker.web.speech import asked_for
from worker.web.status import show_status
from worker.web.story import show_story
from worker.web.subscribe import ask_subscribe, confirm, show_confirm, show_subscribe
from worker.web.topic_feeds import show_feed
from worker.web.unsubscribe import confirm_unsubscribe, unsubscribe
from worker.web.waking import wake
from worker.web.websub import take_ping, verify_intent

log = get_log(__name__)


def make_web(deps: Deps, wake: Callable[[Wakeups], None] = wake) -> ASGIApp:
    """Return the readers' pages, which anybody may ask for; they find what they need in `app.state`.

    `wake` is how steps are woken by what comes in.
    """
    routes = [
        *_health_routes(),
        *([Route("/metrics", show_metrics)] if deps.settings.web.metrics else []),
        *(desk_routes() if deps.settings.desk.public else []),
        Route("/archive/{token}", show_archive),
        Route("/archive/{token}/{number:int}", show_archive),
        Route("/archives/{token}", list_archive),
        Route("/s/{key}", show_story),
        Route("/s/{key}/mute", ask_mute, methods=["GET"]),
        Route("/s/{key}/mute", save_mute, methods=["POST"]),
        Route("/s/{key}/{word}", ask_feedback, methods=["GET"]),
        Route("/s/{key}/{word}", save_feedback, methods=["POST"]),
        Route("/manage/{token}", show_manage, methods=["GET"]),
        Route("/manage/{token}", save_manage, methods=["POST"]),
        Route("/manage/{token}/renew", renew_manage, methods=["POST"]),
        Route("/feedback/{token}/{word}", ask_feedback, methods=["GET"]),
        Route("/feedback/{token}/{word}", save_feedback, methods=["POST"]),
        Route("/subscribe", show_subscribe, methods=["GET"]),
        Route("/subscribe", ask_subscribe, methods=["POST"]),
        Route("/confirm/{token}", show_confirm, methods=["GET"]),
        Route("/confirm/{token}", confirm, methods=["POST"]),
        Route("/topics/{topic}/feed.{form}", show_feed),
        Route("/unsubscribe/{token}", confirm_unsubscribe, methods=["GET"]),
        Route("/unsubscribe/{token}", unsubscribe, methods=["POST"]),
        Route("/websub/{key}", verify_intent, methods=["GET"]),
        Route("/websub/{key}", take_ping, methods=["POST"]),
    ]
    app = _starlette(deps, routes, wake, base_url=deps.settings.web_url, is_public=True)
    # Around everything, and not among Starlette's own middleware: its answer to a fault comes from outside that.
    return HardenedHeaders(app)


def make_status_web(deps: Deps, wake: Callable[[Wakeups], None] = wake) -> ASGIApp:
    """Return the owner's pages, which name sources, and the desk: for a listener that only this machine reaches.

    A site elsewhere that has a browser here ask under the site's own name (DNS rebinding) is refused by that name.
    """
    routes = [Route("/", show_status), Route("/metrics", show_metrics), *_health_routes(), *desk_routes()]
    app = _starlette(deps, routes, wake, base_url=deps.settings.status_url, is_public=False)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)
    return HardenedHeaders(app)


def _health_routes() -> list[Route]:
    return [Route("/health", show_health), Route("/health/live", show_live), Route("/health/ready", show_ready)]


def _starlette(
    deps: Deps, routes: Sequence[Route], wake: Callable[[Wakeups], None], *, base_url: str, is_public: bool
) -> Starlette:
    """An application of ours; it `is_public` where others than this machine may reach it."""
    app = Starlette(routes=routes, exception_handlers={StorageError: _without_database, 404: _not_found})
    app.router.redirect_slashes = False
    app.state.deps, app.state.wake = deps, wake
    app.state.base_url, app.state.is_public = base_url, is_public
    return app


def _without_database(request: Request, error: Exception) -> Response:
    log.error("the database cannot be used", reason=str(error))
    say = asked_for(request)
    text = say.gettext("The service's own log says why.")
    return notice(say.gettext("The database cannot be used"), text, status=503, say=say)


def _not_found(request: Request, _error: Exception) -> Response:
    """Say that there is nothing, or lead from a path with a slash at its end to the one without.

    Starlette would do so by the Host that the visitor names, which may be anybody's.
    """
    asked = request.scope["path"]
    path = f"/{asked.strip('/')}"
    there = {**request.scope, "path": path}
    if path != asked and any(route.matches(there)[0] is Match.FULL for route in request.app.routes):
        return RedirectResponse(f"{request.app.state.base_url}{quote(path)}", 307)
    return nowhere(asked_for(request))
